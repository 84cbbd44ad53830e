//! App clients over HTTP: what nobody declared is what it was, a second plan is empty, and each client is written once.

use poolctl::apply::ApplyOutcome;
use poolctl::document::{Json, Object, Snapshot};
use poolctl::sandbox::Omission;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::properties::stage::{Pool, Stage};

/// A member of a client that can be changed by itself, with values that the service takes beside any of the others.
const SETTINGS: [(&str, &[&str]); 9] = [
    ("ClientName", &["\"one\"", "\"two words\"", "\"three\""]),
    ("RefreshTokenValidity", &["1", "30", "0", "3650"]),
    ("ReadAttributes", &["[]", "[\"email\"]", "[\"email\",\"name\"]"]),
    (
        "LogoutURLs",
        &["[]", "[\"https://a.example.com/bye\"]", "[\"https://b.example.com/\",\"myapp://bye\"]"],
    ),
    ("PreventUserExistenceErrors", &["\"ENABLED\"", "\"LEGACY\""]),
    ("EnableTokenRevocation", &["true", "false"]),
    ("AuthSessionValidity", &["3", "15"]),
    (
        "ExplicitAuthFlows",
        &["[\"ALLOW_USER_SRP_AUTH\"]", "[\"ALLOW_CUSTOM_AUTH\",\"ALLOW_USER_SRP_AUTH\"]", "[]"],
    ),
    ("SupportedIdentityProviders", &["[\"COGNITO\"]", "[]"]),
];

