//! Owns the standard streams: nothing else prints.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use anstream::stream::AsLockedWrite;
use indicatif::ProgressBar;

use crate::cli::args::{ColorArg, GlobalArgs, LogFormat};
use crate::cli::exit::Exit;
use crate::cli::terminal::log::{self, LogLevel};
use crate::cli::terminal::waiting::Waiting;
use crate::document::Object;
use crate::manifest::{Diagnostic, Severity};
use crate::report::{self, Style};

/// The two streams and how each may look.
///
/// Standard output carries the result and nothing else; everything else goes to standard error. A
/// reader that has gone away ends the output quietly and changes nothing about the run.
pub(in crate::cli) struct Ui {
    /// How the result may look.
    pub(in crate::cli) style: Style,
    /// How messages may look.
    pub(in crate::cli) message_style: Style,
    quiet: bool,
    /// How much to say of calls: 0 nothing, 1 the calls, 2 also the waits.
    pub(in crate::cli) verbosity: u8,
    /// Whether every line on standard error is JSON.
    logs: bool,
    /// The first failure to write a result, a reader that went away not counted: what is wrong, and what to
    /// do.
    lost: Mutex<Option<(String, Option<String>)>>,
    /// Whether progress is shown, as a bar or in the log.
    progress: bool,
    /// The progress bar, below the printed lines.
    bar: Mutex<Option<ProgressBar>>,
    /// What calls wait for, as the bar tells it.
    pub(in crate::cli) waits: Waiting,
    /// Whether a question waits for its answer, so that the cursor is behind it.
    asks: AtomicBool,
    /// The width of the terminal that shows the result; `None` if no terminal does.
    pub(in crate::cli) columns: Option<usize>,
    /// The width at which errors are wrapped: that of the terminal. A log keeps each on one line.
    wraps: Option<usize>,
}

/// How wide a line may be where no terminal says.
const DEFAULT_WIDTH: usize = 100;

impl Ui {
    /// Looks at the streams and the locale, before the command line is known.
    pub(in crate::cli) fn early() -> Self {
        let typed: Vec<String> =
            std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
        let is_typed = typed.iter().any(|word| word == "--log-format=json")
            || typed.windows(2).any(|words| words == ["--log-format", "json"]);
        let is_set = std::env::var("POOLCTL_LOG_FORMAT").is_ok_and(|format| format == "json");
        let format = if is_typed || is_set { LogFormat::Json } else { LogFormat::Text };
        Self::with(ColorArg::Auto, format, false, 0)
    }

    /// Looks at the streams and the locale, for a usage error, which is printed as text.
    pub(in crate::cli) fn plain() -> Self {
        Self::with(ColorArg::Auto, LogFormat::Text, false, 0)
    }

    /// Looks at the streams, the locale and the wishes of the command line.
    pub(in crate::cli) fn new(global: &GlobalArgs) -> Self {
        let ui = Self::with(global.color, global.log_format, global.quiet, global.verbose);
        Self { progress: !global.no_progress && !global.quiet, ..ui }
    }

    fn with(color: ColorArg, format: LogFormat, quiet: bool, verbosity: u8) -> Self {
        let logs = format == LogFormat::Json;
        let unicode = speaks_unicode(|name| std::env::var(name).ok());
        let style = |color: bool, terminal: Option<usize>| Style {
            color,
            unicode,
            width: terminal.unwrap_or(DEFAULT_WIDTH),
        };
        Self {
            style: style(colors(color, &std::io::stdout()), width_of(std::io::stdout())),
            message_style: style(!logs && colors(color, &std::io::stderr()), width_of(std::io::stderr())),
            quiet,
            verbosity,
            logs,
            lost: Mutex::new(None),
            progress: false,
            bar: Mutex::new(None),
            waits: Waiting::default(),
            asks: AtomicBool::new(false),
            columns: width_of(std::io::stdout()),
            wraps: width_of(std::io::stderr()),
        }
    }

    /// Whether a bar says how far the run has come: somebody watches who reads texts.
    pub(in crate::cli) fn has_bars(&self) -> bool {
        let is_dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        self.progress && !self.logs && !is_dumb && std::io::stderr().is_terminal()
    }

    /// Whether the log says how far the run has come.
    pub(in crate::cli) fn logs_progress(&self) -> bool {
        self.progress && self.logs
    }

