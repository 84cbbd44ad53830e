//! What holds of saved plans, whatever the pool and the manifest.

use poolctl::apply::WaitingPlan;
use poolctl::catalogue::Catalogue;
use poolctl::document::Json;
use poolctl::plan::{Options, Plan, PlanReport, Sharing};
use poolctl::report::{Literals, Run, RunEntry, RunKind, Style, json, text};
use poolctl::rules::Desired;
use poolctl::sandbox::Omission;
use poolctl::saved::{self, Making, Resolved, SavedPart, SavedPlan, Unusable};
use poolctl::shapes::Shapes;
use poolctl::{manifest, rules};

use crate::properties::manifest::{Case, cases};
use crate::properties::stage::{Stage, accepting, check};

const ID: &str = "eu-west-1_a1B2c3D4E";
const NARROW: Style = Style { color: false, unicode: true, width: 80 };

fn that(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

/// What a manifest wants, and the manifest as a file keeps it.
fn wanted(catalogue: &Catalogue, text: &str) -> Option<(Desired, Resolved)> {
    let manifest = manifest::load("pool.yaml", text.as_bytes()).ok()?;
    let literals = Literals::of(catalogue, std::slice::from_ref(&manifest));
    let resolved = Resolved::new(catalogue, &manifest, &literals);
    Some((rules::check(catalogue, manifest).ok()?.0, resolved))
}

const SALT: &str = "00112233445566778899aabbccddeeff";

/// The file of a run over these plans, as text.
fn file_of(run: &Run<'_>, parts: &[SavedPart], options: &Options) -> String {
    let making = Making {
        created: "2026-11-23T17:00:00Z",
        salt: SALT,
        sandbox: false,
        endpoint: None,
        api_model: None,
        options,
    };
    let mut text = String::new();
    saved::write(run, parts.iter(), &making, &mut text).unwrap();
    text
}

/// The file of a plan, as text.
fn kept(catalogue: &Catalogue, plan: &Plan, resolved: &Resolved, options: &Options) -> String {
    let part = SavedPart::new(catalogue, plan, resolved, SALT);
    file_of(&Run::new(RunKind::Plan, &[RunEntry::planned(&plan.report, 0)]), &[part], options)
}

fn read(text: &[u8]) -> Result<SavedPlan, Unusable> {
    SavedPlan::read(&mut serde_json::Deserializer::from_slice(text))
}

/// The file of a plan of a case; nothing where the manifest is refused.
fn file(catalogue: &Catalogue, case: &Case) -> Option<(Plan, Desired, String)> {
    let (desired, resolved) = wanted(catalogue, &case.manifest(ID))?;
    let plan = Plan::new(catalogue, case.live.clone(), &desired, &accepting());
    let text = kept(catalogue, &plan, &resolved, &accepting());
    Some((plan, desired, text))
}

#[test]
fn what_is_shown_is_what_was_planned_and_nothing_has_moved() {
    let (shapes, catalogue) = (Shapes::bundled(), Catalogue::new(Shapes::bundled()));
    check(120, &cases(&shapes), |case| {
        let Some((plan, desired, file)) = file(&catalogue, case) else { return Ok(()) };
        let saved = read(file.as_bytes()).map_err(|error| format!("{error}\n{file}"))?;
        let recalled = &saved.pools[0].plan;
        let told = |plan: &PlanReport| {
            let entries = [RunEntry::planned(plan, 0)];
            let run = Run::new(RunKind::Plan, &entries);
            {
                let mut text = String::new();
                text::pools(&run, &NARROW, &mut text).unwrap();
                (text, json::document(&run).to_string())
            }
        };
        let (one, other) = (told(&plan.report), told(recalled));
        that(one == other, || format!("{}---\n{}", one.0, other.0))?;

        let again = Plan::again(&catalogue, case.live.clone(), &desired, &accepting(), recalled);
        let standing = saved.pools[0].standing(&catalogue, &again);
        that(standing == poolctl::saved::Standing::default(), || format!("{standing:?}"))?;
        let secret = case.live.pool().get("SmsConfiguration").and_then(|sms| sms.get("ExternalId"));
        let secret = secret.and_then(Json::as_str).filter(|secret| secret.len() > 12);
        that(secret.is_none_or(|secret| !file.contains(secret)), || format!("{secret:?} is in\n{file}"))
    });
}

/// The parsed file without what it has more than the JSON plan, and its digest as the rest has it.
fn without_saved(file: &str) -> (Json, String) {
    let mut document: Json = serde_json::from_str(file).unwrap();
    let members = document.as_object_mut().unwrap();
    members.shift_remove("digest");
    let digest = saved::digest(Json::Object(members.clone()).to_string().as_bytes());
    members.shift_remove("saved");
    for pool in members["pools"].as_array_mut().unwrap() {
        assert!(pool.as_object_mut().unwrap().shift_remove("saved").is_some());
    }
    (document, digest)
}

#[test]
fn a_file_is_the_json_plan_with_members_more_and_a_digest_over_all() {
    let (shapes, catalogue) = (Shapes::bundled(), Catalogue::new(Shapes::bundled()));
    check(60, &cases(&shapes), |case| {
        let Some((desired, resolved)) = wanted(&catalogue, &case.manifest(ID)) else { return Ok(()) };
        let plan = Plan::new(&catalogue, case.live.clone(), &desired, &accepting());
        for pools in [0, 1, 3] {
            let entries: Vec<_> = (0..pools).map(|_| RunEntry::planned(&plan.report, 0)).collect();
            let parts = vec![SavedPart::new(&catalogue, &plan, &resolved, SALT); pools];
            let run = Run::new(RunKind::Plan, &entries);
            let file = file_of(&run, &parts, &accepting());
            let (plain, digest) = without_saved(&file);
            // Two texts are the same where their members are in the same order.
            let (plain, expected) = (plain.to_string(), json::document(&run).to_string());
            that(plain == expected, || format!("{plain}\n{expected}"))?;
            let whole: Json = serde_json::from_str(&file).unwrap();
            that(whole["digest"] == digest, || file.clone())?;
            that(file == poolctl::report::json_text(&whole), || file.clone())?;
            let read = read(file.as_bytes()).map_err(|error| error.to_string())?;
            that(read.pools.len() == pools && read.digest == digest, || file.clone())?;
        }
        Ok(())
    });
}

#[test]
fn a_plan_that_waited_as_what_it_is_made_from_is_the_same() {
    let (shapes, catalogue) = (Shapes::bundled(), Catalogue::new(Shapes::bundled()));
    check(120, &cases(&shapes), |case| {
        let Some((plan, desired, file)) = file(&catalogue, case) else { return Ok(()) };
        let saved = read(file.as_bytes()).map_err(|error| error.to_string())?;
        let shown = &saved.pools[0].plan;
        let again = Plan::again(&catalogue, case.live.clone(), &desired, &accepting(), shown);
        for plan in [plan, again] {
            let folded = WaitingPlan::folded(plan.clone(), &Sharing::default());
            let unfolded = folded.unfolded(&catalogue, &desired, &accepting());
            that(unfolded.base == plan.base, || format!("{:?}", unfolded.base))?;
            // All of a plan but places, which know the text of the manifest.
            let of = |plan: &Plan| {
                let Plan { target, steps, declared, implied, only, .. } = plan.clone();
                let told = json::document(&Run::new(RunKind::Plan, &[RunEntry::planned(&plan.report, 0)]));
                (target, steps, declared, implied, only, plan.secret_paths().to_vec(), told.to_string())
            };
            that(of(&unfolded) == of(&plan), || format!("{:?}\n{:?}", unfolded.report, plan.report))?;
            let bodies = |plan: &Plan| -> Vec<String> {
                let body = |step| Json::Object(plan.body(&catalogue, step)).to_string();
                plan.steps.iter().map(body).collect()
            };
            that(bodies(&unfolded) == bodies(&plan), || format!("{:?}", bodies(&unfolded)))?;
        }
        Ok(())
    });
}

/// A file with this document, and with the digest that is right for it.
fn sealed(mut document: Json) -> String {
    let members = document.as_object_mut().unwrap();
    members.shift_remove("digest");
    let digest = saved::digest(Json::Object(members.clone()).to_string().as_bytes());
    members.insert("digest".to_owned(), digest.into());
    document.to_string()
}

#[test]
fn a_file_that_was_edited_is_not_called_damaged() {
    let whole: Json = serde_json::from_str(&small()).unwrap();
    let three = |edit: fn(&mut Json)| {
        let mut document = whole.clone();
        document["pools"] = Json::Array(vec![whole["pools"][0].clone(); 3]);
        let sound = sealed(document.clone());
        edit(&mut document["pools"][1]);
        document["digest"] = serde_json::from_str::<Json>(&sound).unwrap()["digest"].clone();
        (document.clone(), sealed(document))
    };
    let told = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
    for (edit, damage) in [
        (
            (|pool| drop(pool.as_object_mut().unwrap().shift_remove("id"))) as fn(&mut Json),
            "missing field `id`",
        ),
        (|pool| *pool = Json::Null, "invalid type: null, expected struct PoolRecord"),
        (|pool| pool["id"] = "a b".into(), "it names no pool"),
        (|pool| pool["saved"]["manifest"] = "".into(), "its parts do not match"),
        (|pool| pool["saved"]["others"]["Name"] = "".into(), "a fingerprint is not 64 hexadecimal digits"),
    ] {
        let (edited, resealed) = three(edit);
        assert_eq!(told(&edited.to_string()), "was changed after it was saved: its digest does not match");
        assert_eq!(told(&resealed), format!("is damaged: {damage}"));
    }
    let (mut pools, list) = (whole.clone(), whole["pools"].clone());
    pools["pools"] = serde_json::json!({ "0": list });
    assert_eq!(told(&sealed(pools)), "was changed after it was saved: its digest does not match");
}

#[test]
fn the_blanks_of_a_file_mean_nothing_and_a_member_is_there_once() {
    let compact = small();
    let value: Json = serde_json::from_str(&compact).unwrap();
    let indented = poolctl::report::json_text(&value);
    for text in [&indented, &indented.replace('\n', "\r\n"), &indented.replace("\n  ", "\n\t")] {
        assert_eq!(read(text.as_bytes()).unwrap().digest, value["digest"].as_str().unwrap(), "{text}");
    }
    for name in ["format_version", "pools", "saved", "digest"] {
        let (member, rest) = (format!("{}:{},", Json::from(name), value[name]), &compact[1..]);
        let error = read(format!("{{{member}{rest}").as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), format!("was changed after it was saved: it has `{name}` twice"));
    }
    // A digest is of what is read: the last of the two.
    for (member, place) in
        [("\"id\"", "pools[0].id"), ("\"manifest_digest\"", "pools[0].saved.manifest_digest")]
    {
        let first = format!("{member}:{{\"hidden\":1}},{member}:");
        let text = compact.replacen(&format!("{member}:"), &first, 1);
        let told = read(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(told, format!("was changed after it was saved: it has `{place}` twice"));
    }
}

#[test]
fn a_saved_plan_that_was_applied_leaves_nothing_to_do() {
    let shapes = Shapes::bundled();
    let stage = Stage::new(Omission::Documented);
    let catalogue = Catalogue::new(Shapes::bundled());
    stage.check(30, &cases(&shapes), async |stage, case| {
        let pool = stage.pool(&case.live);
        let Some((desired, resolved)) = wanted(&catalogue, &case.manifest(&pool.id)) else {
            return Ok("no manifest");
        };
        let plan = pool.plan(&desired).await;
        if plan.report.is_refused() || plan.report.changes.is_empty() {
            return Ok("nothing to apply");
        }
        let file = kept(&catalogue, &plan, &resolved, &accepting());
        let saved = read(file.as_bytes()).map_err(|error| error.to_string())?;
        let again = |live| Plan::again(&catalogue, live, &desired, &accepting(), &saved.pools[0].plan);
        let applied = pool.apply(&desired, &again(pool.live().await)).await;
        if !applied.outcome.is_clean() {
            return Ok("the service refuses it");
        }
        let after = again(pool.live().await);
        let standing = saved.pools[0].standing(&catalogue, &after);
        that(after.report.changes.is_empty(), || format!("{:?}", after.report.changes))?;
        that(standing.movement.stale.is_empty(), || format!("{standing:?}"))?;
        that(standing.applied == plan.report.changes.len(), || format!("{standing:?}"))?;
        Ok("applied")
    });
    assert!(stage.ended("applied") >= 10, "too few plans were applied");
}

/// A plan with a change, a risk and a place, in a file as short as such a file can be.
fn small() -> String {
    let catalogue = Catalogue::new(Shapes::bundled());
    let pool = serde_json::json!({"Id": ID, "Name": "p", "UserPoolTags": {"a": "b"}});
    let live = poolctl::document::Snapshot::of_pool(pool.as_object().cloned().unwrap());
    let text = format!("version: 1\npool: {ID}\nsettings: {{ UserPoolTags: {{ a: null }} }}\n");
    let (desired, resolved) = wanted(&catalogue, &text).unwrap();
    let plan = Plan::new(&catalogue, live, &desired, &accepting());
    let file = kept(&catalogue, &plan, &resolved, &accepting());
    serde_json::from_str::<Json>(&file).unwrap().to_string()
}

#[test]
fn no_part_of_a_file_is_taken_for_the_whole() {
    let whole = small();
    assert!(read(whole.as_bytes()).is_ok());
    for end in 0..whole.len() {
        assert!(read(&whole.as_bytes()[..end]).is_err(), "{}", &whole[..end]);
    }
}

/// Every value in `value`, changed by itself, or taken out.
fn edits(value: &Json) -> Vec<Json> {
    let mut out = vec![match value {
        Json::String(text) => Json::from(format!("{text}x")),
        Json::Bool(bool) => Json::from(!bool),
        Json::Number(_) => Json::from(4711),
        Json::Null => Json::from(0),
        Json::Array(_) | Json::Object(_) => Json::Null,
    }];
    match value {
        Json::Object(members) => {
            for (name, member) in members {
                let with = |edited: Json| {
                    let mut members = members.clone();
                    members.insert(name.clone(), edited);
                    Json::Object(members)
                };
                out.extend(edits(member).into_iter().map(with));
                let mut without = members.clone();
                without.shift_remove(name);
                out.push(Json::Object(without));
            }
        }
        Json::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let with = |edited: Json| {
                    let mut elements = elements.clone();
                    elements[index] = edited;
                    Json::Array(elements)
                };
                out.extend(edits(element).into_iter().map(with));
            }
        }
        _ => {}
    }
    out
}

