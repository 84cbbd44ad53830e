//! A pool of a run, on its way from a manifest to an outcome.

use std::sync::Arc;

use crate::apply::{Task, WaitingPlan};
use crate::cli::exit::Exit;
use crate::cognito::{CallError, Session};
use crate::plan::{Change, Plan};
use crate::rules::Desired;

/// A pool and what was planned for it: a plan, or what is kept of one.
pub(in crate::cli) struct Planned<P = Plan, D = Desired> {
    /// What is wanted, or what is kept of it.
    pub(in crate::cli) desired: D,
    /// The plan, or why there is none.
    pub(in crate::cli) plan: Result<P, Unreachable>,
}

/// A pool of a run that writes.
pub(in crate::cli) enum RunPart {
    /// A pool to write.
    Task(Box<Task>),
    /// A pool that is not written, with the exit code of a run over it alone.
    Left(Box<Planned<WaitingPlan>>, Exit),
}

impl RunPart {
    /// The part of a planned pool: a task if it is selected for writing and can be written.
    pub(in crate::cli) fn of(
        planned: Planned<WaitingPlan>,
        end: Exit,
        session: Option<Arc<Session>>,
        earlier: Vec<Change>,
    ) -> Self {
        match (planned, session) {
            (Planned { desired, plan: Ok(plan) }, Some(session)) if end == Exit::Clean => {
                let account = desired.account.as_ref().map(|account| account.id.clone());
                Self::Task(Box::new(Task { desired, plan, session, account, earlier }))
            }
            (planned, _) => Self::Left(Box::new(planned), end),
        }
    }

    pub(in crate::cli) fn task(&self) -> Option<&Task> {
        if let Self::Task(task) = self { Some(task) } else { None }
    }

    pub(in crate::cli) fn end(&self) -> Option<Exit> {
        if let Self::Left(_, end) = self { Some(*end) } else { None }
    }
}

/// Where calls about a pool go to, and as whom: what may be slow or closed for one of them may be neither for
/// another.
pub(in crate::cli) type CallRoute<'a> = (Option<&'a str>, &'a str);

pub(in crate::cli) fn way(desired: &Desired) -> CallRoute<'_> {
    (desired.account.as_ref().map(|account| account.id.as_str()), &desired.region)
}

/// Why a pool cannot be reached.
#[derive(Clone, Debug)]
pub(in crate::cli) enum Unreachable {
    /// `poolctl.yaml` gives this account a role that reads, and none that writes.
    OnlyReads(String),
    /// The credentials are of another account than the manifest's; the line that says so.
    Account(String),
    /// The saved document is of another account than the manifest's; the line that says so.
    Document(String),
    /// The tag of a manifest does not name one pool; the line that says so, and what to do.
    Tag(String, String),
    /// The manifest of this file could not be checked a second time.
    Changed(String),
    /// A call, or the way to it, failed.
    Failed(CallError),
}

impl Unreachable {
    /// How a run ends that meets this before it has written.
    pub(in crate::cli) fn exit(&self) -> Exit {
        match self {
            Self::Account(_) | Self::Document(_) | Self::Tag(..) => Exit::Refused,
            Self::Failed(_) | Self::Changed(_) | Self::OnlyReads(_) => Exit::Failed,
        }
    }

    /// What is wrong, and what to do about it.
    pub(in crate::cli) fn words(&self) -> (String, Option<String>) {
        match self {
            Self::Account(text) => {
                (text.clone(), Some("use credentials for the manifest's account, with another `--profile` or with `accounts` in poolctl.yaml".to_owned()))
            }
            Self::Document(text) => {
                (text.clone(), Some("save the document of the pool in that account, or correct `account` in the manifest".to_owned()))
            }
            Self::OnlyReads(account) => (
                format!("poolctl.yaml has a role for reading in account {account}, but no role for writing"),
                Some("add `write` to that account; a role under `write` alone is also used for reading".to_owned()),
            ),
            Self::Tag(text, help) => (text.clone(), Some(help.clone())),
            Self::Changed(file) => {
                (format!("{file}: something that the manifest refers to has changed during the run"), Some("run the command again".to_owned()))
            }
            Self::Failed(error) => (error.to_string(), error.help()),
        }
    }
}
