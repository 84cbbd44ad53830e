//! How far a run over several pools has come, for whoever waits for it.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::log::Level;
use super::ui::Ui;
use super::{show, tell};
use crate::apply::Progress;
use crate::document::{Json, Object};
use crate::report::escape;

/// What is done sooner needs no bar: it would only flicker.
const PATIENCE: Duration = Duration::from_secs(1);
const FRAME: Duration = Duration::from_millis(100);

/// A bar on a terminal, or a line a pool in a log. It goes when it is dropped.
pub(super) struct Meter<'a> {
    ui: &'a Ui,
    what: What,
    all: usize,
    done: Cell<usize>,
    /// The pools that are being worked on, as they are shown.
    begun: RefCell<Vec<String>>,
    bar: Option<ProgressBar>,
}

/// What is done to pools: as it goes on, and when it is over.
#[derive(Clone, Copy)]
pub(super) struct What(pub(super) &'static str, pub(super) &'static str);

impl<'a> Meter<'a> {
    /// For so many pools.
    pub(super) fn new(ui: &'a Ui, what: What, all: usize) -> Self {
        let bar = ui.has_bars().then(|| bar(what, all, ui.message_style().unicode, ui.waits().clone()));
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
        Self { ui, what, all, done: Cell::new(0), begun: RefCell::default(), bar }
    }

    /// A pool is being worked on from here on.
    pub(super) fn begins(&self, name: &str) {
        self.begun.borrow_mut().push(escape(name).into_owned());
        self.tell();
    }

    /// A pool is done with; `came_to` is what became of it, in one word.
    pub(super) fn ends(&self, name: &str, (id, region): (&str, &str), came_to: impl Into<Json>) {
        let shown = escape(name);
        let mut begun = self.begun.borrow_mut();
        if let Some(at) = begun.iter().position(|begun| *begun == shown) {
            begun.remove(at);
        }
        drop(begun);
        self.done.set(self.done.get() + 1);
        if let Some(bar) = &self.bar {
            bar.set_position(self.done.get() as u64);
        }
        self.tell();
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
            self.ui.event(Level::Info, &format!("{} {id}", self.what.1), of);
        }
    }

    fn clear(&self) {
        if let Some(bar) = self.bar.as_ref().filter(|bar| !bar.is_finished()) {
            bar.finish_and_clear();
            self.ui.shows(None);
        }
    }

    fn tell(&self) {
        let Some(bar) = &self.bar else { return };
        let begun = self.begun.borrow();
        let more = begun.len().saturating_sub(1);
        bar.set_message(match begun.first() {
            Some(first) if more > 0 => format!("{first} and {more} more"),
            Some(first) => first.clone(),
            None => String::new(),
        });
    }
}

impl Drop for Meter<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}

const LOOKING: What = What("Reading again", "read again");
const WRITING: What = What("Writing", "done with");

/// Tells of a run that writes while it goes on.
pub(super) struct Watch<'a> {
    ui: &'a Ui,
    pools: usize,
    looking: OnceCell<Meter<'a>>,
    writing: OnceCell<Meter<'a>>,
}

impl<'a> Watch<'a> {
    /// Of so many pools.
    pub(super) fn new(ui: &'a Ui, pools: usize) -> Self {
        Self { ui, pools, looking: OnceCell::new(), writing: OnceCell::new() }
    }

    /// Tells of this.
    pub(super) fn tell(&self, progress: Progress<'_>) {
        let looking = || self.looking.get_or_init(|| Meter::new(self.ui, LOOKING, self.pools));
        let writing = || self.writing.get_or_init(|| Meter::new(self.ui, WRITING, self.pools));
        match progress {
            Progress::Looking(task) => looking().begins(&task.plan.pool.name),
            Progress::Looked(task) => {
                let pool = &task.plan.pool;
                looking().ends(&pool.name, (&pool.id, &pool.region), "read");
            }
            Progress::Begun(task) => writing().begins(&task.plan.pool.name),
            Progress::BackedUp(_, path) => self.ui.note(&format!("backup {}", path.display())),
            Progress::Finished(task, outcome) => {
                let pool = &task.plan.pool;
                writing().ends(&pool.name, (&pool.id, &pool.region), show::word(outcome));
            }
            Progress::Halted(why) if self.pools > 1 => self.ui.message(&tell::halt(why)),
            Progress::Halted(_) => {}
        }
    }
}

/// What calls wait for, and until when, as far as is known.
#[derive(Clone, Default)]
pub(super) struct Waits(Arc<Mutex<Option<(String, Instant)>>>);

impl Waits {
    /// A call waits so long from here on.
    pub(super) fn begin(&self, what_for: String, time: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((what_for, Instant::now() + time));
    }

    fn now(&self) -> Option<String> {
        let waits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waits.as_ref().filter(|(_, until)| Instant::now() < *until).map(|(what_for, _)| what_for.clone())
    }
}

/// Hidden at first.
fn bar(What(going_on, _): What, all: usize, unicode: bool, waits: Waits) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(all as u64), ProgressDrawTarget::hidden());
    let template = match all {
        1 => "{prefix}{waits}  {wide_msg}",
        _ => "{prefix} {bar:20} {pos} of {len} pools{left}{waits}  {wide_msg}",
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let chars = if unicode { "━╸ " } else { "=> " };
    let waits = move |_: &ProgressState, out: &mut dyn Write| {
        if let Some(what_for) = waits.now() {
            // There is nobody to tell of a failure to fill a buffer.
            let _ = write!(out, ", {what_for}");
        }
    };
    bar.set_style(style.progress_chars(chars).with_key("left", left).with_key("waits", waits));
    bar.with_prefix(going_on)
}

/// How long it will take, as soon as that can be told.
fn left(state: &ProgressState, out: &mut dyn Write) {
    if state.pos() > 0 {
        let _ = write!(out, ", {:#} left", HumanDuration(state.eta()));
    }
}
