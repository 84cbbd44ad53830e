//! The command line: parses it, runs the command, and prints the result.

mod accounts;
mod adopt;
mod apply;
pub mod args;
mod baseline;
mod carry;
mod complete;
mod completions;
mod config;
mod connect;
mod disk;
mod drift;
mod exit;
mod explain;
mod fleet;
mod frame;
mod globs;
mod help;
mod iam_policy;
mod ignore;
mod import;
mod log;
mod manifests;
mod metrics;
mod options;
mod outs;
mod plan;
mod pools;
mod progress;
mod render;
mod sandbox;
mod saved;
mod schema;
mod search;
mod select;
mod show;
mod signals;
mod summary;
mod tell;
mod ui;
mod validate;
mod waiting;
mod watch;

use std::process::ExitCode;
use std::sync::Arc;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::apply::Interrupt;
use crate::catalogue::Catalogue;
use crate::document::url::without_beginning;
use crate::files::{self, MAX_FILE, Root};
use crate::manifest::{Diagnostic, Manifest};
use crate::plan::Options;
use crate::rules::{self, Allows, Desired, Slip};
use crate::shapes::Shapes;
use crate::{manifest, report};
use accounts::Accounts;
use args::{Cli, Command, Format, Global};
use config::Config;
pub use exit::Exit;
use signals::Signals;
use ui::Ui;

/// What every command works with.
struct Context {
    ui: Arc<Ui>,
    global: Global,
    accounts: Accounts,
    catalogue: Catalogue,
    interrupt: Interrupt,
    /// The label that distinguishes the metrics of this run.
    label: String,
    /// The folder that links must not lead out of.
    root: Root,
}

impl Context {
    /// What the plans of this run go by.
    fn options(&self, allow: &args::Allow) -> Result<Options, Exit> {
        let allows = Allows::all(&allow.allow);
        for slip in allows.slips(&self.catalogue) {
            self.tell(&slip)?;
        }
        Ok(Options { allows, ..self.plain_options() })
    }

    /// The same where nothing can be let through.
    fn plain_options(&self) -> Options {
        Options { unknown: self.global.unknown.into(), today: self.today(), allows: Allows::default() }
    }

    /// A path of `--allow` that can be none ends the run; one that a live pool may have is only doubted.
    fn tell(&self, slip: &Slip) -> Result<(), Exit> {
        let meant = slip.close.as_ref().map(|close| format!("did you mean `{close}`?"));
        let text = format!("`--allow {}`: there is no setting `{}`", slip.flag, slip.path);
        if slip.is_nowhere {
            let help = meant.unwrap_or_else(|| "write the path as the plan prints it".to_owned());
            self.ui.error(&report::escape(&text), Some(&report::escape(&help)));
            return Err(Exit::Usage);
        }
        if let Some(meant) = meant {
            self.ui.note(&report::escape(&format!("warning: {text} in the API model; {meant}")));
        }
        Ok(())
    }

    /// What a manifest wants, and the warnings; the Region of the command line takes the place of its own.
    fn wants(&self, manifest: Manifest) -> Result<(Desired, Vec<Diagnostic>), Vec<Diagnostic>> {
        rules::check(&self.catalogue, manifest).map(|(desired, warnings)| (self.elsewhere(desired), warnings))
    }

    /// The same in the Region of the command line, if it names one.
    fn elsewhere(&self, desired: Desired) -> Desired {
        Desired { region: self.region().map_or(desired.region, str::to_owned), ..desired }
    }

    /// How many pools are worked on at a time.
    fn parallelism(&self) -> usize {
        self.global.parallelism.into()
    }

    fn region(&self) -> Option<&str> {
        self.global.region.as_deref()
    }

    /// Whether the result on standard output is for people.
    fn is_text(&self) -> bool {
        self.global.format == Format::Text
    }

    /// Today, in UTC.
    fn today(&self) -> time::Date {
        time::OffsetDateTime::now_utc().date()
    }

    /// Waits until the run is asked to stop.
    async fn stopped(&self) {
        self.interrupt.requested().await;
    }
}

/// Runs the program with the process's own arguments, environment and streams.
pub fn main() -> ExitCode {
    if let Some(exit) = completions::answer() {
        return exit.into();
    }
    let command = help::command();
    let here = std::env::current_dir().unwrap_or_default();
    let Config { defaults, accounts } = match config::read(&here, &command) {
        Ok(config) => config,
        Err(_) if asks_for_help() => Config::default(),
        Err(findings) => {
            let ui = Ui::early();
            ui.diagnostics(&findings);
            return Exit::Usage.into();
        }
    };
    let cli = match help::parse(command, &defaults) {
        Ok(cli) => cli,
        Err(error) => return usage(error, &defaults).into(),
    };
    let ui = Arc::new(Ui::new(&cli.global));
    run(cli, accounts, ui).unwrap_or_else(|exit| exit).into()
}

