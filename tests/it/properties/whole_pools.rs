//! Whole pools over HTTP: a manifest changes, adds and removes; what it does not name is what it was, a second plan is
//! empty, each document is written once, and a restore brings everything back or says what it cannot.

use std::collections::BTreeMap;
use std::path::Path as FsPath;

use poolctl::apply::ApplyOutcome;
use poolctl::document::{Json, Object, Path, Snapshot};
use poolctl::plan::{Finding, Plan};
use poolctl::sandbox::Omission;
use proptest::prelude::*;
use serde_json::json;

use crate::properties::stage::{Pool, Stage};
use crate::properties::whole_pool_parts::{APPLE, LISTS, NAMED, PARTS, Part, WEB};

/// What a manifest says of a document: nothing, the chosen value of each setting, or that it is to go.
#[derive(Clone, Debug, PartialEq)]
enum Wish {
    Silent,
    Declared(Vec<Option<usize>>),
    Removed,
}

/// A document: whether it is live, whether it then has members unknown to poolctl, and what is said of it.
#[derive(Clone, Debug)]
struct Choice {
    exists: bool,
    unknown: bool,
    wish: Wish,
}

fn choice(part: &Part) -> impl Strategy<Value = Choice> + use<> {
    let chosen = part.settings.iter().map(|setting| {
        let values = setting.values.len();
        prop_oneof![2 => Just(None), 1 => (0..values).prop_map(Some)]
    });
    let declared = chosen.collect::<Vec<_>>().prop_map(Wish::Declared);
    let goes = u32::from(part.comes_and_goes());
    let wish = prop_oneof![4 => Just(Wish::Silent), 5 => declared, goes => Just(Wish::Removed)];
    let always = part.member == "UserPool";
    (prop::bool::weighted(0.75), any::<bool>(), wish).prop_map(move |(exists, unknown, wish)| {
        let exists = exists || always;
        // What is not there needs no removal; the stories of each resource have that.
        let wish = if !exists && wish == Wish::Removed { Wish::Silent } else { wish };
        Choice { exists, unknown, wish }
    })
}

/// A generated pool with its manifest: one choice for each of [`PARTS`].
type Case = Vec<Choice>;

fn cases() -> impl Strategy<Value = Case> {
    PARTS.iter().map(|part| choice(part).boxed()).collect::<Vec<_>>()
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn at<'a>(document: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(document, |inner, name| inner.get(name))
}

fn put(document: &mut Json, path: &str, value: Json) {
    let place = path.split('.').fold(document, |inner, name| {
        inner.as_object_mut().unwrap().entry(name.to_owned()).or_insert_with(|| json!({}))
    });
    *place = value;
}

/// The number of a document among all of them.
fn number(label: &str) -> usize {
    PARTS.iter().position(|part| part.label.is_some_and(|(own, _)| own == label)).unwrap()
}

/// The scopes of the server that the client names: before, or as they will be.
fn scopes(case: &Case, after: bool) -> Vec<String> {
    let server = number(NAMED[1]);
    let Choice { exists, wish, .. } = &case[server];
    let live = at(&parsed(PARTS[server].live), "Scopes").cloned();
    let declared = match wish {
        Wish::Declared(chosen) => chosen[1].map(|nth| parsed(PARTS[server].settings[1].values[nth])),
        Wish::Silent | Wish::Removed => None,
    };
    let list = match (after, exists, wish) {
        (false, true, _) => live,
        (true, _, Wish::Removed) => None,
        (true, true, _) => declared.or(live),
        (true, false, _) => declared,
        (false, false, _) => None,
    };
    let names = list.iter().flat_map(|list| list.as_array().unwrap());
    names.map(|scope| format!("{}/{}", NAMED[1], scope["ScopeName"].as_str().unwrap())).collect()
}