#[test]
fn no_member_of_a_file_can_be_edited_unseen() {
    let whole: Json = serde_json::from_str(&small()).unwrap();
    let edits = edits(&whole);
    assert!(edits.len() > 150, "only {} edits", edits.len());
    for edited in edits {
        assert!(read(edited.to_string().as_bytes()).is_err(), "{edited}");
    }
}

#[test]
fn what_was_allowed_until_a_day_is_refused_after_it() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let pool = serde_json::json!({"Id": ID, "Name": "p", "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:111122223333:function:a"}});
    let live = poolctl::document::Snapshot::of_pool(pool.as_object().cloned().unwrap());
    let text = format!(
        "version: 1\npool: {ID}\nsettings: {{ LambdaConfig: {{ PreSignUp: null }} }}\nallow: [{{ risk: trigger-removal, reason: moved, until: 2026-11-23 }}]\n"
    );
    let (desired, resolved) = wanted(&catalogue, &text).unwrap();
    let options = Options { allows: Default::default(), ..accepting() };
    let plan = Plan::new(&catalogue, live.clone(), &desired, &options);
    assert!(!plan.report.is_refused());
    let file = kept(&catalogue, &plan, &resolved, &options);
    let saved = read(file.as_bytes()).unwrap();
    let refused = |today| {
        let options = saved.options(today);
        let shown = &saved.pools[0].plan;
        Plan::again(&catalogue, live.clone(), &desired, &options, shown).report.is_refused()
    };
    assert!(!refused(time::macros::date!(2026 - 11 - 23)));
    assert!(refused(time::macros::date!(2026 - 11 - 24)));
}
