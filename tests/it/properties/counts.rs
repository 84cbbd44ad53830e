//! What decides who gets in is one list: an import, the drift after it and the risks of a change agree.

use std::collections::BTreeSet;

use poolctl::catalogue::{Catalogue, Entries, Sign, pattern_path};
use poolctl::document::{DocumentId, Json, Object, Path, Seg, json as document};
use poolctl::shapes::{ShapeKind, Shapes};
use serde_json::json;

use crate::harness::Workspace;
use crate::harness::world::POOL;

const LIVE: &str = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");

/// What a new pool of 2024 reads back that was made without a word on its policies.
fn new_pool(id: &str) -> Json {
    json!({
        "Id": id, "Name": id,
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
                "RequireSymbols": true, "TemporaryPasswordValidityDays": 7,
            },
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
        "DeletionProtection": "INACTIVE", "LambdaConfig": {}, "MfaConfiguration": "OFF",
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []},
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7},
        "AccountRecoverySetting": {"RecoveryMechanisms": [
            {"Name": "verified_email", "Priority": 1}, {"Name": "verified_phone_number", "Priority": 2},
        ]},
        "UserPoolTier": "ESSENTIALS",
    })
}

/// A pool's two documents.
#[derive(Clone, PartialEq)]
struct Documents {
    pool: Object,
    mfa: Object,
}

impl Documents {
    fn new(id: &str) -> Self {
        let mfa = json!({"MfaConfiguration": "OFF"});
        Self { pool: new_pool(id).as_object().unwrap().clone(), mfa: mfa.as_object().unwrap().clone() }
    }

