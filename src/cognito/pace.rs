use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Retry;

/// The service's rate categories that our calls fall into, each with a quota of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    PoolRead,
    PoolUpdate,
    ResourceRead,
    ResourceUpdate,
}

/// Spreads calls over time, so that the quotas that a whole account shares are not used up.
#[derive(Debug)]
pub(super) struct Pace {
    interval: Duration,
    burst: u32,
    /// When the next call of each category would be due if none came early.
    due: [Mutex<Option<Instant>>; 4],
}

impl Pace {
    /// At most `rate` calls a second in each category, and half a second's worth at once.
    pub(super) fn new(rate: f64) -> Self {
        let burst = (rate / 2.0).clamp(1.0, 1000.0) as u32;
        Self { interval: Duration::from_secs_f64(1.0 / rate), burst, due: Default::default() }
    }

    /// Takes a token at `now`, and says how long to wait before using it.
    pub(super) fn take(&self, category: Category, now: Instant) -> Duration {
        let mut slot = self.due[category as usize].lock().unwrap_or_else(PoisonError::into_inner);
        let due = slot.unwrap_or(now).max(now);
        *slot = Some(due + self.interval);
        due.saturating_duration_since(now).saturating_sub(self.interval * (self.burst - 1))
    }
}

/// How long to wait after this many failures of the same sort.
pub(super) fn backoff(retry: &Retry, failures: u32) -> Duration {
    let doubled = retry.first.saturating_mul(1 << failures.saturating_sub(1).min(16));
    let longest = doubled.min(retry.longest);
    let chance = f64::from(RandomState::new().hash_one(failures) as u32) / f64::from(u32::MAX);
    longest.mul_f64(0.5 + chance / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_one_category_come_at_the_rate_after_a_short_burst() {
        let pace = Pace::new(10.0);
        let now = Instant::now();
        let wait = |category, now| pace.take(category, now).as_millis();
        let waits: Vec<u128> = (0..8).map(|_| wait(Category::PoolRead, now)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 100, 200, 300]);
        assert_eq!(wait(Category::PoolUpdate, now), 0, "another category has its own quota");
        assert_eq!(wait(Category::PoolRead, now + Duration::from_secs(2)), 0, "time fills the bucket again");
    }

    #[test]
    fn the_wait_grows_to_its_bound_and_differs_between_callers() {
        let retry =
            Retry { first: Duration::from_secs(1), longest: Duration::from_secs(5), ..Retry::default() };
        for (failures, least, most) in [(1, 0.5, 1.0), (2, 1.0, 2.0), (3, 2.0, 4.0), (9, 2.5, 5.0)] {
            let wait = backoff(&retry, failures).as_secs_f64();
            assert!((least..=most).contains(&wait), "{wait} s after {failures} failures");
        }
        let waits: std::collections::BTreeSet<_> = (0..20).map(|_| backoff(&retry, 3)).collect();
        assert!(waits.len() > 1);
    }
}
