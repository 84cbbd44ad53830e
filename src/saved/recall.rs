//! Converts the file into the types of reports and of apply.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;

use time::Date;

use super::fingerprint::Fingerprint;
use super::format::{self, Frame, Kept, Mark, PlanFile};
use super::places::Recalled;
use super::unusable::Unusable;
use crate::catalogue::calls;
use crate::document::url::printable;
use crate::document::{Json, Path, PathError, PathPattern};
use crate::explain;
use crate::manifest::{Diagnostic, HOUSE, Origin, Severity, is_create_word, is_pool_id, is_region};
use crate::plan::{
    self, Acknowledged, Change, Difference, Direction, Finding, Level, Options, PlanReport, PlannedCall,
    Sharing,
};
use crate::report::Gone;
use crate::rules::{AllowedBy, Allows};

/// A plan that was read from its file.
#[derive(Clone, Debug)]
pub struct SavedPlan {
    /// The poolctl that made it.
    pub tool_version: String,
    /// When it was made, in RFC 3339.
    pub created: String,
    /// Whether its pools are an embedded sandbox's.
    pub sandbox: bool,
    /// The endpoint in place of Amazon's, where there was one.
    pub endpoint: Option<String>,
    /// The digest of the API model, where it was not the one that is built in.
    pub api_model: Option<String>,
    /// What the manifests were warned of.
    pub diagnostics: Vec<Diagnostic>,
    /// The pools that had no manifest any more.
    pub gone: Gone,
    /// The pools.
    pub pools: Vec<SavedPool>,
    /// The digest of the whole file: no other plan has it.
    pub digest: String,
    unknown: crate::catalogue::Unknown,
    allows: Allows,
}

/// One pool of a saved plan.
#[derive(Clone, Debug)]
pub struct SavedPool {
    /// Its plan, as it was shown.
    pub plan: PlanReport,
    /// Its manifest; secrets are references in it. Empty if the plan is only shown.
    pub manifest: String,
    /// What was planned and judged of it; everything if it is empty.
    pub only: Vec<PathPattern>,
    pub(super) salt: Arc<str>,
    /// The fingerprints of the changes, in their order.
    pub(super) fingerprints: Box<[Fingerprint]>,
    /// The fingerprints of the other live settings.
    pub(super) others: Box<[(Path, Fingerprint)]>,
}

impl SavedPlan {
    /// What the plan went by, on another day.
    pub fn options(&self, today: Date) -> Options {
        Options { unknown: self.unknown, today, allows: self.allows.clone(), is_strict: false }
    }

    pub(super) fn recall(document: PlanFile, mut pools: Vec<SavedPool>) -> Result<Self, Unusable> {
        let PlanFile { tool_version, summary, diagnostics, saved, digest } = document;
        let Frame { created, sandbox, endpoint, api_model, unknown, allow, .. } = saved;
        let Frame { gone_refuses, places, labels, salt, .. } = saved;
        let gone = Gone { pools: summary.gone, counts: gone_refuses };
        let places = places.recall().ok_or_else(misplaced)?;
        let diagnostics = diagnostics.into_iter().zip(labels);
        let diagnostics = diagnostics.map(|(told, label)| diagnostic(told, label, &places));
        let diagnostics: Result<_, _> = diagnostics.collect();
        let diagnostics = diagnostics.map_err(|error: Unusable| error.in_file_of(&tool_version))?;
        let salt: Arc<str> = salt.into();
        pools.iter_mut().for_each(|pool| pool.salt = Arc::clone(&salt));
        let allow = allow.iter().map(|flag| flag.parse::<Allows>()).collect::<Result<Vec<_>, _>>();
        let allows = Allows::all(&allow.map_err(|error| Unusable::Malformed(error.to_string()))?);
        let unknown = unknown.into();
        Ok(Self {
            tool_version,
            created,
            sandbox,
            endpoint,
            api_model,
            diagnostics,
            gone,
            pools,
            digest,
            unknown,
            allows,
        })
    }
}

