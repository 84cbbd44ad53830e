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
    base: DocumentTexts,
}

type DocumentTexts = Box<[(DocumentId, Option<Box<str>>)]>;

impl WaitingPlan {
    /// The plan as what it is made from.
    pub fn folded(plan: Plan, sharing: &Sharing) -> Self {
        let base = texts(&plan.base);
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

fn texts(snapshot: &Snapshot) -> DocumentTexts {
    let text = |document: &Document| Json::Object(document.to_object()).to_string().into();
    snapshot.documents().map(|(id, document)| (id.clone(), document.map(text))).collect()
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

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::date;

    use super::*;
    use crate::catalogue::Unknown;
    use crate::document::Path;
    use crate::rules::Allows;
    use crate::shapes::Shapes;
    use crate::{manifest, rules};

    fn document(value: &Json) -> Document {
        value.as_object().cloned().unwrap().into()
    }

    #[test]
    fn a_snapshot_comes_back_with_what_is_absent_and_what_was_looked_up() {
        let (groups, clients) = (DocumentId::GROUPS, DocumentId::CLIENTS);
        let group = json!({ "GroupName": "a", "Precedence": 1.50, "Description": null });
        let base = Snapshot::of_pool(document(&json!({ "Id": "p", "Tags": {} })))
            .with(DocumentId::MFA, None)
            .with(groups.clone(), Some(document(&json!({ "a": {}, "b": {} }))))
            .with(groups.labelled("a"), Some(document(&group)))
            .with(groups.labelled("b"), None)
            .with(clients.looked_up(), Some(document(&json!({}))));
        let back = snapshot(&texts(&base));
        assert_eq!(back, base);
        let text = |snapshot: &Snapshot| {
            snapshot.document(&groups.labelled("a")).map(|group| Json::Object(group.to_object()).to_string())
        };
        assert_eq!(text(&back), text(&base));
    }

    #[test]
    fn a_plan_that_waited_leaves_out_no_member_that_the_first_one_did_not() {
        let catalogue = Catalogue::new(Shapes::bundled());
        let text = "version: 1\npool: eu-west-1_a\nsettings: { DeletionProtection: ACTIVE }\n";
        let manifest = manifest::load("p.yaml", text.as_bytes()).unwrap();
        let (desired, _) = rules::check(&catalogue, manifest).unwrap();
        let (unknown, today) = (Unknown::Omit, date!(2026 - 11 - 23));
        let options = Options { unknown, today, allows: Allows::default(), is_strict: false };
        let live = |value| Snapshot::of_pool(document(&value));
        let shown = Plan::new(&catalogue, live(json!({ "Id": "eu-west-1_a" })), &desired, &options);
        let later = live(json!({ "Id": "eu-west-1_a", "NewMember": { "Deep": 1 } }));
        let new = Plan::new(&catalogue, later.clone(), &desired, &options);
        assert_eq!(new.report.left_out, [Path::members(["NewMember"])]);
        let again = Plan::again(&catalogue, later, &desired, &options, &shown.report);
        let folded = WaitingPlan::folded(again, &Sharing::default());
        let unfolded = folded.unfolded(&catalogue, &desired, &options);
        assert_eq!(unfolded.report.left_out, []);
        assert_eq!(unfolded.report.changes.len(), 1);
    }
}
