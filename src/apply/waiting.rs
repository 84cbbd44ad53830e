//! Plans that wait for their pools' turns.

use std::borrow::Cow;

use crate::catalogue::Catalogue;
use crate::document::{Document, DocumentId, Json, Object, Snapshot};
use crate::plan::{Options, Plan, PlanReport, Sharing};
use crate::rules::Desired;

/// A plan until its pool's turn.
#[derive(Clone, Debug)]
pub enum WaitingPlan {
    /// As it was made.
    Whole(Box<Plan>),
    /// As what it is made from.
    Folded(Box<FoldedPlan>),
}

/// A plan as its report and the text of the documents that it was made from: the plan itself takes several times that
/// memory. It is made again at the pool's turn, and is then the same.
#[derive(Clone, Debug)]
pub struct FoldedPlan {
    report: PlanReport,
    /// Each document; `None` if it is absent.
    base: Box<[(DocumentId, Option<Box<str>>)]>,
}

impl WaitingPlan {
    /// The plan as what it is made from.
    pub fn folded(plan: Plan, sharing: &Sharing) -> Self {
        let text = |document: &Document| Json::Object(document.to_object()).to_string().into();
        let documents = plan.base.documents();
        let base = documents.map(|(id, document)| (id.clone(), document.map(text))).collect();
        Self::Folded(Box::new(FoldedPlan { report: plan.report.compact(sharing), base }))
    }

    /// The whole plan, for what is `desired` and by the options that it was made by.
    pub fn unfolded(&self, catalogue: &Catalogue, desired: &Desired, options: &Options) -> Cow<'_, Plan> {
        match self {
            Self::Whole(plan) => Cow::Borrowed(plan),
            Self::Folded(folded) => {
                let FoldedPlan { report, base } = &**folded;
                Cow::Owned(Plan::again(catalogue, snapshot(base), desired, options, report))
            }
        }
    }
}

/// The snapshot of these documents.
fn snapshot(base: &[(DocumentId, Option<Box<str>>)]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (id, text) in base {
        // The text is the one of an object.
        let document = text.as_ref().map(|text| serde_json::from_str::<Object>(text).unwrap_or_default());
        snapshot.put(id.clone(), document.map(Document::from));
    }
    snapshot
}

impl From<Plan> for WaitingPlan {
    fn from(plan: Plan) -> Self {
        Self::Whole(Box::new(plan))
    }
}

impl AsRef<PlanReport> for WaitingPlan {
    fn as_ref(&self) -> &PlanReport {
        match self {
            Self::Whole(plan) => &plan.report,
            Self::Folded(folded) => &folded.report,
        }
    }
}
