//! Making the file.

use std::cell::RefCell;
use std::fmt::{self, Write};

use super::fingerprint::{DocumentDigest, Fingerprints, digest};
use super::format::{Frame, Kept, Mark, PathText, Stepped};
use super::places::Gatherer;
use super::read::POOLS;
use super::standing::others;
use crate::catalogue::Catalogue;
use crate::document::Json;
use crate::manifest::{self, Beside, File, Manifest, Nothing, Secret, Unavailable, Variable};
use crate::plan::{Change, Level, Options, Plan, PlanReport};
use crate::report::{self, JsonObject, Literals, Run, json};
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
    /// The manifest as `render` prints it. `literals` are those of all manifests of the run, or none if it has none itself.
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

/// What a file says of a pool beside its JSON plan, as text: as values it takes several times the memory.
#[derive(Clone, Debug)]
pub struct SavedPart(Box<str>);

impl SavedPart {
    /// The part of a plan with its manifest. `salt` is the one of the file.
    pub fn new(catalogue: &Catalogue, plan: &Plan, manifest: &Resolved, salt: &str) -> Self {
        // No map of these types has another key than a string or a number, which is the one thing that can
        // fail.
        Self(serde_json::to_string(&kept(catalogue, plan, manifest, salt)).unwrap_or_default().into())
    }
}

/// Writes the file of a run whose pools are all planned, a pool at a time; `parts` are theirs, in their order.
///
/// # Errors
/// When `out` fails.
pub fn write<'a>(
    run: &Run<'_>,
    parts: impl Iterator<Item = &'a SavedPart>,
    making: &Making<'_>,
    out: &mut dyn Write,
) -> fmt::Result {
    let (head, pools, tail) = json::parts(run);
    let frame = serde_json::to_value(frame(run, making)).unwrap_or_default();
    let mut digest = DocumentDigest::default();
    JsonObject::document(out, |document| {
        for (name, value) in head {
            digest.member(&name, &value);
            document.member(&name, &value)?;
        }
        let pools = pools.zip(parts).map(|(mut pool, SavedPart(part))| {
            pool.insert(SAVED.to_owned(), serde_json::from_str(part).unwrap_or_default());
            let pool = Json::Object(pool);
            digest.element(POOLS, &pool);
            pool
        });
        document.list(POOLS, pools)?;
        digest.end_list(POOLS);
        for (name, value) in tail.into_iter().chain([(SAVED.to_owned(), frame)]) {
            digest.member(&name, &value);
            document.member(&name, &value)?;
        }
        document.member("digest", &digest.end())
    })
}

/// The member that the JSON plan does not have, of the document and of each pool.
const SAVED: &str = "saved";

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
        account: report.pool.account.clone(),
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
