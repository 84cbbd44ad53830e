//! From the command line to the exit code: reads the options, runs the command, listens for signals.

use std::process::ExitCode;
use std::sync::Arc;

use tokio::runtime::Builder;

use super::args::typed::is_said;
use super::args::{self, Cli, Command, GlobalArgs};
use super::commands::{
    adopt, apply, completions, drift, explain, iam_policy, ids, ignore, import, plan, render, sandbox, saved,
    schema, snapshot, validate,
};
use super::context::Context;
use super::exit::Exit;
use super::fleet::cores;
use super::terminal::signals::Signals;
use super::terminal::ui::Ui;
use super::terminal::{metrics, outs, tell};
use super::usage::usage;
use super::world::accounts::Accounts;
use super::world::config::{self, Config};
use super::world::require::Required;
use super::world::source;
use crate::apply::Interrupt;
use crate::catalogue::Catalogue;
use crate::files::{self, MAX_FILE, Root};
use crate::manifest;
use crate::saved::digest;
use crate::shapes::Shapes;

/// Runs the program with the process's own arguments, environment and streams.
pub fn main() -> ExitCode {
    if let Some(exit) = completions::answer() {
        return exit.into();
    }
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let here = std::env::current_dir().unwrap_or_default();
    let Config { defaults, accounts, require } = match config::read(&here, &words) {
        Ok(config) => config,
        Err(_) if asks_for_help() => Config::default(),
        Err(findings) => {
            let ui = Ui::early();
            ui.diagnostics(&findings);
            return Exit::Usage.into();
        }
    };
    let cli = match config::parse(&words, &defaults) {
        Ok(cli) => cli,
        Err(error) => return usage(error, &defaults).into(),
    };
    let ui = Arc::new(Ui::new(&cli.global));
    run(cli, (accounts, require), ui).unwrap_or_else(|exit| exit).into()
}

/// Whether help or the version is all that is wanted.
fn asks_for_help() -> bool {
    std::env::args_os().any(|word| ["-h", "--help", "-V", "--version"].iter().any(|asks| word == *asks))
}

fn run(cli: Cli, (accounts, require): (Accounts, Option<Required>), ui: Arc<Ui>) -> Result<Exit, Exit> {
    if let Some(region) = cli.global.region.as_deref().filter(|region| !manifest::is_region(region)) {
        let text = format!("`{region}` is not a Region");
        return Err(ui.fail(Exit::Usage, &text, "write a Region such as `eu-west-1`"));
    }
    let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for text in variables.filter_map(|name| args::without_effect(&name)) {
        ui.note_escaped(&format!("note: {text}"));
    }
    let root = cli.command.root();
    let (shapes, model) = shapes(&ui, &cli.global, &root)?;
    let catalogue = Arc::new(Catalogue::new(shapes));
    let require = require.map(|require| require.rules(&catalogue)).transpose().map_err(|findings| {
        ui.diagnostics(&findings);
        Exit::Usage
    })?;
    let require = require.unwrap_or_default();
    // Who names a profile for all means no other.
    let accounts = if is_said("profile") { Accounts::default() } else { accounts };
    let (label, interrupt) = (metrics::label(&cli.command, &cli.global), Interrupt::default());
    let links = cli.command.outputs().and_then(|outputs| outputs.source_url.clone()).or_else(source::links);
    let global = cli.global;
    let context = Context { ui, global, accounts, require, catalogue, model, interrupt, label, links, root };
    // This thread prints. Another one reads meanwhile, if there are calls to make; plans are made on blocking threads.
    let mut runtime = match cli.command.makes_no_call() {
        true => Builder::new_current_thread(),
        false => Builder::new_multi_thread(),
    };
    // What a thread lets go of is used again by that thread alone: no more of them than work. Calls need others, which find
    // hosts and credentials while pools wait.
    if cli.command.makes_no_call() {
        runtime.max_blocking_threads(cores::number());
    }
    let runtime = runtime.worker_threads(workers(&cli.command)).enable_all().build().map_err(|error| {
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

/// The number of threads besides the first, which prints: one reads meanwhile. A sandbox answers on every core.
fn workers(command: &Command) -> usize {
    match command {
        Command::Sandbox(_) => cores::number(),
        _ => 1,
    }
}

/// The API model, with the digest of the file that the command line names.
fn shapes(ui: &Ui, global: &GlobalArgs, root: &Root) -> Result<(Shapes, Option<String>), Exit> {
    let Some(path) = &global.api_model else { return Ok((Shapes::bundled(), None)) };
    let help = "name botocore's `data/cognito-idp/2016-04-18/service-2.json.gz`, or remove `--api-model` to use the built-in model";
    let bytes = root.read(path, MAX_FILE).map_err(|error| {
        let text = format!("cannot read the API model {}: {error}", path.display());
        ui.fail(Exit::Failed, &text, &files::remedy(&error, help))
    })?;
    let shapes = Shapes::parse(&bytes).map_err(|error| {
        ui.fail(Exit::Failed, &format!("cannot use the API model {}: {error}", path.display()), help)
    })?;
    Ok((shapes, Some(digest(&bytes))))
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
                context.ui.end_question();
                context.ui.message(&format!("{signal}. Nothing was written."));
                return Err(exit);
            }
            (_, true) => {
                context.ui.message(&format!("{signal} again. Calls in flight may still take effect: run `poolctl plan` to see the result."));
                for backup in context.interrupt.unproved() {
                    context.ui.message(&tell::undo(&context.global, &backup));
                }
                return Err(if context.interrupt.has_written() { Exit::Partial } else { exit });
            }
            (written, false) => {
                if written {
                    context.ui.message(&format!(
                        "{signal}. Finishing the calls in flight: send the signal again to stop at once."
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
        Command::Ids(args) => ids::run(context, &args).await,
        Command::Snapshot(args) => snapshot::run(context, &args).await,
        Command::Schema => schema::run(context),
        Command::Completions(args) => completions::run(context, &args),
        Command::Sandbox(args) => sandbox::run(context, args).await,
    }
}
