//! The progress of a run, as a bar on a terminal or as lines of a log.

use std::cell::{Cell, OnceCell};
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::apply::Progress;
use crate::cli::terminal::log::LogLevel;
use crate::cli::terminal::tell;
use crate::cli::terminal::ui::Ui;
use crate::cli::terminal::waiting::Waiting;
use crate::document::Object;
use crate::report::{Style, escape};

/// A bar appears after this time: for a shorter run it would only flicker.
const PATIENCE: Duration = Duration::from_secs(1);
const FRAME: Duration = Duration::from_millis(100);

/// A bar on a terminal, or one line per pool in a log. The bar is removed on drop.
pub(in crate::cli) struct Meter<'a> {
    ui: &'a Ui,
    what: Verb,
    all: usize,
    done: Cell<usize>,
    begun: Begun,
    bar: Option<ProgressBar>,
}

/// The verb for what is done to pools: while it happens, and after it.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Verb(pub(in crate::cli) &'static str, pub(in crate::cli) &'static str);

impl<'a> Meter<'a> {
    /// For this number of pools.
    pub(in crate::cli) fn new(ui: &'a Ui, what: Verb, all: usize) -> Self {
        let begun = Begun::default();
        let new = || bar(what, all, ui.message_style, begun.clone(), ui.waits.clone());
        let bar = ui.has_bars().then(new);
        if let Some(bar) = &bar {
            ui.shows(Some(bar.clone()));
            let bar = bar.clone();
            tokio::spawn(async move {
                tokio::time::sleep(PATIENCE).await;
                if !bar.is_finished() {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(FRAME);
                }
            });
        }
        Self { ui, what, all, done: Cell::new(0), begun, bar }
    }

    /// Records that work on a pool has started.
    pub(in crate::cli) fn begins(&self, name: &str) {
        self.begun.of().push(escape(name).into_owned());
    }

    /// Records that work on a pool has finished; `came_to` is its outcome in one word.
    pub(in crate::cli) fn ends(&self, name: &str, (id, region): (&str, &str), came_to: &str) {
        let shown = escape(name);
        let at = self.begun.of().iter().position(|begun| *begun == shown);
        at.map(|at| self.begun.of().remove(at));
        self.done.set(self.done.get() + 1);
        if let Some(bar) = &self.bar {
            bar.set_position(self.done.get() as u64);
        }
        if self.done.get() == self.all {
            self.clear();
        }
        if self.ui.logs_progress() {
            let of = Object::from_iter([
                ("pool".to_owned(), id.into()),
                ("region".to_owned(), region.into()),
                ("outcome".to_owned(), came_to.into()),
                ("done".to_owned(), self.done.get().into()),
                ("of".to_owned(), self.all.into()),
            ]);
            self.ui.event(LogLevel::Info, &format!("{} {id}", self.what.1), of);
        }
    }

    fn clear(&self) {
        if let Some(bar) = self.bar.as_ref().filter(|bar| !bar.is_finished()) {
            bar.finish_and_clear();
            self.ui.shows(None);
        }
    }
}

impl Drop for Meter<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}

const LOOKING: Verb = Verb("Reading again", "read again");
const WRITING: Verb = Verb("Writing", "finished");

/// Shows the progress of a run that writes.
pub(in crate::cli) struct Watch<'a> {
    ui: &'a Ui,
    pools: usize,
    /// Whether a backup is named as soon as it is made.
    names_backups: bool,
    looking: OnceCell<Meter<'a>>,
    writing: OnceCell<Meter<'a>>,
}

impl<'a> Watch<'a> {
    /// For a run that changes this number of pools.
    pub(in crate::cli) fn new(ui: &'a Ui, pools: usize, names_backups: bool) -> Self {
        Self { ui, pools, names_backups, looking: OnceCell::new(), writing: OnceCell::new() }
    }

    /// Shows this event.
    pub(in crate::cli) fn tell(&self, progress: Progress<'_>) {
        let looking = || self.looking.get_or_init(|| Meter::new(self.ui, LOOKING, self.pools));
        let writing = || self.writing.get_or_init(|| Meter::new(self.ui, WRITING, self.pools));
        match progress {
            Progress::Looking(task) => looking().begins(&task.report().pool.name),
            Progress::Looked(task) => {
                let pool = &task.report().pool;
                looking().ends(&pool.name, (&pool.id, &pool.region), "read");
            }
            Progress::Begun(task) => writing().begins(&task.report().pool.name),
            Progress::BackedUp(path) if self.names_backups => {
                self.ui.note(&format!("backup {}", path.display()));
            }
            Progress::BackedUp(..) => {}
            Progress::Finished(task, outcome) => {
                let pool = &task.report().pool;
                writing().ends(&pool.name, (&pool.id, &pool.region), tell::came_to(outcome).word());
            }
            Progress::Halted(why) if self.pools > 1 => self.ui.message(&tell::halt(why)),
            Progress::Halted(_) => {}
        }
    }
}

/// The names of the pools in progress, escaped.
#[derive(Clone, Default)]
struct Begun(Arc<Mutex<Vec<String>>>);

impl Begun {
    fn of(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shown(&self) -> String {
        match self.of().as_slice() {
            [] => String::new(),
            [alone] => alone.clone(),
            [first, more @ ..] => format!("{first} and {} more", more.len()),
        }
    }
}

/// A hidden bar. Its text is cut to the width of the terminal.
fn bar(Verb(going_on, _): Verb, all: usize, style: Style, begun: Begun, waits: Waiting) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(all as u64), ProgressDrawTarget::hidden());
    let with_bar = all > 1 && style.width >= 60;
    let room = style.width.saturating_sub(going_on.len() + 2 + if with_bar { 21 } else { 0 });
    let beside = move |state: &ProgressState, out: &mut dyn Write| {
        let text = match all {
            1 => format!("{}  {}", waits.now(), begun.shown()),
            _ => format!("{} of {all} pools{}{}  {}", state.pos(), left(state), waits.now(), begun.shown()),
        };
        let cut: String = text.chars().take(room).collect();
        // Writing to a buffer cannot fail in a way that could be reported.
        let _ = out.write_str(&cut);
    };
    let template = if with_bar { "{prefix} {bar:20} {beside}" } else { "{prefix} {beside}" };
    let looks = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let chars = if style.unicode { "━╸ " } else { "=> " };
    bar.set_style(looks.progress_chars(chars).with_key("beside", beside));
    bar.with_prefix(going_on)
}

/// The time left; empty before the first pool has finished.
fn left(state: &ProgressState) -> String {
    if state.pos() == 0 { String::new() } else { format!(", {:#} left", HumanDuration(state.eta())) }
}