/// What the client names in each of [`LISTS`], now or later.
fn named(case: &Case, after: bool) -> [Vec<String>; 2] {
    let Choice { exists, wish, .. } = &case[number(NAMED[0])];
    let is_there = match wish {
        Wish::Removed => *exists && !after,
        Wish::Declared(_) => *exists || after,
        Wish::Silent => *exists,
    };
    let providers = is_there.then(|| NAMED[0].to_owned());
    let list = |first: &str, more: Vec<String>| [first.to_owned()].into_iter().chain(more).collect();
    [list("COGNITO", providers.into_iter().collect()), list("openid", scopes(case, after))]
}

/// The live document of a choice; `None` if there is none.
fn document(case: &Case, nth: usize) -> Option<Json> {
    let (part, choice) = (&PARTS[nth], &case[nth]);
    let mut document = choice.exists.then(|| parsed(part.live))?;
    if part.branch == "clients" && part.hangs.is_none() && document["ClientId"] == WEB {
        for (name, list) in LISTS.iter().zip(named(case, false)) {
            put(&mut document, name, json!(list));
        }
    }
    if choice.unknown {
        put(&mut document, "FutureMember", parsed(r#"{"Digits":12345678901234567890123,"Point":1.10}"#));
        if let Some((outer, name)) = part.unknown {
            put(&mut document, &format!("{outer}.{name}"), json!("from the future"));
        }
    }
    Some(document)
}

/// What is declared of a document: each path with its value.
fn declared(case: &Case, nth: usize) -> Vec<(&'static str, Json)> {
    let (part, choice) = (&PARTS[nth], &case[nth]);
    let Wish::Declared(chosen) = &choice.wish else { return Vec::new() };
    let lists = named(case, true);
    let settings = part.settings.iter().zip(chosen);
    let values = settings.filter_map(|(setting, chosen)| {
        let value = match (LISTS.iter().position(|list| *list == setting.path), (*chosen)?) {
            // The first alone, or all that there will be.
            (Some(list), 0) => json!(lists[list][..1]),
            (Some(list), _) => json!(lists[list]),
            (None, chosen) => parsed(setting.values[chosen]),
        };
        Some((setting.path, value))
    });
    values.collect()
}

/// The case in which the client no longer names what goes, what hangs on it is there with it alone, and the pool has the
/// domain that the classic hosted UI needs.
fn consistent(mut case: Case) -> Case {
    let web = number("web");
    let is_ui = |part: &Part| part.hangs.as_ref().map_or(part.branch, |hangs| hangs.key) == "uiCustomization";
    let (is_live, is_silent) = (case[web].exists, case[web].wish == Wish::Silent);
    for (part, choice) in PARTS.iter().zip(&mut case).filter(|(part, _)| part.hangs.is_some()) {
        choice.exists &= is_live;
        choice.unknown &= part.comes_and_goes();
        let is_gone = choice.wish == Wish::Removed && !choice.exists;
        if is_gone || !is_live && is_silent {
            choice.wish = Wish::Silent;
        }
    }
    if case[web].wish == Wish::Removed {
        let hanging = PARTS.iter().zip(&mut case).filter(|(part, _)| part.hangs.is_some());
        hanging.for_each(|(_, choice)| choice.wish = Wish::Silent);
    }
    if PARTS
        .iter()
        .zip(&case)
        .any(|(part, choice)| is_ui(part) && (choice.exists || choice.wish != Wish::Silent))
    {
        case[number("acme")].exists = true;
        case[number("acme")].wish = Wish::Silent;
    }
    let (before, after) = (named(&case, false), named(&case, true));
    for list in 0..LISTS.len() {
        let loses = before[list].iter().any(|name| !after[list].contains(name));
        if !loses || !case[web].exists {
            continue;
        }
        match &mut case[web].wish {
            Wish::Declared(chosen) => drop(chosen[list].get_or_insert(1)),
            wish @ Wish::Silent => {
                let mut chosen = vec![None; PARTS[web].settings.len()];
                chosen[list] = Some(1);
                *wish = Wish::Declared(chosen);
            }
            Wish::Removed => {}
        }
    }
    case
}

/// The manifest; `None` if it says nothing.
fn manifest(case: &Case, pool: &str) -> Option<String> {
    let mut branches = Object::new();
    for (nth, part) in PARTS.iter().enumerate() {
        let Choice { exists, wish, .. } = &case[nth];
        let mut entry = match wish {
            Wish::Silent => continue,
            Wish::Removed => json!({"remove": true, "reason": "retired"}),
            Wish::Declared(_) if *exists => json!({}),
            Wish::Declared(_) => parsed(part.fresh),
        };
        if let (true, "clients", None) = (*exists, part.branch, &part.hangs) {
            entry["id"] = parsed(part.live)["ClientId"].clone();
        }
        for (path, value) in declared(case, nth) {
            match value {
                Json::Object(members) => members
                    .into_iter()
                    .for_each(|(name, value)| put(&mut entry, &format!("{path}.{name}"), value)),
                value => put(&mut entry, path, value),
            }
        }
        // Of a document that each client has, no entry says nothing.
        if part.hangs.is_some() && !part.comes_and_goes() && declared(case, nth).is_empty() {
            continue;
        }
        let branch = branches.entry(part.branch.to_owned()).or_insert_with(|| json!({}));
        match (part.label, &part.hangs) {
            (Some((label, _)), Some(hangs)) => {
                let on = || if case[number(label)].exists { json!({ "id": WEB }) } else { json!({}) };
                let on = branch.as_object_mut().unwrap().entry(label.to_owned()).or_insert_with(on);
                on[hangs.key] = entry;
            }
            (Some((label, _)), None) => branch[label] = entry,
            (None, _) => *branch = entry,
        }
    }
    branches.retain(|_, branch| branch.as_object().is_some_and(|branch| !branch.is_empty()));
    let is_empty = branches.is_empty();
    branches.insert("version".to_owned(), json!(1));
    branches.insert("pool".to_owned(), json!(pool));
    (!is_empty).then(|| Json::Object(branches).to_string())
}

/// Members that the service sets by itself.
const ITS_OWN: [&str; 15] = [
    "CSSVersion",
    "ManagedLoginBrandingId",
    "TermsId",
    "UserPoolId",
    "Id",
    "CreationDate",
    "LastModifiedDate",
    "Domain",
    "CustomDomain",
    "AWSAccountId",
    "S3Bucket",
    "CloudFrontDistribution",
    "Version",
    "Status",
    "ClientSecret",
];

/// The text of each member at any depth, by its path; an empty list or structure is none.
fn texts(document: Option<&Json>) -> BTreeMap<String, String> {
    fn walk(at: &str, value: &Json, texts: &mut BTreeMap<String, String>) {
        match value {
            Json::Object(members) => {
                members.iter().for_each(|(name, value)| walk(&format!("{at}.{name}"), value, texts));
            }
            Json::Array(list) if list.is_empty() => {}
            value => drop(texts.insert(at.trim_start_matches('.').to_owned(), value.to_string())),
        }
    }
    let mut all = BTreeMap::new();
    for (name, value) in document.and_then(Json::as_object).into_iter().flatten() {
        if !ITS_OWN.contains(&name.as_str()) {
            walk(name, value, &mut all);
        }
    }
    all
}

/// The live documents as the service keeps them, one for each of [`PARTS`]. A client goes by its name.
fn saved(pool: &Pool<'_>) -> Vec<Option<Json>> {
    let file = parsed(&pool.saved().text);
    let find = |part: &Part| {
        let document = file.get(part.member)?;
        let Some((label, key)) = part.label else { return Some(document.clone()) };
        let all = document.as_array()?.iter();
        if let Some(hangs) = &part.hangs {
            let on =
                file["UserPoolClients"].as_array()?.iter().find(|client| client["ClientName"] == label)?;
            let is_it = |one: &&Json| {
                one[key] == on[key] && hangs.name.is_none_or(|(member, name)| one[member] == name)
            };
            return all.clone().find(is_it).cloned();
        }
        let key = if part.branch == "clients" { "ClientName" } else { key };
        all.clone().find(|one| one[key] == label).cloned()
    };
    PARTS.iter().map(find).collect()
}

/// Whether a live value is the declared one, whatever is beside it and in whatever order.
fn is_so(live: Option<&Json>, wanted: &Json) -> bool {
    let sorted = |list: &Vec<Json>| {
        let mut texts: Vec<String> = list.iter().map(Json::to_string).collect();
        texts.sort();
        texts
    };
    match (live, wanted) {
        (None, Json::Array(wanted)) => wanted.is_empty(),
        (Some(Json::Array(live)), Json::Array(wanted)) => sorted(live) == sorted(wanted),
        (live, Json::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| is_so(live.and_then(|live| live.get(name)), wanted))
        }
        (live, wanted) => live == Some(wanted),
    }
}

impl Part {
    /// Whether it is made and removed by calls of its own.
    fn comes_and_goes(&self) -> bool {
        self.hangs.as_ref().map_or(self.label.is_some(), |hangs| hangs.comes_and_goes)
    }

    /// What a message calls it.
    fn name(&self) -> String {
        let label = self.label.map(|(label, _)| label).into_iter();
        let key = self.hangs.as_ref().map(|hangs| hangs.key);
        [self.branch].into_iter().chain(label).chain(key).collect::<Vec<_>>().join(".")
    }
}

/// Compares one document with what it was and with what is declared.
fn judge(case: &Case, nth: usize, before: Option<&Json>, after: Option<&Json>) -> Result<(), String> {
    let (part, choice) = (&PARTS[nth], &case[nth]);
    let name = part.name();
    let exists = match choice.wish {
        // What hangs on a document goes with it.
        Wish::Silent if part.hangs.is_some() && case[number("web")].wish == Wish::Removed => false,
        Wish::Silent => choice.exists,
        Wish::Declared(_) => true,
        Wish::Removed => false,
    };
    // A single document that nobody has set, and of which nothing is declared, may be there or not.
    if exists != after.is_some() && (part.comes_and_goes() || choice.exists) {
        return Err(format!("{name} is there: {}", after.is_some()));
    }
    let wants = declared(case, nth);
    for (path, wanted) in &wants {
        let live = after.and_then(|after| at(after, path));
        // No read has Apple's key, and nothing is sent for the key alone.
        let mut wanted = wanted.clone();
        wanted.as_object_mut().into_iter().for_each(|wanted| drop(wanted.shift_remove("private_key")));
        let is_default = || live.is_none() && DEFAULTS.contains(&(*path, wanted.to_string().as_str()));
        if !is_so(live, &wanted) && !is_default() {
            return Err(format!("{name}.{path} is {live:?}, and is to be {wanted}"));
        }
    }
    let moves = part.settings.iter().filter(|setting| wants.iter().any(|(path, _)| *path == setting.path));
    let moves = moves.flat_map(|setting| setting.moves.iter().copied());
    let mut free: Vec<String> = moves.map(str::to_owned).collect();
    for (path, wanted) in &wants {
        match wanted {
            Json::Object(wanted) => free.extend(wanted.keys().map(|name| format!("{path}.{name}"))),
            _ => free.push((*path).to_owned()),
        }
    }
    let is_free = |at: &String| free.iter().any(|path| at == path || at.starts_with(&format!("{path}.")));
    if choice.exists && exists {
        let [mut was, mut is] = [before, after].map(texts);
        was.retain(|at, _| !is_free(at));
        is.retain(|at, _| !is_free(at));
        if was != is {
            return Err(format!("{name} was {was:?}, and is {is:?}"));
        }
    }
    Ok(())
}

#[test]
fn what_nobody_declared_of_a_pool_stays_and_all_of_it_comes_back_where_omitted_members_reset_as_documented() {
    hold(Omission::Documented);
}

#[test]
fn what_nobody_declared_of_a_pool_stays_and_all_of_it_comes_back_where_omitted_members_reset_as_measured() {
    hold(Omission::Measured);
}

fn hold(omission: Omission) {
    let stage = Stage::new(omission);
    let cases = cases().prop_map(consistent);
    stage.check(6, &cases, async |stage, case| one_apply(stage, case).await);
    let told = stage.ended("restored but for what is told");
    assert!(stage.ended("restored") + told >= 3, "too few cases are restored");
}

/// A pool with the documents of a case.
fn pool_of<'a>(stage: &'a Stage, case: &Case) -> Pool<'a> {
    // A domain is one pool's alone.
    stage.clear();
    let mut beside = Object::new();
    for (nth, part) in PARTS.iter().enumerate() {
        match (document(case, nth), part.label) {
            (None, _) => {}
            (Some(document), None) => drop(beside.insert(part.member.to_owned(), document)),
            (Some(document), Some(_)) => {
                let list = beside.entry(part.member.to_owned()).or_insert_with(|| json!([]));
                list.as_array_mut().unwrap().push(document);
            }
        }
    }
    let pool = beside.shift_remove("UserPool").and_then(|pool| pool.as_object().cloned()).unwrap();
    stage.pool_with(&Snapshot::of_pool(pool), &beside)
}