    /// A new pool with MFA on, and factors for it.
    fn with_mfa(id: &str) -> Self {
        let mut documents = Self::new(id);
        let mode = Some(json!("ON"));
        documents.put(&path("MfaConfiguration"), mode.clone(), true);
        documents.put(&path("MfaConfiguration"), mode, false);
        let sender = json!({"SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "SnsRegion": "eu-west-1"});
        documents.put(&path("SmsConfiguration"), Some(sender.clone()), false);
        documents.put(&path("SmsMfaConfiguration"), Some(json!({"SmsConfiguration": sender})), true);
        documents.put(&path("EmailMfaConfiguration"), Some(json!({"Subject": "Your code"})), true);
        documents.put(&path("SoftwareTokenMfaConfiguration"), Some(json!({"Enabled": true})), true);
        documents
    }

    fn put(&mut self, at: &Path, value: Option<Json>, is_of_mfa: bool) {
        let document = if is_of_mfa { &mut self.mfa } else { &mut self.pool };
        match value {
            Some(value) => document::set(document, at, value),
            None => drop(document::remove(document, at)),
        }
    }

    fn write(&self, workspace: &Workspace, folder: &str, id: &str) {
        let pool = json!({ "UserPool": self.pool });
        workspace.write(&format!("{folder}/{id}.json"), pool.to_string());
        workspace.write(&format!("{folder}/{id}.mfa.json"), Json::Object(self.mfa.clone()).to_string());
    }
}

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

/// A value that the setting may have; another number gives another one.
fn value(catalogue: &Catalogue, at: &Path, number: usize) -> Json {
    let field = catalogue.setting(at).unwrap_or_else(|| panic!("{at} is no setting"));
    let shape = field.shape;
    let is_arn = shape.pattern.is_some_and(|pattern| pattern.contains("arn"));
    match shape.kind {
        ShapeKind::Boolean => json!(number.is_multiple_of(2)),
        ShapeKind::Integer => json!(10 + number),
        ShapeKind::String if !shape.allowed.is_empty() => json!(shape.allowed[number % shape.allowed.len()]),
        ShapeKind::String if is_arn && at.to_string().contains("Kms") => {
            json!(format!(
                "arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-12345678901{number}"
            ))
        }
        ShapeKind::String if is_arn => {
            json!(format!("arn:aws:lambda:eu-west-1:111122223333:function:f{number}"))
        }
        ShapeKind::String => json!(format!("word-{number}.example.com")),
        ShapeKind::List if field.key_member().is_some() => {
            let names = ["verified_email", "verified_phone_number"];
            json!([{"Name": names[number % 2], "Priority": 1}])
        }
        ShapeKind::List => {
            let names = field.inner().unwrap().allowed;
            let names = if names.is_empty() { &["openid", "admin"] } else { names };
            json!(names.iter().take(number + 1).collect::<Vec<_>>())
        }
        _ => json!({}),
    }
}

/// Values of the setting of a sign before and after a change that shows it; `None` is absence.
type Pair = (Option<Json>, Option<Json>);

fn pairs(catalogue: &Catalogue, sign: &Sign, at: &Path) -> Vec<Pair> {
    let some = |number| Some(value(catalogue, at, number));
    let literal = |text: &str| Some(serde_json::from_str::<Json>(text).unwrap());
    let other = |text: &str| {
        let known = literal(text);
        (0..3).map(some).find(|value| *value != known).unwrap()
    };
    match sign {
        Sign::Changes(_) | Sign::Replaced(_) => vec![(some(0), some(1)), (some(1), some(0))],
        Sign::Comes(_) => vec![(None, some(0)), (some(0), some(1))],
        Sign::Appears(_) => vec![(None, some(0))],
        Sign::AppearsWithout(..) => vec![(None, Some(json!({"OpenDcrEnabled": false})))],
        Sign::Disappears(_) => vec![(some(0), None)],
        Sign::Becomes(_, text) => vec![(other(text), literal(text)), (None, literal(text))],
        Sign::Leaves(_, text) => vec![(literal(text), other(text)), (literal(text), None)],
        Sign::Falls(_, absent) => {
            let low = absent.unwrap_or(0);
            vec![
                (Some(json!(low + 4)), Some(json!(low + 2))),
                (Some(json!(low)), Some(json!(low - 2))),
                (Some(json!(low + 4)), None),
            ]
        }
        Sign::Sinks(_, ranks) => {
            let steps = ranks.values.windows(2).map(|step| (Some(json!(step[1])), Some(json!(step[0]))));
            let highest = ranks.values.last().map(|highest| (Some(json!(highest)), None));
            steps.chain(highest).collect()
        }
        Sign::Gains(_, entries) => {
            entries_of(catalogue, at, entries).into_iter().map(|(a, b)| (b, a)).collect()
        }
        Sign::Loses(_, entries) => entries_of(catalogue, at, entries),
        _ => Vec::new(),
    }
}

/// Pairs of which the second has an entry less.
fn entries_of(catalogue: &Catalogue, at: &Path, entries: &Entries) -> Vec<Pair> {
    let field = catalogue.setting(at).unwrap();
    if field.shape.kind != ShapeKind::Structure {
        let (many, few) = (value(catalogue, at, 1), value(catalogue, at, 0));
        let mut pairs = vec![(Some(many.clone()), Some(few.clone())), (Some(many), None)];
        if field.shape.min != Some(1) {
            pairs.push((Some(few), Some(json!([]))));
        }
        return pairs;
    }
    let members = field.shape.members.iter().map(|(name, _)| *name);
    let members = members.filter(|name| !entries.but.contains(name));
    let members = members.map(|name| (name, catalogue.setting(&at.member(name)).unwrap().shape.kind));
    let texts = members.filter(|(_, kind)| *kind == ShapeKind::String);
    texts
        .map(|(name, _)| (Some(json!({name: value(catalogue, &at.member(name), 0)})), Some(json!({}))))
        .collect()
}

/// The pools before and after, for each sign of each risk that blocks, with the sign's own words.
fn weakenings(catalogue: &Catalogue) -> Vec<(String, Documents, Documents)> {
    let mut all = Vec::new();
    for risk in Catalogue::risks().iter().filter(|risk| risk.blocks) {
        for sign in risk.signs {
            let Some(text) = sign.path() else { continue };
            let at = pattern_path(text);
            // The branches have stories of their own.
            if catalogue.resource(&at).branch.is_some() {
                continue;
            }
            // An element of a list is set with the list around it.
            let set_at = at.written_at();
            let mut shown = 0;
            for (before, after) in pairs(catalogue, sign, &at) {
                let in_list = |value: Option<Json>| match (value, at == set_at, at.segs().get(2)) {
                    (Some(value), false, Some(Seg::Item(name))) => {
                        Some(json!([{"Name": &**name, "Priority": value}]))
                    }
                    (value, ..) => value,
                };
                let id = format!("eu-west-1_Sign{:04}", all.len());
                let is_of_mfa = catalogue.is_in(&set_at, &DocumentId::MFA);
                let needs_mfa = is_of_mfa && Catalogue::factors().any(|factor| Some(factor) == set_at.head())
                    || text == "MfaConfiguration";
                let base = if needs_mfa { Documents::with_mfa(&id) } else { Documents::new(&id) };
                let [before, after] = [before, after].map(|side| {
                    let mut documents = base.clone();
                    documents.put(&set_at, in_list(side.clone()), is_of_mfa);
                    if text == "MfaConfiguration" {
                        documents.put(&set_at, side.or(Some(json!("OFF"))), true);
                    }
                    documents
                });
                let canonical = |documents: &Documents| {
                    let Documents { pool, mfa } = documents.clone();
                    catalogue.canonical(&poolctl::document::Snapshot::new(pool, Some(mfa)))
                };
                if !risk.seen(&canonical(&before), &canonical(&after), &|_| true).is_empty() {
                    shown += 1;
                    all.push((format!("{}: {sign:?}", risk.code), before, after));
                }
            }
            assert!(shown > 0, "no change shows {sign:?} of {}", risk.code);
        }
    }
    all
}

#[test]
fn every_weakening_of_an_imported_pool_is_drift() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let weakenings = weakenings(&catalogue);
    assert!(weakenings.len() > 60, "only {}", weakenings.len());
    let workspace = Workspace::new();
    let id = |number: usize| format!("eu-west-1_Sign{number:04}");
    for (number, (_, before, after)) in weakenings.iter().enumerate() {
        let id = id(number);
        let [mut before, mut after] = [before.clone(), after.clone()];
        for documents in [&mut before, &mut after] {
            documents.put(&path("Id"), Some(json!(id)), false);
            documents.put(&path("Name"), Some(json!(id)), false);
        }
        before.write(&workspace, "before", &id);
        after.write(&workspace, "after", &id);
    }
    workspace.poolctl(["import", "--from", "before", "--all", "-o", "pools"]).output().expect(0);
    workspace.poolctl(["drift", "--live", "before"]).output().expect(0);
    let seen = workspace.poolctl(["drift", "--live", "after", "--format", "json"]).output().expect(2).json();
    let pools = seen["pools"].as_array().unwrap();
    let differing = pools.iter().filter(|pool| pool["exit_code"] == 2);
    let differing: BTreeSet<&str> = differing.map(|pool| pool["id"].as_str().unwrap()).collect();
    let unseen =
        weakenings.iter().enumerate().filter(|(number, _)| !differing.contains(id(*number).as_str()));
    let unseen: Vec<&str> = unseen.map(|(_, (words, ..))| words.as_str()).collect();
    assert_eq!(unseen, [""; 0]);
    assert_eq!(pools.len(), weakenings.len());
}

#[test]
fn a_weaker_password_policy_or_another_issuer_is_seen_after_an_import_though_the_value_was_the_default() {
    let workspace = Workspace::new();
    workspace.write(&format!("live/{POOL}.json"), LIVE);
    workspace.poolctl(["import", "--from", "live", "--all", "-o", "pools"]).output().expect(0);
    workspace.poolctl(["drift", "--live", "live"]).output().expect(0);
    for (is, becomes, shown) in [
        ("\"MinimumLength\": 8", "\"MinimumLength\": 6", "~ MinimumLength"),
        (
            "\"TemporaryPasswordValidityDays\": 7",
            "\"TemporaryPasswordValidityDays\": 365",
            "~ TemporaryPasswordValidityDays",
        ),
        ("\"Type\": \"ORIGINAL\"", "\"Type\": \"UPDATED\"", "? Type"),
    ] {
        assert!(LIVE.contains(is), "{is}");
        workspace.write(&format!("weak/{POOL}.json"), LIVE.replace(is, becomes));
        let seen = workspace.poolctl(["drift", "--live", "weak"]).output().expect(2);
        assert!(seen.stdout.contains(shown), "{becomes}: {seen}");
    }
}

#[test]
fn a_new_pool_has_not_drifted_and_one_that_is_no_longer_new_has() {
    let workspace = Workspace::new();
    let id = "eu-west-2_Fresh2024";
    workspace.write("pool.yaml", format!("version: 1\npool: {id}\nsettings: {{ PoolName: {id} }}\n"));
    let drift = |document: Json, code| {
        workspace.write(&format!("live/{id}.json"), json!({ "UserPool": document }).to_string());
        workspace.poolctl(["drift", "--live", "live", "pool.yaml"]).output().expect(code)
    };
    drift(new_pool(id), 0);
    let mut older = new_pool(id);
    older["UserPoolTier"] = json!("LITE");
    let seen = drift(older, 2);
    assert!(seen.stdout.contains("? UserPoolTier"), "{seen}");
    let mut weaker = new_pool(id);
    weaker["AccountRecoverySetting"]["RecoveryMechanisms"][0]["Priority"] = json!(3);
    let seen = drift(weaker, 2);
    assert!(seen.stdout.contains("AccountRecoverySetting"), "{seen}");
    let mut shorter = new_pool(id);
    shorter["Policies"]["PasswordPolicy"]["RequireSymbols"] = json!(false);
    let seen = drift(shorter, 2);
    assert!(seen.stdout.contains("RequireSymbols"), "{seen}");
}

#[test]
fn an_import_that_wants_to_be_told_of_everything_is_clean_at_once() {
    let workspace = Workspace::new();
    workspace.write(&format!("live/{POOL}.json"), LIVE);
    workspace.poolctl(["import", "--from", "live", "--all", "-o", "pools"]).output().expect(0);
    let file = std::fs::read_dir(workspace.path().join("pools")).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&file).unwrap() + "\nunmanaged: report\n";
    std::fs::write(&file, text).unwrap();
    let seen = workspace.poolctl(["drift", "--live", "live"]).output().expect(0);
    assert!(seen.stdout.contains("No drift."), "{seen}");
}