impl SavedPool {
    /// The pool of a record, without what only an apply needs if the plan `is_shown`. The salt of the file is still to come.
    pub(super) fn recall(
        mut told: format::PoolRecord,
        sharing: &Sharing,
        is_shown: bool,
    ) -> Result<Self, Unusable> {
        let Kept { manifest, changes, others, only, .. } = &mut told.saved;
        let only = only.iter().map(|text| text.parse()).collect::<Result<_, PathError>>()?;
        let (manifest, marks, others): (_, &[Mark], BTreeMap<_, _>) = match is_shown {
            true => Default::default(),
            false => (mem::take(manifest), changes, mem::take(others)),
        };
        let fingerprints = marks.iter().map(|mark| mark.fingerprint).collect();
        let other = |(path, print): (String, _)| {
            let mut path = path.parse().ok()?;
            sharing.path(&mut path);
            Some((path, print))
        };
        let others = others.into_iter().filter_map(other).collect();
        let plan = report(told)?.compact(sharing);
        Ok(Self { plan, manifest, only, salt: Arc::default(), fingerprints, others })
    }
}

/// The plan of a record.
fn report(told: format::PoolRecord) -> Result<PlanReport, Unusable> {
    let format::PoolRecord {
        id,
        name,
        region,
        new: is_new,
        file,
        changes,
        findings,
        steps,
        unmanaged,
        planned_values,
        saved,
    } = told;
    let Kept { account, changes: marks, steps: stepped, surroundings, left_out, .. } = saved;
    let names_pool = if is_new { is_create_word(&id) } else { is_pool_id(&id) };
    if !names_pool || !is_region(&region) {
        return Err(Unusable::Malformed("it names no pool".to_owned()));
    }
    let places = saved.places.recall().ok_or_else(misplaced)?;
    let pairs = changes.into_iter().zip(&marks);
    let changes = pairs.map(|(told, mark)| change(told, mark, &places)).collect::<Result<_, _>>()?;
    let (acknowledged, findings): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|told| told.acknowledged.is_some());
    let findings = findings.into_iter().map(|told| finding(told, &places));
    let findings: Vec<_> = findings.collect::<Result<_, _>>()?;
    let acknowledged = acknowledged.into_iter().map(|told| self::acknowledged(told, &places));
    let acknowledged: Vec<_> = acknowledged.collect::<Result<_, _>>()?;
    let steps = steps.iter().zip(stepped).map(|(told, stepped)| step(told, stepped));
    Ok(PlanReport {
        unread: unread(&findings, &acknowledged),
        pool: plan::Pool { id, name, is_new, region, account, file },
        changes,
        findings,
        acknowledged,
        calls: steps.collect::<Result<_, _>>()?,
        unmanaged,
        // A plan is saved with every secret at hand.
        uncompared: 0,
        undeclared: Vec::new(),
        left_out: left_out.into_iter().map(|path| path.0).collect(),
        surroundings: surroundings.into_iter().map(Into::into).collect(),
        planned_values,
        hidden: places.hidden,
        rules_met: Vec::new(),
        is_drift: false,
        refuses_apply: false,
    })
}

/// A code that this version has a page for. Of an unknown one, the file's version is still to come.
fn known_code(code: String) -> Result<Cow<'static, str>, Unusable> {
    // The names of rules of the house are in no table.
    if code.starts_with(HOUSE) {
        return Ok(code.into());
    }
    let known = explain::codes().find(|known| *known == code);
    known.map(Cow::Borrowed).ok_or_else(|| Unusable::Code { code, tool: String::new() })
}

fn misplaced() -> Unusable {
    Unusable::Malformed("a place refers to a manifest that is not in the file".to_owned())
}

fn origin(source: Option<format::SourceRecord>, places: &Recalled) -> Result<Option<Origin>, Unusable> {
    let find = |source: format::SourceRecord| {
        places.at(&source.file, source.line, source.column).ok_or_else(misplaced)
    };
    source.map(find).transpose()
}

fn change(told: format::ChangeRecord, mark: &Mark, places: &Recalled) -> Result<Change, Unusable> {
    let format::ChangeRecord { path_text, action, mut before, after, masked, sensitive, .. } = told;
    let format::ChangeRecord { direction, source, template, .. } = told;
    for element in before.iter_mut().filter_map(Json::as_array_mut).flatten() {
        if masked.contains(element) {
            with_another_password(element);
        }
    }
    // A value that is withheld is there all the same.
    let side = |value: Option<Json>, is: bool| if sensitive { is.then_some(Json::Null) } else { value };
    let difference = Difference {
        path: path_text.0,
        before: side(before, action != format::ActionRecord::Add),
        after: side(after, action != format::ActionRecord::Remove),
        form: mark.form.into(),
    };
    Ok(Change {
        difference: difference.into(),
        sensitive,
        origin: origin(source, places)?,
        template: origin(template, places)?.map(Box::new),
        direction: direction.map(|word| self::direction(&word)).transpose()?,
    })
}