async fn one_apply(stage: &Stage, case: &Case) -> Result<&'static str, String> {
    let pool = pool_of(stage, case);
    let Some(text) = manifest(case, &pool.id) else { return Ok("nothing declared") };
    let before = saved(&pool);
    let told = |why: String| format!("{why}\n{text}");
    let desired = pool.desired(&text).map_err(told)?;
    let plan = pool.plan_whole(&desired).await;
    if plan.report.is_refused() {
        return Err(told(format!("it is refused: {:?}", plan.report.findings)));
    }
    let applied = pool.apply(&desired, &plan).await;
    let after = saved(&pool);
    let changed = (0..PARTS.len()).filter(|nth| texts(before[*nth].as_ref()) != texts(after[*nth].as_ref()));
    let fresh = |nth: usize| before[nth].is_some() != after[nth].is_some();
    let bare = (0..PARTS.len())
        .filter(|nth| fresh(*nth) && texts(before[*nth].as_ref()) == texts(after[*nth].as_ref()));
    // A server that loses scopes which the client named is written before the client and after it.
    let twice = scopes(case, false).iter().any(|scope| !scopes(case, true).contains(scope));
    let most = changed.count() + bare.count() + usize::from(twice);
    match (&applied.outcome, applied.writes) {
        (ApplyOutcome::Unchanged, 0) | (ApplyOutcome::Applied(_), _) if applied.writes as usize <= most => {}
        other => return Err(told(format!("at most {most} writes: {other:?}"))),
    }
    for nth in 0..PARTS.len() {
        judge(case, nth, before[nth].as_ref(), after[nth].as_ref()).map_err(told)?;
    }
    let again = pool.plan_whole(&desired).await.report;
    if !again.changes.is_empty() || again.is_refused() {
        return Err(told(format!("a second plan has changes: {:?}", again.changes)));
    }
    match applied.backups.as_slice() {
        [] => Ok("unchanged"),
        [backup] => come_back(&pool, case, &before, backup).await.map_err(told),
        more => Err(told(format!("{} backups", more.len()))),
    }
}