/// Whether help or the version is all that is wanted.
fn asks_for_help() -> bool {
    std::env::args_os().any(|word| ["-h", "--help", "-V", "--version"].iter().any(|asks| word == *asks))
}

/// clap ends with 2 on a wrong word; to a script that would be "there are differences".
fn usage(mut error: clap::Error, defaults: &[config::Default]) -> Exit {
    let mut tips = inherited(&error, defaults);
    if error.kind() == ErrorKind::UnknownArgument {
        // clap's own tip is to pass the option as a path.
        error.remove(ContextKind::Suggested);
        tips.extend(unknown_option(&error, std::env::args().skip(1)));
    }
    if !tips.is_empty() {
        let tips = tips.into_iter().map(StyledStr::from).collect();
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    // It may be a URL with a password, or the end of one.
    if let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) {
        let value = ContextValue::String(without_beginning(value).into_owned());
        error.insert(ContextKind::InvalidValue, value);
    }
    let end = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Clean,
        _ => Exit::Usage,
    };
    // A help contains nothing from the command line.
    if end == Exit::Clean || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return end;
    }
    // What was typed may be of others, as the name of a branch is.
    let text = error.render().to_string();
    Ui::plain().error(text.strip_prefix("error: ").unwrap_or(&text), None);
    end
}

/// A tip for an unknown option; `None` if clap has one.
///
/// An option with one dash, as Terraform has them, is several short options to clap: it names one letter.
fn unknown_option(error: &clap::Error, mut words: impl Iterator<Item = String>) -> Option<String> {
    if error.get(ContextKind::SuggestedArg).is_some() {
        return None;
    }
    let otherwise = "`--help` lists the options".to_owned();
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else {
        return Some(otherwise);
    };
    let letter = unknown.strip_prefix('-').filter(|rest| rest.chars().count() == 1);
    let is_meant = |word: &str, letter: &str| {
        word.strip_prefix('-')
            .is_some_and(|rest| !rest.starts_with('-') && rest.len() > 1 && rest.contains(letter))
    };
    let Some(word) = letter.and_then(|letter| words.find(|word| is_meant(word, letter))) else {
        return Some(otherwise);
    };
    let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
    let command = help::command();
    let options = command.get_subcommands().flat_map(clap::Command::get_arguments);
    let known: Vec<&str> = options.filter_map(clap::Arg::get_long_and_visible_aliases).flatten().collect();
    Some(match (known.contains(&name), manifest::similar(name, known.iter().copied())) {
        (true, _) => format!("write `{word}` with two dashes: `--{name}`"),
        (false, Some(close)) => format!("did you mean `--{close}`?"),
        (false, None) => otherwise,
    })
}

/// Whether an option stands on the command line itself.
fn is_typed(long: &str) -> bool {
    let option = format!("--{long}");
    std::env::args_os().any(|typed| typed.to_string_lossy().split('=').next() == Some(&option))
}

/// The environment variable that sets an option, if it does.
fn variable(long: &str) -> Option<String> {
    args::variable(long).filter(|variable| std::env::var_os(variable).is_some())
}

/// Whether the command line or the environment sets an option, and no file.
fn is_said(long: &str) -> bool {
    is_typed(long) || variable(long).is_some()
}

/// The options that an error is about and that nobody typed: which variables, or which file, they come
/// from.
fn inherited(error: &clap::Error, defaults: &[config::Default]) -> Vec<String> {
    let about =
        error.context().filter(|(kind, _)| matches!(kind, ContextKind::InvalidArg | ContextKind::PriorArg));
    let options = about.flat_map(|(_, value)| match value {
        ContextValue::String(option) => vec![option.as_str()],
        ContextValue::Strings(options) => options.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    });
    let tip = |option: &str| {
        let long = option.strip_prefix("--")?.split([' ', '=', '[', '.']).next()?;
        if is_typed(long) {
            return None;
        }
        if let Some(variable) = variable(long) {
            return Some(format!("`--{long}` is set by the environment variable {variable}"));
        }
        let default = defaults.iter().find(|default| default.option == long)?;
        Some(format!("`--{long}` is set by {}", default.place))
    };
    options.filter_map(tip).collect()
}