/// Members that a live client may have beside them, some newer than the model.
const OTHERS: [(&str, &str); 6] = [
    ("AccessTokenValidity", "20"),
    ("TokenValidityUnits", r#"{"AccessToken":"minutes","RefreshToken":"days"}"#),
    ("RefreshTokenRotation", r#"{"Feature":"DISABLED","RetryGracePeriodSeconds":0}"#),
    ("BrandNewSetting", r#"{"Digits":12345678901234567890123,"Point":1.10}"#),
    ("ClientSecret", "\"averysecretsecretthatnobodyprints\""),
    ("EnablePropagateAdditionalUserContextData", "false"),
];

/// A live client: the chosen value of each setting, and which of the others it has.
#[derive(Clone, Debug)]
struct LiveClient {
    settings: Vec<Option<usize>>,
    others: Vec<bool>,
}

/// Changes of one client: the chosen value of each setting that is declared.
type Declared = Vec<Option<usize>>;

fn clients() -> impl Strategy<Value = Vec<(LiveClient, Option<Declared>)>> {
    let chosen = || vec(prop_oneof![Just(None), (0..3_usize).prop_map(Some)], SETTINGS.len());
    let live = (chosen(), vec(any::<bool>(), OTHERS.len()))
        .prop_map(|(settings, others)| LiveClient { settings, others });
    let declared = prop_oneof![1 => Just(None), 3 => chosen().prop_map(Some)];
    vec((live, declared), 1..4)
}

fn value(setting: usize, nth: usize) -> &'static str {
    let (_, values) = SETTINGS[setting];
    values[nth % values.len()]
}

fn document(nth: usize, client: &LiveClient) -> Json {
    let mut members = json!({"ClientId": id(nth), "ClientName": "first", "ClientType": "REGULAR", "RefreshTokenValidity": 30});
    let own = members.as_object_mut().unwrap();
    for (setting, chosen) in client.settings.iter().enumerate() {
        let Some(chosen) = chosen else { continue };
        let value: Json = serde_json::from_str(value(setting, *chosen)).unwrap();
        // A read shows neither an empty list nor a validity of 0 days.
        if value != json!([]) && value != json!(0) {
            own.insert(SETTINGS[setting].0.to_owned(), value);
        }
    }
    for ((name, value), _) in OTHERS.iter().zip(&client.others).filter(|(_, has)| **has) {
        // A unit without its number cannot be sent back.
        if *name == "TokenValidityUnits" && !client.others[0] {
            continue;
        }
        own.insert((*name).to_owned(), serde_json::from_str(value).unwrap());
    }
    members
}

fn id(nth: usize) -> String {
    format!("{nth}client")
}

fn manifest(pool: &str, cases: &[(LiveClient, Option<Declared>)], new: Option<&Declared>) -> String {
    let mut text = format!("version: 1\npool: {pool}\nclients:\n");
    let mut entry = |label: &str, id: Option<String>, declared: &Declared| {
        text += &format!("  {label}:\n");
        text += &id.map_or("    GenerateSecret: false\n".to_owned(), |id| format!("    id: {id}\n"));
        for (setting, chosen) in declared.iter().enumerate() {
            let Some(chosen) = chosen else { continue };
            text += &format!("    {}: {}\n", SETTINGS[setting].0, value(setting, *chosen));
        }
    };
    for (nth, (_, declared)) in cases.iter().enumerate() {
        declared.iter().for_each(|declared| entry(&format!("c{nth}"), Some(id(nth)), declared));
    }
    new.into_iter().for_each(|declared| entry("new", None, declared));
    text
}

/// The clients of a pool as the service keeps them, by their ids.
fn saved(pool: &Pool<'_>) -> Vec<Object> {
    let document: Object = serde_json::from_str(&pool.saved().text).unwrap();
    let clients = document.get("UserPoolClients").and_then(Json::as_array).cloned().unwrap_or_default();
    clients.into_iter().map(|client| client.as_object().cloned().unwrap()).collect()
}

/// What somebody could find missing in a client: all of it but its dates, its pool and what is declared.
fn undeclared(client: &Object, declared: Option<&Declared>) -> Object {
    let is_declared = |name: &str| {
        let position = SETTINGS.iter().position(|(setting, _)| *setting == name);
        position.zip(declared).is_some_and(|(position, declared)| declared[position].is_some())
    };
    let is_its_own = |name: &str| name.ends_with("Date") || name == "UserPoolId";
    let kept = client.iter().filter(|(name, _)| !is_its_own(name) && !is_declared(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[test]
fn what_nobody_declared_of_a_client_is_what_it_was_and_a_second_plan_is_empty() {
    for omission in [Omission::Documented, Omission::Measured] {
        let stage = Stage::new(omission);
        // A new client has a name of its own: its label.
        let settings = vec(select(vec![None, Some(0), Some(1)]), SETTINGS.len()).prop_map(|mut chosen| {
            chosen[0] = None;
            Some(chosen)
        });
        let new = prop_oneof![2 => Just(None), 1 => settings];
        stage.check(30, &(clients(), new), async |stage, (cases, new)| {
            one_apply(stage, cases, new.as_ref()).await
        });
        assert!(stage.ended("applied") >= 10, "too few cases change anything");
    }
}

async fn one_apply(
    stage: &Stage,
    cases: &[(LiveClient, Option<Declared>)],
    new: Option<&Declared>,
) -> Result<&'static str, String> {
    let live: Vec<Json> = cases.iter().enumerate().map(|(nth, (client, _))| document(nth, client)).collect();
    let pool = json!({"Name": "p", "UserPoolTier": "PLUS", "CreationDate": 1.5, "LastModifiedDate": 1.5,
        "SchemaAttributes": [{"Name": "email", "Mutable": true}, {"Name": "name", "Mutable": true}]});
    let beside = json!({"UserPoolClients": live}).as_object().cloned().unwrap();
    let pool = stage.pool_with(&Snapshot::of_pool(pool.as_object().cloned().unwrap()), &beside);
    if cases.iter().all(|(_, declared)| declared.is_none()) && new.is_none() {
        return Ok("nothing declared");
    }
    let before = saved(&pool);
    let desired = pool.desired(&manifest(&pool.id, cases, new))?;
    let plan = pool.plan_whole(&desired).await;
    if plan.report.is_refused() {
        return Err(format!("it is refused: {:?}", plan.report.findings));
    }
    let applied = pool.apply(&desired, &plan).await;
    let changed =
        cases.iter().filter(|(_, declared)| declared.is_some()).count() + usize::from(new.is_some());
    let end = match (&applied.outcome, applied.writes) {
        (ApplyOutcome::Unchanged, 0) => "unchanged",
        (ApplyOutcome::Applied(_), writes) if writes as usize <= changed => "applied",
        other => return Err(format!("{other:?}")),
    };
    let after = saved(&pool);
    for (nth, (client, (_, declared))) in before.iter().zip(cases).enumerate() {
        let now = after.iter().find(|now| now["ClientId"] == client["ClientId"]).ok_or("a client is gone")?;
        let texts = [client, now].map(|one| Json::Object(undeclared(one, declared.as_ref())).to_string());
        let sorted = texts
            .clone()
            .map(|text| serde_json::from_str::<std::collections::BTreeMap<String, Json>>(&text).unwrap());
        if sorted[0] != sorted[1] {
            return Err(format!("client {nth} was {}, and is {}", texts[0], texts[1]));
        }
    }
    if after.len() != before.len() + usize::from(new.is_some()) {
        return Err(format!("there were {} clients, and are {}", before.len(), after.len()));
    }
    let again = pool.plan_whole(&desired).await.report;
    match again.changes.is_empty() {
        true => Ok(end),
        false => Err(format!("a second plan has changes: {:?}", again.changes)),
    }
}