/// What Cognito takes for the absence of these members.
const DEFAULTS: [(&str, &str); 13] = [
    ("UseCognitoProvidedValues", "false"),
    ("SSOSession.MaxValidityMinutes", "60"),
    ("Description", r#""""#),
    ("UserSessionTracking", r#""DISABLED""#),
    ("TokenSession.MaxPerUser", "20"),
    ("AuthSessionValidity", "3"),
    ("RefreshTokenValidity", "30"),
    ("PreventUserExistenceErrors", r#""LEGACY""#),
    ("EnableTokenRevocation", "true"),
    ("EnablePropagateAdditionalUserContextData", "false"),
    ("AllowedOAuthFlowsUserPoolClient", "false"),
    ("GenerateSecret", "false"),
    ("DeletionProtection", r#""INACTIVE""#),
];

/// Restores the pool, and compares it with what it was.
async fn come_back(
    pool: &Pool<'_>,
    case: &Case,
    before: &[Option<Json>],
    backup: &FsPath,
) -> Result<&'static str, String> {
    let (plan, applied) = pool.restore_whole(backup).await?;
    if plan.report.is_refused() {
        let mut refuses = plan.report.findings.iter().filter(|finding| finding.refuses());
        let odd = refuses.find(|finding| !may_refuse(case, finding));
        return match odd {
            Some(finding) => Err(format!("the restore is refused: {finding:?}")),
            None => Ok("told why nothing comes back"),
        };
    }
    match &applied.outcome {
        ApplyOutcome::Applied(_) | ApplyOutcome::Unchanged => {}
        other => return Err(format!("the restore: {other:?}")),
    }
    let after = saved(pool);
    let mut kept = 0;
    for (nth, part) in PARTS.iter().enumerate() {
        // A client that was made has an id of its own, so that the backup names it and leaves it, with what hangs on it.
        let is_made = |label: &str| part.branch == "clients" && before[number(label)].is_none();
        if part.label.is_some_and(|(label, _)| is_made(label)) {
            continue;
        }
        let [mut was, mut is] = [before[nth].as_ref(), after[nth].as_ref()].map(texts);
        for texts in [&mut was, &mut is] {
            texts.values_mut().for_each(|text| *text = without_order(text));
            // The service gives a client its id and its kind when it is made.
            let is_given = |at: &str| ["ClientId", "ClientType"].contains(&at);
            texts.retain(|at, text| !is_given(at) && !DEFAULTS.contains(&(at.as_str(), text.as_str())));
        }
        let differs = |at: &&String| was.get(*at) != is.get(*at);
        let lost = was.keys().chain(is.keys()).find(|at| differs(at) && !is_told(&plan, part, at));
        if let Some(at) = lost {
            let findings = &plan.report.findings;
            return Err(format!(
                "{at} does not come back, and nothing says so: {was:?}, {is:?}, {findings:?}"
            ));
        }
        kept += usize::from(was != is);
    }
    Ok(if kept > 0 { "restored but for what is told" } else { "restored" })
}

/// The text of a value; that of a list with its elements sorted: a restore brings a set back by its elements.
fn without_order(text: &str) -> String {
    match parsed(text) {
        Json::Array(list) => {
            let mut texts: Vec<String> = list.iter().map(Json::to_string).collect();
            texts.sort();
            texts.concat()
        }
        _ => text.to_owned(),
    }
}

/// Whether a restore may be refused like this.
fn may_refuse(case: &Case, finding: &Finding) -> bool {
    let apple = &case[number(APPLE)];
    let is_new = |label: &str| !case[number(label)].exists;
    let web_or_batch = is_new("web") || is_new("batch");
    match &*finding.code {
        // Apple's key is in no read, so in no backup.
        "hidden-member" => apple.exists && apple.wish != Wish::Silent,
        // A client that the run has made stays, and names what the run has made.
        "still-named" => web_or_batch && NAMED.iter().any(|label| case[number(label)].wish != Wish::Silent),
        _ => false,
    }
}

/// Whether the plan of a restore says that a member does not come back.
fn is_told(plan: &Plan, part: &Part, at: &str) -> bool {
    let label = part.label.map(|(label, _)| label).into_iter();
    let segments = label.chain(part.hangs.as_ref().map(|hangs| hangs.key)).chain(at.split('.'));
    let path = segments.fold(Path::members([part.branch]), |path, name| path.member(name));
    let mut told = plan.report.findings.iter().filter_map(|finding| finding.path.as_ref());
    told.any(|told| told.overlaps(&path))
}
