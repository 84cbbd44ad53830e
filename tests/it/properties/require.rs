//! Rules of the house: `validate`, `plan` and `drift` agree on generated pools and manifests, and with a reading of the
//! rules that shares no code with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use poolctl::catalogue::{Catalogue, Unknown};
use poolctl::document::{DocumentId, Json, Object, Snapshot};
use poolctl::manifest::{self, Diagnostic, yaml};
use poolctl::plan::{Finding, Level, Options, Plan};
use poolctl::rules::{self, Allows, Desired, house};
use poolctl::shapes::Shapes;
use proptest::prelude::*;
use serde_json::json;

use crate::properties::stage;

/// A setting, the values that it may have as JSON, its default, and a rule about it with what the rule means.
struct Setting {
    of_clients: bool,
    path: &'static str,
    values: &'static [&'static str],
    default: &'static str,
    rule: &'static str,
    holds: fn(&Json) -> bool,
}

const fn pool(path: &'static str, values: &'static [&'static str], default: &'static str) -> Setting {
    Setting { of_clients: false, path, values, default, rule: "", holds: |_| true }
}

const fn client(path: &'static str, values: &'static [&'static str], default: &'static str) -> Setting {
    Setting { of_clients: true, ..pool(path, values, default) }
}

impl Setting {
    const fn rule(mut self, rule: &'static str, holds: fn(&Json) -> bool) -> Self {
        (self.rule, self.holds) = (rule, holds);
        self
    }
}

fn has(list: &Json, word: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|one| one == word))
}

static SETTINGS: &[Setting] = &[
    pool("DeletionProtection", &["\"ACTIVE\"", "\"INACTIVE\""], "\"INACTIVE\"")
        .rule("is: ACTIVE", |value| value == "ACTIVE"),
    pool("Policies.PasswordPolicy.MinimumLength", &["7", "8", "12", "20"], "8")
        .rule("min: 10", |value| value.as_i64().unwrap() >= 10),
    pool("Policies.PasswordPolicy.TemporaryPasswordValidityDays", &["1", "7", "30"], "7")
        .rule("max: 7", |value| value.as_i64().unwrap() <= 7),
    pool(
        "UserPoolTags",
        &["{\"team\":\"x\"}", "{\"stage\":\"y\"}", "{\"team\":\"x\",\"stage\":\"y\"}"],
        "{}",
    )
    .rule("has: [team]", |value| value.get("team").is_some()),
    pool("AdminCreateUserConfig.AllowAdminCreateUserOnly", &["true", "false"], "false")
        .rule("is: true", |value| *value == json!(true)),
    client("PreventUserExistenceErrors", &["\"ENABLED\"", "\"LEGACY\""], "\"LEGACY\"")
        .rule("in: [ENABLED]", |value| value == "ENABLED"),
    client(
        "ExplicitAuthFlows",
        &["[]", "[\"ALLOW_USER_SRP_AUTH\"]", "[\"ALLOW_USER_PASSWORD_AUTH\",\"ALLOW_REFRESH_TOKEN_AUTH\"]"],
        "[]",
    )
    .rule("lacks: [ALLOW_CUSTOM_AUTH, ALLOW_USER_PASSWORD_AUTH]", |value| {
        value.as_array().is_some_and(|all| !all.is_empty()) && !has(value, "ALLOW_USER_PASSWORD_AUTH")
    }),
    client(
        "CallbackURLs",
        &[
            "[]",
            "[\"https://example.com/a\"]",
            "[\"https://example.com/a\",\"https://example.com.evil.net/\"]",
        ],
        "[]",
    )
    .rule("each: { scheme: https, host: example.com }", |value| !has(value, "https://example.com.evil.net/")),
    client("AnalyticsConfiguration.ApplicationId", &["\"a\""], "null").rule("absent: true", Json::is_null),
    client("AuthSessionValidity", &["3", "5", "15"], "3")
        .rule("max: 5", |value| value.as_i64().unwrap() <= 5),
];

/// The labels of the clients: the manifest may declare the first two.
const CLIENTS: [&str; 3] = ["web", "app", "other"];

/// For each place of a setting the live value, and the declared one.
type Case = Vec<(Option<usize>, Option<usize>)>;

