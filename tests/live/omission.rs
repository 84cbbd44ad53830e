//! One member after another is set by a complete request, and then left out of one, null, or reset.
//!
//! Everything else goes along each time, so what happens is about that member alone. The value that is
//! shown after the first request is the control: without it there is nothing to lose.

use poolctl::document::{Json, Object};
use serde_json::json;

use crate::findings::{Expected, Findings, Found, answered, expect};
use crate::members::{Around, Case, Fate};
use crate::pools::Pool;
use crate::request::{at, complete, moved, put, take};
use crate::wire::Failure;

/// How a member is taken away.
#[derive(Clone, Copy)]
enum Way {
    Absent,
    Null,
    Reset(fn() -> Json),
}

/// Measures these members on one pool, one after another.
pub(crate) fn measure<'a>(
    pool: &Pool<'_>,
    around: &Around,
    cases: impl IntoIterator<Item = &'a Case>,
    findings: &Findings,
) {
    let echo = answered(echo(pool), |moved| moved);
    findings.add("echo", "everything as it is", expect("accepted, nothing moved", "rules: none"), echo);
    for case in cases {
        let member = case.member;
        let omitted = Expected {
            documented: words(case.documented),
            measured: words(case.measured),
            rule: case.rule.to_owned(),
        };
        let mut ways = vec![("omission", format!("no {member}"), omitted.clone(), Way::Absent)];
        let null = Expected { rule: "validate [I] null is absence".to_owned(), ..omitted };
        ways.push(("null", format!("{member}: null"), null, Way::Null));
        if let Some((value, fate)) = case.reset {
            let expected = expect(words(fate), "update, fills, mirrors");
            ways.push(("reset", format!("{member}: {}", value()), expected, Way::Reset(value)));
        }
        for (experiment, sent, expected, way) in ways {
            findings.add(experiment, sent, expected, take_away(pool, case, around, way));
        }
    }
}

fn words(fate: Fate) -> String {
    match fate {
        Fate::Kept => "kept".to_owned(),
        Fate::Gone => "gone".to_owned(),
        Fate::Becomes(value) => format!("becomes {}", sorted(&value())),
        Fate::Refused(words) => format!("refused: {words}"),
    }
}

/// The complete request alone: were it refused or did it move anything, no other finding would mean much.
fn echo(pool: &Pool<'_>) -> Result<String, Failure> {
    let before = pool.describe()?;
    let after = pool.update(complete(&before))?;
    let moved = moved(&before, &after, &[]);
    Ok(format!("accepted, {}", if moved.is_empty() { "nothing moved" } else { &moved }))
}

fn take_away(pool: &Pool<'_>, case: &Case, around: &Around, way: Way) -> Found {
    let value = (case.value)(around).ok_or("takes a resource that was not given")?;
    let before = establish(pool, case, &value)?;
    let mut body = with_company(case, complete(&before));
    match way {
        Way::Absent => take(&mut body, case.member),
        Way::Null => put(&mut body, case.member, Json::Null),
        Way::Reset(value) => put(&mut body, case.member, value()),
    }
    let doubt = |found| if pool.doubtful.get() { found + "; but its date did not move" } else { found };
    answered(pool.update(body), |after| doubt(outcome(case, &before, &after)))
}

/// The pool with the value in place, or why there is nothing to take away.
fn establish(pool: &Pool<'_>, case: &Case, value: &Json) -> Result<Object, String> {
    let failed = |failure: Failure| format!("it could not be set: {failure}");
    let shown = if case.member == "MfaConfiguration" {
        let tokens = json!({"MfaConfiguration": value, "SoftwareTokenMfaConfiguration": {"Enabled": true}});
        pool.set_mfa(tokens).and_then(|()| pool.describe())
    } else {
        let mut body = with_company(case, complete(&pool.describe().map_err(failed)?));
        put(&mut body, case.member, value.clone());
        pool.update(body)
    };
    let shown = shown.map_err(failed)?;
    let read = read_name(case.member);
    match at(&shown, read) {
        Some(now) if !covers(now, value) => Err(format!("it could not be set: it shows {now}")),
        // Kept or reset would look the same.
        now @ Some(_) if now == at(&pool.bare, read) => Err("a new pool has the same".to_owned()),
        Some(_) => Ok(shown),
        None => Err("it could not be set: it does not show".to_owned()),
    }
}

fn with_company(case: &Case, mut body: Object) -> Object {
    for path in case.without {
        take(&mut body, path);
    }
    if let Json::Object(company) = (case.beside)() {
        body.extend(company);
    }
    body
}

fn outcome(case: &Case, before: &Object, after: &Object) -> String {
    let read = read_name(case.member);
    let fate = match (at(before, read), at(after, read)) {
        (before, after) if before == after => "kept".to_owned(),
        (_, None) => "gone".to_owned(),
        (_, Some(now)) => format!("becomes {}", sorted(now)),
    };
    let (mut before, mut after) = (before.clone(), after.clone());
    for document in [&mut before, &mut after] {
        take(document, read);
    }
    match moved(&before, &after, case.follows) {
        moved if moved.is_empty() => fate,
        moved => format!("{fate}; besides, {moved}"),
    }
}

fn read_name(member: &str) -> &str {
    if member == "PoolName" { "Name" } else { member }
}

/// Whether a value holds all that was sent; the service may add to it.
fn covers(shown: &Json, sent: &Json) -> bool {
    match (shown, sent) {
        (Json::Object(shown), Json::Object(sent)) => {
            sent.iter().all(|(name, sent)| shown.get(name).is_some_and(|shown| covers(shown, sent)))
        }
        (shown, sent) => shown == sent,
    }
}

/// The value with its members in the order of the alphabet: their order means nothing.
fn sorted(value: &Json) -> Json {
    match value {
        Json::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            members.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect()
        }
        Json::Array(elements) => elements.iter().map(sorted).collect(),
        value => value.clone(),
    }
}
