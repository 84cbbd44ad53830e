//! A recorded plan, as far as reports need it.

use std::sync::Arc;

use super::secrets::Secrets;
use super::{Acknowledged, Change, Finding, Plan, Pool, Step, Surrounding};
use crate::catalogue::Operation;
use crate::document::{Object, Path, Snapshot};
use crate::manifest::Origin;

/// A recorded plan: everything that reports show, without the documents.
#[derive(Clone, Debug)]
pub struct Record {
    /// The pool.
    pub pool: Pool,
    /// The settings that change; what is sensitive without its values.
    pub changes: Vec<Change>,
    /// The findings.
    pub findings: Vec<Finding>,
    /// The notes that the manifest acknowledges.
    pub acknowledged: Vec<Acknowledged>,
    /// The calls, each with what it changes.
    pub steps: Vec<(Operation, Vec<Change>)>,
    /// The number of unmanaged live settings.
    pub unmanaged: usize,
    /// The live members that stay out of the request.
    pub left_out: Vec<Path>,
    /// The structures around the changes and conflicts.
    pub surroundings: Vec<Surrounding>,
    /// The places in the manifest's files whose text must not be shown.
    pub hidden: Vec<Origin>,
}

impl Plan {
    /// The plan for reports, without its documents: it can neither be applied nor verified. This saves memory in a
    /// large fleet.
    #[must_use]
    pub fn told(self) -> Self {
        let steps = self.steps.into_iter();
        let told = |step: Step| Step { body: Object::new(), target: Arc::new(nothing()), ..step };
        Self { base: nothing(), target: Arc::new(nothing()), steps: steps.map(told).collect(), ..self }
    }

    /// A plan for reports, and for [`again`](Self::again). It has no documents and no bodies, so it can neither be
    /// applied nor verified.
    pub fn recorded(record: Record) -> Self {
        let Record {
            pool,
            changes,
            findings,
            acknowledged,
            steps,
            unmanaged,
            left_out,
            surroundings,
            hidden,
        } = record;
        let target = Arc::new(nothing());
        let step = |(operation, changes)| {
            let target = Arc::clone(&target);
            Step { operation, body: Object::new(), target, changes }
        };
        Self {
            pool,
            base: nothing(),
            changes,
            findings,
            acknowledged,
            steps: steps.into_iter().map(step).collect(),
            target,
            unmanaged,
            undeclared: Vec::new(),
            declared: Vec::new(),
            left_out,
            implied: Vec::new(),
            surroundings,
            hidden,
            secrets: Secrets::default(),
            is_drift: false,
        }
    }
}

fn nothing() -> Snapshot {
    Snapshot::of_pool(Object::new())
}