fn run(cli: Cli, accounts: Accounts, ui: Arc<Ui>) -> Result<Exit, Exit> {
    if let Some(region) = cli.global.region.as_deref().filter(|region| !manifest::is_region(region)) {
        ui.error(&format!("`{region}` is not a Region"), Some("write a Region such as `eu-west-1`"));
        return Err(Exit::Usage);
    }
    let root = cli.command.root();
    let catalogue = Catalogue::new(shapes(&ui, &cli.global, &root)?);
    // Who names a profile for all means no other.
    let accounts = if is_said("profile") { Accounts::default() } else { accounts };
    let (label, interrupt) = (metrics::label(&cli.command, &cli.global), Interrupt::default());
    let context = Context { ui, global: cli.global, accounts, catalogue, interrupt, label, root };
    // This thread plans; another one reads meanwhile.
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().map_err(|error| {
        context.ui.error(&format!("cannot start: {error}"), None);
        Exit::Failed
    })?;
    let end = runtime.block_on(watched(&context, cli.command));
    // A question that nobody answers any more must not keep the process.
    runtime.shutdown_background();
    if let Some((text, help)) = context.ui.lost() {
        context.ui.error(&text, help.as_deref());
        return Err(if context.interrupt.has_written() { Exit::Partial } else { Exit::Failed });
    }
    end
}

fn shapes(ui: &Ui, global: &Global, root: &Root) -> Result<Shapes, Exit> {
    let Some(path) = &global.api_model else { return Ok(Shapes::bundled()) };
    let help = "name botocore's `data/cognito-idp/2016-04-18/service-2.json.gz`, or remove `--api-model` to use the built-in model";
    let bytes = root.read(path, MAX_FILE).map_err(|error| {
        let text = format!("cannot read the API model {}: {error}", path.display());
        ui.error(&report::escape(&text), Some(&files::remedy(&error, help)));
        Exit::Failed
    })?;
    Shapes::parse(&bytes).map_err(|error| {
        ui.error(&format!("cannot use the API model {}: {error}", path.display()), Some(help));
        Exit::Failed
    })
}

/// Does the command while listening for signals: before the first write the first one ends the run;
/// from then on it lets the calls in flight finish, and only the second one ends it at once.
async fn watched(context: &Context, command: Command) -> Result<Exit, Exit> {
    let mut signals = Signals::new(&context.ui)?;
    let serves = matches!(command, Command::Sandbox(_));
    let work = dispatch(context, command);
    tokio::pin!(work);
    let mut asked = None;
    loop {
        let (signal, exit) = tokio::select! {
            end = &mut work => {
                let stopped = asked.filter(|_| !serves && !context.interrupt.has_written());
                return stopped.map_or(end, Err);
            }
            signal = signals.next() => signal,
        };
        match (context.interrupt.has_written(), context.interrupt.is_requested()) {
            (false, false) if !serves => {
                context.ui.message(&format!("{signal}: stopped: nothing was written"));
                return Err(exit);
            }
            (_, true) => {
                context.ui.message(&format!("{signal}: stopped: calls in flight may still take effect. Run `poolctl plan` to see what was done"));
                return Err(if context.interrupt.has_written() { Exit::Partial } else { exit });
            }
            (written, false) => {
                if written {
                    context.ui.message(&format!(
                        "{signal}: finishing the calls in flight. Send it again to stop at once"
                    ));
                }
                asked = Some(exit);
                context.interrupt.request();
            }
        }
    }
}

async fn dispatch(context: &Context, command: Command) -> Result<Exit, Exit> {
    outs::check(context, &command)?;
    match command {
        Command::Import(args) => import::run(context, &args).await,
        Command::Plan(args) => plan::run(context, &args).await,
        Command::Show(args) => saved::show::run(context, &args),
        Command::Adopt(args) => adopt::run(context, &args).await,
        Command::Ignore(args) => match args.action {
            args::IgnoreAction::Add(args) => ignore::add(context, &args).await,
        },
        Command::Render(args) => render::run(context, &args).await,
        Command::Apply(args) => apply::run(context, &args).await,
        Command::Drift(args) => drift::run(context, &args).await,
        Command::Restore(args) => apply::restore(context, &args).await,
        Command::Validate(args) => validate::run(context, &args).await,
        Command::Explain(args) => explain::run(context, &args),
        Command::IamPolicy(args) => iam_policy::run(context, &args).await,
        Command::Schema => schema::run(context),
        Command::Completions(args) => completions::run(context, &args),
        Command::Sandbox(args) => sandbox::run(context, args).await,
    }
}