/// Gives a text a password, which is not printed: the file does not say which ones the two values had.
fn with_another_password(text: &mut Json) {
    let another = text.as_str().map(|text| Json::from(text.replacen("//", "//_:_@", 1)));
    if let Some(another) = another.filter(|another| *printable(another) == *text) {
        *text = another;
    }
}

fn direction(word: &str) -> Result<Direction, Unusable> {
    let known = [Direction::Pending, Direction::Drifted, Direction::Both];
    let known = known.into_iter().find(|direction| direction.word() == word);
    known.ok_or_else(|| Unusable::Malformed(format!("`{word}` is not a direction")))
}

fn finding(told: format::FindingRecord, places: &Recalled) -> Result<Finding, Unusable> {
    let format::FindingRecord { level, code, path_text, text, help, source, rule, .. } = told;
    let format::FindingRecord { blocking, allowed_by, .. } = told;
    let level = match level.as_str() {
        "conflict" => Level::Conflict,
        "risk" => Level::Risk,
        "warning" => Level::Warning,
        "note" => Level::Note,
        other => return Err(Unusable::Malformed(format!("`{other}` is not a level of a finding"))),
    };
    Ok(Finding {
        level,
        code: known_code(code)?,
        path: path_text.map(|path| path.0),
        text: text.into(),
        help: help.map(Into::into),
        origin: origin(source, places)?,
        blocking,
        allowed_by: allowed_by.map(|by| self::allowed_by(by, places)).transpose()?,
        rule: rule.map(|rule| Box::new(rule.into())),
    })
}

/// The number of declared values that were not compared.
fn unread(findings: &[Finding], acknowledged: &[Acknowledged]) -> usize {
    let told = acknowledged.iter().map(|told| &told.finding);
    findings.iter().chain(told).filter(|finding| finding.is_not_compared()).count()
}

fn acknowledged(mut told: format::FindingRecord, places: &Recalled) -> Result<Acknowledged, Unusable> {
    let format::AcknowledgedRecord { source, reason } = told.acknowledged.take().ok_or_else(misplaced)?;
    let origin = origin(Some(source), places)?.ok_or_else(misplaced)?;
    Ok(Acknowledged { finding: finding(told, places)?, origin, reason })
}

fn allowed_by(told: format::AllowedByRecord, places: &Recalled) -> Result<AllowedBy, Unusable> {
    match (told.flag, origin(told.source, places)?) {
        (Some(flag), _) => Ok(AllowedBy::Flag(flag)),
        (None, Some(origin)) => Ok(AllowedBy::Manifest { origin, reason: told.reason }),
        (None, None) => Err(misplaced()),
    }
}

fn step(told: &format::StepRecord, stepped: Vec<format::Stepped>) -> Result<PlannedCall, Unusable> {
    let operation = calls::CALLS.into_iter().find(|call| call.writes() && call.name == told.operation);
    let unknown = || Unusable::Malformed(format!("`{}` is not a call of a plan", told.operation));
    // The path of a document means its existence.
    let form = |path: &Path| match &told.resource {
        Some(document) if document.0 == *path => plan::Form::Document,
        _ => plan::Form::Value,
    };
    let change = |stepped: format::Stepped| {
        let form = form(&stepped.path.0);
        let after = if stepped.sensitive { (!stepped.removed).then_some(Json::Null) } else { stepped.after };
        let difference = Difference { path: stepped.path.0, before: None, after, form };
        Change { sensitive: stepped.sensitive, ..difference.into() }
    };
    let changes = stepped.into_iter().map(change).collect();
    let path = told.resource.as_ref().map(|path| path.0.clone());
    Ok(PlannedCall { operation: operation.ok_or_else(unknown)?, path, changes, is_whole: false })
}

fn diagnostic(
    told: format::DiagnosticRecord,
    label: String,
    places: &Recalled,
) -> Result<Diagnostic, Unusable> {
    let format::DiagnosticRecord { severity, code, text, help, file, source } = told;
    Ok(Diagnostic {
        severity: if severity == "error" { Severity::Error } else { Severity::Warning },
        code: known_code(code)?,
        message: text,
        file,
        label: origin(source, places)?.map(|origin| (origin, label)),
        related: None,
        help,
        hidden: places.hidden.clone().into(),
    })
}
