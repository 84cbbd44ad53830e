//! A document with a label exists or not, whatever its members are.

use poolctl::catalogue::{Catalogue, RESOURCES, Resource};
use poolctl::document::{Document, DocumentId, DocumentState, Json, Object, Path, Snapshot};
use poolctl::plan::{Action, Form, Plan, diff};
use poolctl::shapes::Shapes;
use poolctl::{manifest, rules};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::properties::stage::{accepting, check};
use crate::properties::values::anything;

const LABEL: &str = "one";
const ID: &str = "1a2b3c";

fn labelled() -> Vec<&'static Resource> {
    RESOURCES.into_iter().filter(|resource| resource.listing.is_some()).collect()
}

/// The default of a setting, or something that means the same as its absence.
fn defaults(catalogue: &Catalogue, at: &Path) -> Vec<Json> {
    let default = catalogue.setting(at).and_then(|field| field.row?.default);
    let default = default.map(|text| serde_json::from_str(text).unwrap());
    default.into_iter().chain([Json::Null, json!(""), json!({}), json!([]), json!(false), json!(0)]).collect()
}

/// A resource with labels, and the members of a document of it: any, and often defaults.
fn documents(catalogue: &Catalogue) -> impl Strategy<Value = (usize, Object)> + use<> {
    let one = |(nth, resource): (usize, &'static Resource)| {
        let root = resource.root().member(LABEL);
        let names = catalogue.setting(&root).unwrap().shape.members;
        let member = |(name, _): &(&str, &str)| {
            let (name, defaults) = ((*name).to_owned(), select(defaults(catalogue, &root.member(name))));
            prop_oneof![3 => defaults, 1 => anything()].prop_map(move |value| (name.clone(), value))
        };
        let members: Vec<_> = names.iter().map(member).collect();
        (vec(any::<bool>(), members.len()), members).prop_map(move |(kept, members)| {
            let kept = members.into_iter().zip(kept).filter(|(_, kept)| *kept);
            (nth, kept.map(|(member, _)| member).collect::<Object>())
        })
    };
    let all: Vec<_> = labelled().into_iter().enumerate().map(|one_of| one(one_of).boxed()).collect();
    proptest::strategy::Union::new(all)
}

/// A pool whose list of this resource was read, with this document in it.
fn live(resource: &Resource, document: Option<&Object>) -> Snapshot {
    let pool = json!({"Id": "eu-west-1_a", "Name": "a"}).as_object().cloned().unwrap();
    let mut list = Document::default();
    let snapshot = Snapshot::of_pool(pool);
    let Some(document) = document else { return snapshot.with(resource.document.clone(), Some(list)) };
    let mut document = document.clone();
    let listing = resource.listing.unwrap();
    let key = if listing.name.is_some() { ID } else { LABEL };
    document.insert(listing.key.to_owned(), json!(key));
    list.insert(LABEL, json!({ listing.key: key }));
    snapshot
        .with(resource.document.clone(), Some(list))
        .with(resource.document.labelled(LABEL), Some(document.into()))
}

fn that(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

#[test]
fn a_document_that_comes_or_goes_is_a_change_at_its_entry() {
    let catalogue = Catalogue::new(Shapes::bundled());
    check(300, &documents(&catalogue), |(nth, members)| {
        let resource = labelled()[*nth];
        let at = resource.root().member(LABEL);
        let [absent, present] =
            [None, Some(members)].map(|document| catalogue.canonical(&live(resource, document)));
        let made = diff(&catalogue, &absent, &present);
        let entry = made.iter().find(|change| change.path == at);
        that(
            entry.is_some_and(|entry| entry.form == Form::Document && entry.action() == Action::Add),
            || format!("{at} is made, and the changes are {made:?}"),
        )?;
        let gone = diff(&catalogue, &present, &absent);
        let [only] = gone.as_slice() else { return Err(format!("{at} goes, and the changes are {gone:?}")) };
        that(only.path == at && only.form == Form::Document && only.action() == Action::Remove, || {
            format!("{at} goes by {only:?}")
        })
    });
}

#[test]
fn a_document_that_nobody_has_listed_is_neither_there_nor_absent() {
    let catalogue = Catalogue::new(Shapes::bundled());
    check(60, &documents(&catalogue), |(nth, members)| {
        let resource = labelled()[*nth];
        let id = resource.document.labelled(LABEL);
        let (absent, present) = (live(resource, None), live(resource, Some(members)));
        let unread = Snapshot::of_pool(absent.pool().to_object());
        let state = |snapshot: &Snapshot, id: &DocumentId| match snapshot.state(id) {
            DocumentState::Unread => "unread",
            DocumentState::Absent => "absent",
            DocumentState::Present(_) => "present",
        };
        let states = [&unread, &absent, &present].map(|snapshot| state(snapshot, &id));
        that(states == ["unread", "absent", "present"], || format!("{states:?}"))?;
        let (now, then) = Snapshot::common(&unread, &present);
        let changes = diff(&catalogue, &catalogue.canonical(&now), &catalogue.canonical(&then));
        that(changes.is_empty(), || format!("what was not read differs: {changes:?}"))
    });
}

#[test]
fn a_removal_is_one_call_and_a_document_that_is_gone_is_none() {
    let catalogue = Catalogue::new(Shapes::bundled());
    check(100, &documents(&catalogue), |(nth, members)| {
        let resource = labelled()[*nth];
        let branch = resource.branch.unwrap();
        let id = if resource.natural_key().is_none() { format!("id: {ID}, ") } else { String::new() };
        let text = format!(
            "version: 1\npool: eu-west-1_a\n{branch}: {{ {LABEL}: {{ {id}remove: true, reason: r }} }}\n"
        );
        let manifest = manifest::load("m.yaml", text.as_bytes()).map_err(|errors| format!("{errors:?}"))?;
        let (desired, _) = rules::check(&catalogue, manifest).map_err(|errors| format!("{errors:?}"))?;
        let steps = |document: Option<&Object>| -> Vec<&'static str> {
            let plan = Plan::new(&catalogue, live(resource, document), &desired, &accepting());
            plan.steps.iter().map(|step| step.operation.name).collect()
        };
        let (there, gone) = (steps(Some(members)), steps(None));
        let call = resource.remove.unwrap().name;
        that(there == [call] && gone.is_empty(), || format!("{there:?}, then {gone:?}"))
    });
}