/// Each setting of the pool, and of each client.
fn places() -> Vec<(&'static Setting, Option<&'static str>)> {
    let of = |setting: &'static Setting| {
        let labels: Vec<Option<&str>> =
            if setting.of_clients { CLIENTS.into_iter().map(Some).collect() } else { vec![None] };
        labels.into_iter().map(move |label| (setting, label))
    };
    SETTINGS.iter().flat_map(of).collect()
}

fn cases() -> impl Strategy<Value = Case> {
    let choice = |(setting, label): (&'static Setting, Option<&str>)| {
        let some = |weight| prop::option::weighted(weight, 0..setting.values.len());
        let declared = if label == Some("other") { Just(None).boxed() } else { some(0.4).boxed() };
        (some(0.7), declared)
    };
    places().into_iter().map(choice).collect::<Vec<_>>()
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

fn put(object: &mut Object, path: &str, value: Json) {
    poolctl::document::json::set(object, &path.parse().unwrap(), value);
}

/// The live pool and the manifest of a case.
fn world(case: &Case) -> (Snapshot, String) {
    let mut pool = json!({"Id": "eu-west-1_a", "Name": "p"}).as_object().unwrap().clone();
    let mut clients: BTreeMap<&str, Object> = BTreeMap::new();
    for label in CLIENTS {
        let client = json!({"UserPoolId": "eu-west-1_a", "ClientId": label, "ClientName": label});
        clients.insert(label, client.as_object().unwrap().clone());
    }
    let (mut settings, mut entries) = (Object::new(), Object::new());
    for ((live, declared), (setting, label)) in case.iter().zip(places()) {
        if let Some(value) = live.map(|nth| parsed(setting.values[nth])) {
            let document = label.map_or(&mut pool, |label| clients.get_mut(label).unwrap());
            put(document, setting.path, value);
        }
        if let Some(value) = declared.map(|nth| parsed(setting.values[nth])) {
            let at = label.map_or(setting.path.to_owned(), |label| format!("{label}.{}", setting.path));
            put(if label.is_some() { &mut entries } else { &mut settings }, &at, value);
        }
    }
    let mut snapshot = Snapshot::of_pool(pool);
    let mut list = Object::new();
    for (label, client) in clients {
        list.insert(label.to_owned(), json!({"ClientId": label, "ClientName": label}));
        // One that no manifest declares is only looked up.
        let id = DocumentId::CLIENTS.labelled(label);
        let id = if entries.contains_key(label) { id } else { id.looked_up() };
        snapshot.put(id, Some(client.into()));
    }
    snapshot.put(DocumentId::CLIENTS.looked_up(), Some(list.clone().into()));
    if !entries.is_empty() {
        snapshot.put(DocumentId::CLIENTS, Some(list.into()));
    }
    let text = format!(
        "version: 1\npool: eu-west-1_a\nsettings: {}\nclients: {}\n",
        Json::Object(settings),
        Json::Object(entries)
    );
    (snapshot, text.replace("settings: {}\n", "").replace("clients: {}\n", ""))
}

/// The names of the rules that these values break, each with its path; `after` also has what is declared.
fn expected(case: &Case, after: bool) -> BTreeSet<(String, String)> {
    let mut broken = BTreeSet::new();
    for ((live, declared), (setting, label)) in case.iter().zip(places()) {
        let live = live.map(|nth| parsed(setting.values[nth]));
        let declared = declared.filter(|_| after).map(|nth| parsed(setting.values[nth]));
        let mut value = declared.clone().or(live.clone()).unwrap_or_else(|| parsed(setting.default));
        // Of tags, those that nobody names stay.
        if let (Some(Json::Object(live)), Some(Json::Object(declared))) = (live, declared) {
            let all: Object = live.into_iter().chain(declared).collect();
            value = Json::Object(all);
        }
        if !(setting.holds)(&value) {
            broken.insert((format!("require:{}", name(setting)), path(setting, label)));
        }
    }
    broken
}

fn name(setting: &Setting) -> String {
    setting.path.replace('.', "-")
}

fn path(setting: &Setting, label: Option<&str>) -> String {
    label.map_or(setting.path.to_owned(), |label| format!("clients.{label}.{}", setting.path))
}

fn rules_of(catalogue: &Catalogue) -> Arc<[house::HouseRule]> {
    let rule = |setting: &Setting| {
        let of = if setting.of_clients { "clients" } else { "pools" };
        format!("- {{ name: {}, of: {of}, path: {}, {} }}\n", name(setting), setting.path, setting.rule)
    };
    let text: String = SETTINGS.iter().map(rule).collect();
    let (root, _) = yaml::parse("poolctl.yaml", text.as_bytes()).unwrap();
    house::read(catalogue, root, &|_, _| panic!("no rule is in another file")).unwrap().into()
}

/// The findings about rules, each by its code and path.
fn told<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> BTreeSet<(String, String)> {
    let of = |finding: &Finding| Some((finding.code.to_string(), finding.path.as_ref()?.to_string()));
    let rules = findings.into_iter().filter(|finding| finding.code.starts_with("require:"));
    rules.filter_map(of).collect()
}

fn differs(
    what: &str,
    told: &BTreeSet<(String, String)>,
    expected: &BTreeSet<(String, String)>,
) -> Result<(), String> {
    if told == expected { Ok(()) } else { Err(format!("{what}: {told:?}, and not {expected:?}")) }
}

#[test]
fn validate_plan_and_drift_agree_on_what_rules_say() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let require = rules_of(&catalogue);
    let today = time::macros::date!(2026 - 11 - 23);
    let options = Options { unknown: Unknown::Echo, today, allows: Allows::default(), is_strict: false };
    let blocked = std::cell::Cell::new((0, 0));
    stage::check(300, &cases(), |case| {
        let (live, text) = world(case);
        let load = || manifest::load("pool.yaml", text.as_bytes()).unwrap();
        let (desired, _) = rules::check(&catalogue, load()).map_err(|wrong| format!("{text}: {wrong:?}"))?;
        let desired = Desired { require: Arc::clone(&require), ..desired };
        let plan = Plan::new(&catalogue, live.clone(), &desired, &options);
        let (before, after) = (expected(case, false), expected(case, true));
        differs("the plan", &told(&plan.report.findings), &after)?;
        // What was not broken before is made by the plan.
        let risks = told(plan.report.findings(Level::Risk));
        let made: BTreeSet<_> = after.difference(&before).cloned().collect();
        if !made.is_subset(&risks) {
            return Err(format!("{made:?} does not block: {risks:?}\n{text}"));
        }
        let changed = |path: &str| {
            let at = path.parse().unwrap();
            plan.report.changes.iter().any(|change| change.path.overlaps(&at))
        };
        if let Some((code, path)) = risks.iter().find(|(_, path)| !changed(path)) {
            return Err(format!("{code} at {path} blocks without a change\n{text}"));
        }
        let (all, some) = blocked.get();
        blocked.set((all + 1, some + u32::from(!risks.is_empty())));
        let drift = |live: Snapshot| Plan::drift(&catalogue, live, &desired, &options);
        differs("drift before", &told(drift(live).report.findings(Level::Conflict)), &before)?;
        let then = drift(Snapshot::clone(&plan.target));
        differs("drift after", &told(then.report.findings(Level::Conflict)), &after)?;
        let alone = rules::check_alone(&catalogue, load(), today, &require);
        let alone = alone.map_or_else(|all| all, |(_, all)| all);
        // The path is the first word of the message.
        let of = |finding: &Diagnostic| {
            let path = finding.message.split('`').nth(1).unwrap_or_default().to_owned();
            (finding.code.to_string(), path)
        };
        let validated: BTreeSet<_> =
            alone.iter().filter(|finding| finding.code.starts_with("require:")).map(of).collect();
        let is_decided = |(_, path): &&(String, String)| {
            let at = path.parse().unwrap();
            // One tag does not tell of the others.
            desired.wants.iter().any(|want| want.path == at)
        };
        let decided: BTreeSet<_> = after.iter().filter(is_decided).cloned().collect();
        differs("validate", &validated, &decided)
    });
    let (all, some) = blocked.get();
    assert!(some * 4 > all && some < all, "of {all} plans {some} are blocked");
}