    /// Sets the progress bar; `None` removes it.
    pub(in crate::cli) fn shows(&self, bar: Option<ProgressBar>) {
        *self.bar.lock().unwrap_or_else(PoisonError::into_inner) = bar;
    }

    /// Does what prints, with the bar out of the way.
    fn above_bar<T>(&self, print: impl FnOnce() -> T) -> T {
        let bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Prints a part of the result that is for people.
    pub(in crate::cli) fn result(&self, text: &str) {
        self.data(&report::printed(text));
    }

    /// Prints a part of the result as it is: whoever made it has left nothing in it that does harm.
    pub(in crate::cli) fn data(&self, text: &str) {
        self.stream(|out| out.write_all(text.as_bytes()));
    }

    /// The same of what is made while it is printed.
    pub(in crate::cli) fn stream(&self, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) {
        let written = self.above_bar(|| {
            let mut stdout = std::io::stdout().lock();
            write(&mut stdout).and_then(|()| stdout.flush())
        });
        if let Err(error) = written
            && error.kind() != std::io::ErrorKind::BrokenPipe
        {
            self.lose(format!("cannot write to standard output: {error}"), None);
        }
    }

    /// Keeps in mind that a result could not be written.
    pub(in crate::cli) fn lose(&self, text: String, help: Option<String>) {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert((text, help));
    }

    /// Whether a result could not be written so far.
    pub(in crate::cli) fn has_lost(&self) -> bool {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Why a result is not whole where it was to go. A reader that went away has read enough, and counts for
    /// nothing.
    pub(in crate::cli) fn lost(&self) -> Option<(String, Option<String>)> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Prints a message for whoever watches.
    pub(in crate::cli) fn note(&self, text: &str) {
        if !self.quiet {
            self.message(text);
        }
    }

    /// Prints a message that even `--quiet` lets through.
    ///
    /// Others may have a part in it: a service repeats what it was sent, and a file has any name. What would be
    /// obeyed by a terminal is escaped.
    pub(in crate::cli) fn message(&self, text: &str) {
        let (_, rest) = LogLevel::of(text);
        let (word, indent) = (&text[..text.len() - rest.len()], text.len() - rest.len());
        match self.wraps {
            _ if self.logs => self.report(text),
            // Other messages have commands, which are copied, and paths.
            Some(width) if indent > 0 => {
                self.report(&format!("{word}{}", report::wrap_lines(rest, indent, width)));
            }
            _ => self.report(&report::escape_lines(text)),
        }
    }

    /// Prints prose for whoever watches, in which commands are in backticks.
    pub(in crate::cli) fn prose(&self, text: &str) {
        match self.wraps.filter(|_| !self.logs) {
            Some(width) if !self.quiet => self.report(&report::wrap_lines(text, 0, width)),
            _ => self.note(text),
        }
    }

    /// Prints a report, in its colours, for whoever watches.
    pub(in crate::cli) fn aside(&self, text: &str) {
        if !self.quiet {
            self.report(text);
        }
    }

    /// The same, also with `--quiet`.
    pub(in crate::cli) fn report(&self, text: &str) {
        if self.logs {
            let (level, text) = LogLevel::of(text);
            return self.log(level, text, None, Object::new());
        }
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let line = format!("{}{end}", report::printed(text));
        self.above_bar(|| tell(&line));
    }

    /// Prints an event of a call, unless `--quiet` is set: as text, or with its fields as JSON.
    pub(in crate::cli) fn event(&self, level: LogLevel, text: &str, of: Object) {
        match self.logs {
            true if self.quiet => {}
            true => self.log(level, text, None, of),
            false => self.note(text),
        }
    }

    /// Prints what is wrong with manifests, where `--quiet` is said only the errors.
    pub(in crate::cli) fn diagnostics(&self, findings: &[Diagnostic]) {
        let loud = |finding: &&Diagnostic| finding.severity == Severity::Error || !self.quiet;
        let findings: Vec<Diagnostic> = findings.iter().filter(loud).cloned().collect();
        if findings.is_empty() {
            return;
        }
        if !self.logs {
            return self.report(&report::diagnostics(&findings, &self.message_style));
        }
        for finding in &findings {
            let is_wrong = finding.severity == Severity::Error;
            let level = if is_wrong { LogLevel::Error } else { LogLevel::Warning };
            let mut of = Object::new();
            of.insert("code".to_owned(), (*finding.code).into());
            match &finding.label {
                Some((origin, _)) => {
                    let (line, column) = origin.line_column();
                    of.insert("file".to_owned(), origin.source.name.as_str().into());
                    of.insert("line".to_owned(), line.into());
                    of.insert("column".to_owned(), column.into());
                }
                None => of.extend(finding.file.iter().map(|file| ("file".to_owned(), file.as_str().into()))),
            }
            self.log(level, &finding.message, finding.help.as_deref(), of);
        }
    }

    fn log(&self, level: LogLevel, text: &str, help: Option<&str>, of: Object) {
        let now = time::OffsetDateTime::now_utc();
        tell(&log::line(level, text, help, of, now));
    }

    /// Prints an error and its remedy.
    pub(in crate::cli) fn error(&self, text: &str, help: Option<&str>) {
        if self.logs {
            return self.log(LogLevel::Error, text, help, Object::new());
        }
        let (red, cyan, reset) =
            if self.message_style.color { ("\u{1b}[1;31m", "\u{1b}[36m", "\u{1b}[0m") } else { ("", "", "") };
        let wrapped = |text: &str, indent| match self.wraps {
            Some(width) => report::wrap_lines(text, indent, width),
            None => report::escape_lines(text).into_owned(),
        };
        self.report(&format!("{red}error:{reset} {}", wrapped(text, 7)));
        if let Some(help) = help {
            self.report(&format!("  {cyan}help:{reset} {}", wrapped(help, 8)));
        }
    }

    /// Prints an error of one line and its remedy, escaped; returns how the run ends.
    pub(in crate::cli) fn fail(&self, exit: Exit, text: &str, help: &str) -> Exit {
        self.error(&report::escape(text), Some(&report::escape(help)));
        exit
    }

    /// Prints a message of one line, escaped.
    pub(in crate::cli) fn note_escaped(&self, text: &str) {
        self.note(&report::escape(text));
    }

    /// Ends the line of a question that will have no answer.
    pub(in crate::cli) fn end_question(&self) {
        if self.asks.swap(false, Ordering::Relaxed) {
            tell("\n");
        }
    }

    /// Whether a question can be seen and answered.
    pub(in crate::cli) fn can_ask(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Asks on standard error and reads the answer: only `yes` is one.
    pub(in crate::cli) async fn confirm(&self, question: &str) -> bool {
        tell(&report::escape_lines(question));
        self.asks.store(true, Ordering::Relaxed);
        let read = tokio::task::spawn_blocking(|| {
            let mut answer = String::new();
            std::io::stdin().read_line(&mut answer).map(|_| answer)
        });
        let answer = read.await.ok().and_then(Result::ok).unwrap_or_default();
        self.asks.store(false, Ordering::Relaxed);
        if !answer.ends_with('\n') {
            tell("\n");
        }
        answer.trim_end() == "yes"
    }
}

/// Writes to standard error. If this stream is closed, the error cannot be reported.
fn tell(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

fn colors<S: anstream::stream::RawStream + AsLockedWrite>(wish: ColorArg, stream: &S) -> bool {
    match wish {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => !matches!(anstream::AutoStream::choice(stream), anstream::ColorChoice::Never),
    }
}

fn width_of(stream: impl std::os::fd::AsFd) -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(stream)?;
    (columns > 0).then_some(usize::from(columns))
}

/// Whether the locale is UTF-8. None at all is taken for one that is: pipelines seldom set any, and
/// their logs are UTF-8.
fn speaks_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()));
    set.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// Prints the answer to a shell, which reads it with nobody watching.
pub(in crate::cli) fn answer(bytes: &[u8]) {
    // A shell that no longer listens has no use for it.
    let _ = std::io::stdout().lock().write_all(bytes);
}

#[cfg(test)]
mod tests {
    use super::speaks_unicode;

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        let with = |set: &'static [(&str, &str)]| {
            speaks_unicode(move |name| {
                set.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert!(with(&[]));
        assert!(with(&[("LANG", "de_DE.UTF-8")]));
        assert!(!with(&[("LANG", "C")]));
        assert!(!with(&[("LC_ALL", "POSIX"), ("LANG", "en_US.UTF-8")]));
        assert!(with(&[("LC_ALL", ""), ("LC_CTYPE", "en_US.utf8")]));
    }
}
