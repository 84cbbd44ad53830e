//! Making the file.

use std::cell::RefCell;

use serde::Serialize;

use super::fingerprint::{Fingerprints, digest, sum};
use super::format::{Frame, Kept, Mark, PathText, Stepped};
use super::places::Gatherer;
use super::standing::others;
use crate::catalogue::Catalogue;
use crate::document::Json;
use crate::manifest::{self, Beside, File, Manifest, Nothing, Secret, Unavailable, Variable};
use crate::plan::{Change, Level, Options, Plan, PlanReport};
use crate::report::{self, Literals, Run, json};
use crate::rules::AllowedBy;

/// What a file says of the run that made it.
#[derive(Clone, Copy, Debug)]
pub struct Making<'a> {
    /// When the plan was made, in RFC 3339.
    pub created: &'a str,
    /// What every fingerprint begins with: random, and of no other file.
    pub salt: &'a str,
    /// Whether the pools are an embedded sandbox's.
    pub sandbox: bool,
    /// The custom endpoint, if any.
    pub endpoint: Option<&'a str>,
    /// The digest of the API model, where it was not the one that is built in.
    pub api_model: Option<&'a str>,
    /// What the plans went by.
    pub options: &'a Options,
}

/// A manifest with `extends` and references resolved.
#[derive(Clone, Debug)]
pub struct Resolved {
    text: String,
    /// The names of the secrets that it refers to.
    secrets: Vec<String>,
}

impl Resolved {
    /// The manifest as `render` prints it. `literals` are the secrets of all manifests of the run.
    pub fn new(catalogue: &Catalogue, manifest: &Manifest, literals: &Literals) -> Self {
        let text = report::render(catalogue, manifest, false, literals);
        let names = Names::default();
        // It comes from one that was sound, and is asked for its references alone.
        let _ = manifest::load_with(&manifest.file, text.as_bytes(), &names);
        let mut secrets = names.0.into_inner();
        secrets.sort();
        secrets.dedup();
        Self { text, secrets }
    }

    /// The names of the secrets that it refers to.
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }
}

/// Writes down which secrets are asked for.
#[derive(Default)]
struct Names(RefCell<Vec<String>>);

impl Beside for Names {
    fn file(&self, from: &str, path: &str) -> Result<File, Unavailable> {
        Nothing.file(from, path)
    }

    fn variable(&self, name: &str) -> Option<Variable> {
        Nothing.variable(name)
    }

    fn secret(&self, name: &str) -> Secret {
        self.0.borrow_mut().push(name.to_owned());
        Secret::Withheld
    }
}

/// The file of a run whose pools are all planned; `plans` are theirs, each with its manifest, in their order.
pub fn document(
    catalogue: &Catalogue,
    run: &Run<'_>,
    plans: &[(&Plan, &Resolved)],
    making: &Making<'_>,
) -> Json {
    let mut document = json::document(run);
    let pools = document.get_mut("pools").and_then(Json::as_array_mut).into_iter().flatten();
    for (pool, (plan, manifest)) in pools.zip(plans) {
        insert(pool, "saved", &kept(catalogue, plan, manifest, making.salt));
    }
    insert(&mut document, "saved", &frame(run, making));
    let sum = sum(&document);
    insert(&mut document, "digest", &sum);
    document
}

fn insert(object: &mut Json, name: &str, value: &impl Serialize) {
    if let Some(members) = object.as_object_mut() {
        // No map of these types has another key than a string or a number, which is the one thing that can
        // fail.
        members.insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
    }
}

fn frame(run: &Run<'_>, making: &Making<'_>) -> Frame {
    let hidden: Vec<_> =
        run.diagnostics.iter().flat_map(|diagnostic| diagnostic.hidden.iter().cloned()).collect();
    let mut places = Gatherer::new(&hidden);
    let labels = run.diagnostics.iter().map(|diagnostic| match &diagnostic.label {
        Some((origin, label)) => {
            places.quote(origin);
            label.clone()
        }
        None => String::new(),
    });
    let labels = labels.collect();
    Frame {
        created: making.created.to_owned(),
        sandbox: making.sandbox,
        endpoint: making.endpoint.map(str::to_owned),
        api_model: making.api_model.map(str::to_owned),
        unknown: making.options.unknown.into(),
        allow: making.options.allows.flags(),
        gone_refuses: run.gone.refuses(),
        places: places.places(),
        labels,
        salt: making.salt.to_owned(),
    }
}

fn kept(catalogue: &Catalogue, plan: &Plan, manifest: &Resolved, salt: &str) -> Kept {
    let report = &plan.report;
    let prints = Fingerprints { salt, pool: &report.pool.id };
    let mark = |change: &Change| Mark {
        form: change.form.into(),
        fingerprint: prints.of(&change.path, change.before.as_ref(), change.after.as_ref()),
    };
    let others = others(catalogue, plan, &report.changes);
    Kept {
        account: plan.base.account().map(str::to_owned),
        manifest: manifest.text.clone(),
        manifest_digest: digest(manifest.text.as_bytes()),
        secrets: manifest.secrets.clone(),
        changes: report.changes.iter().map(mark).collect(),
        steps: report.calls.iter().map(|call| call.changes.iter().map(stepped).collect()).collect(),
        surroundings: report.surroundings.iter().map(Into::into).collect(),
        left_out: report.left_out.iter().cloned().map(PathText).collect(),
        only: plan.only.iter().map(ToString::to_string).collect(),
        others: others
            .iter()
            .map(|other| (other.path.to_string(), prints.of(&other.path, None, other.after.as_ref())))
            .collect(),
        places: gathered(report).places(),
    }
}

fn stepped(change: &Change) -> Stepped {
    Stepped {
        path: PathText(change.path.clone()),
        after: change.after.clone().filter(|_| !change.sensitive),
        removed: change.after.is_none(),
        sensitive: change.sensitive,
    }
}

fn gathered(report: &PlanReport) -> Gatherer<'_> {
    let mut places = Gatherer::new(&report.hidden);
    let origins =
        report.changes.iter().flat_map(|change| change.origin.iter().chain(change.template.as_deref()));
    origins.for_each(|at| places.point_at(at));
    report.acknowledged.iter().for_each(|entry| places.point_at(&entry.origin));
    for finding in report.findings.iter().chain(report.acknowledged.iter().map(|entry| &entry.finding)) {
        match &finding.origin {
            Some(origin) if finding.level == Level::Conflict => places.quote(origin),
            Some(origin) => places.point_at(origin),
            None => {}
        }
        if let Some(AllowedBy::Manifest { origin, .. }) = &finding.allowed_by {
            places.point_at(origin);
        }
    }
    places
}
