//! Prints calls and waits while they happen, for `-v` and `-vv`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::cli::terminal::log::LogLevel;
use crate::cli::terminal::ui::Ui;
use crate::cognito::{CallStep, Event, Observer};
use crate::document::{Json, Object};

/// The shortest wait for the rate limit that `-v` prints.
const LONG_WAIT: Duration = Duration::from_millis(200);
/// The minimum time between two waits of one rate category that `-v` prints.
const SILENCE: Duration = Duration::from_secs(10);

/// When a wait of each rate category was last printed.
#[derive(Default)]
struct Waits(HashMap<&'static str, Instant>);

impl Waits {
    /// Whether to print this wait.
    fn tell(&mut self, category: &'static str, time: Duration, now: Instant) -> bool {
        let told = self.0.get(category).is_some_and(|told| now.saturating_duration_since(*told) < SILENCE);
        let tell = time >= LONG_WAIT && !told;
        if tell {
            self.0.insert(category, now);
        }
        tell
    }
}

/// A number of calls a second with no more decimals than anybody reads.
fn short(rate: f64) -> f64 {
    (rate * 100.0).round() / 100.0
}

/// The reason of a wait as people read it: a plan has conflicts of its own.
fn words(reason: &str) -> &str {
    match reason {
        "conflict" => "concurrent writer",
        "unseen" => "not seen yet",
        other => other,
    }
}

/// What a call waits for, in a few words, and how long.
fn wait(step: &CallStep<'_>) -> Option<(String, Duration)> {
    match step {
        CallStep::Paced { rate, time, .. } => {
            Some((format!("limited to {} calls per second", short(*rate)), *time))
        }
        CallStep::Waiting { reason, time } => Some((format!("waiting ({})", words(reason)), *time)),
        CallStep::Ended { .. } | CallStep::Slowed { .. } => None,
    }
}

/// Prints calls for `-v` and `-vv`.
pub(in crate::cli) fn observer(ui: Arc<Ui>) -> Observer {
    let waits = Mutex::new(Waits::default());
    let tell = move |category, time| {
        waits.lock().unwrap_or_else(PoisonError::into_inner).tell(category, time, Instant::now())
    };
    Arc::new(move |event: &Event<'_>| {
        if let Some((what_for, time)) = wait(&event.step) {
            ui.waits.begin(what_for, time);
        }
        let verbosity = ui.verbosity;
        let pool = event.pool.map(|pool| format!(" {pool}")).unwrap_or_default();
        let call = format!("{}{pool}", event.operation);
        let text = match &event.step {
            CallStep::Ended { outcome, status, request_id, took, .. } if verbosity > 0 => {
                let status = status.map(|status| format!(" {status}")).unwrap_or_default();
                let request = request_id.map(|id| format!(" (request {id})")).unwrap_or_default();
                let attempt =
                    if event.attempt > 1 { format!(" attempt {}", event.attempt) } else { String::new() };
                format!("{call}:{attempt} {outcome}{status} in {} ms{request}", took.as_millis())
            }
            CallStep::Waiting { reason, time } if verbosity == 0 && time.as_secs() >= 2 => {
                format!("{call}: {}; retrying in {} s", words(reason), time.as_secs())
            }
            CallStep::Waiting { reason, time } if verbosity > 0 => {
                format!("{call}: waiting {} ms ({})", time.as_millis(), words(reason))
            }
            CallStep::Paced { category, rate, time }
                if verbosity > 1 || verbosity > 0 && tell(category, *time) =>
            {
                let rate = short(*rate);
                format!(
                    "{call}: waiting {} ms (rate: {rate} calls per second in {category})",
                    time.as_millis()
                )
            }
            CallStep::Slowed { category, rate } if verbosity > 0 => {
                format!(
                    "{call}: throttled; {category} limited to {} calls per second from now on",
                    short(*rate)
                )
            }
            _ => return,
        };
        let (level, fields) = fields(event);
        ui.event(level, &text, fields);
    })
}

/// What programs ask of an event.
fn fields(event: &Event<'_>) -> (LogLevel, Object) {
    let mut fields = Object::new();
    let mut add = |name: &str, value: Json| {
        if !value.is_null() {
            fields.insert(name.to_owned(), value);
        }
    };
    add("operation", event.operation.into());
    add("pool", event.pool.into());
    add("attempt", event.attempt.into());
    let is_usual = match &event.step {
        CallStep::Ended { outcome, status, request_id, took, .. } => {
            add("outcome", (*outcome).into());
            add("status", (*status).into());
            add("request_id", (*request_id).into());
            add("duration_ms", json!(took.as_millis()));
            *outcome == "done"
        }
        CallStep::Waiting { reason, time } => {
            add("reason", (*reason).into());
            add("wait_ms", json!(time.as_millis()));
            false
        }
        CallStep::Paced { category, rate, time } => {
            add("reason", "rate".into());
            add("wait_ms", json!(time.as_millis()));
            add("category", (*category).into());
            add("rate", json!(short(*rate)));
            true
        }
        CallStep::Slowed { category, rate } => {
            add("category", (*category).into());
            add("rate", json!(short(*rate)));
            false
        }
    };
    (if is_usual { LogLevel::Debug } else { LogLevel::Warning }, fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_of_a_category_are_told_of_now_and_then() {
        let (start, mut waits) = (Instant::now(), Waits::default());
        let mut tell = |category, wait, second| {
            waits.tell(category, Duration::from_millis(wait), start + Duration::from_secs(second))
        };
        assert!(!tell("UserPoolRead", 199, 0), "too short to print");
        assert!(tell("UserPoolRead", 200, 0));
        assert!(tell("UserPoolUpdate", 200, 1), "each category for itself");
        assert_eq!(
            [3, 9, 10, 19, 20].map(|at| tell("UserPoolRead", 999, at)),
            [false, false, true, false, true]
        );
    }
}
