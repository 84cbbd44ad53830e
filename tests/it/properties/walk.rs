//! Every path of the model is set, changed and removed, and leads where the facts say.
//!
//! The road is the real one, from a manifest's text to the service; what it led to is judged on the
//! documents that the sandbox keeps, by nothing of the program's.

use std::collections::BTreeSet;
use std::mem::replace;

use poolctl::apply::ApplyOutcome;
use poolctl::catalogue::{Catalogue, pattern_path};
use poolctl::document::{Json, Object, Path, Snapshot, json as tree};
use poolctl::plan::{Finding, Plan};
use poolctl::rules::Desired;
use poolctl::sandbox::Omission;
use poolctl::shapes::Shapes;
use poolctl::{manifest, rules};
use serde_json::json;

use crate::properties::judge::{FILLS, Saved, flat};
use crate::properties::live::{TWINS, put};
use crate::properties::stage::{Pool, Stage, accepting};
use crate::properties::walk_row::{End, Row};
use crate::properties::walk_rows::rows;

#[test]
fn every_path_of_the_model_has_its_row_and_every_row_its_path() {
    let catalogue = Catalogue::new(Shapes::bundled());
    // The branches have stories of their own.
    let is_own = |pattern: &String| catalogue.resource(&pattern_path(pattern)).branch.is_none();
    let patterns: BTreeSet<String> = catalogue.patterns().into_iter().filter(is_own).collect();
    let walked: BTreeSet<String> = rows().iter().flat_map(|row| walked(&catalogue, row)).collect();
    let missing: Vec<&String> = patterns.difference(&walked).collect();
    assert!(missing.is_empty(), "no row walks these paths of the model: {missing:#?}");
    let strange: Vec<&String> = walked.difference(&patterns).collect();
    assert!(strange.is_empty(), "the model has none of these paths: {strange:#?}");
}

/// The paths that a row walks, as the model has them. A list is wanted whole: what stands in its
/// elements is walked with it.
fn walked(catalogue: &Catalogue, row: &Row) -> BTreeSet<String> {
    let pattern = catalogue.pattern(&pattern_path(row.path));
    let pattern = pattern.unwrap_or_else(|| panic!("`{}` is no path of the model", row.path));
    let mut out = BTreeSet::new();
    row.values.iter().for_each(|value| elements(&pattern, value, false, &mut out));
    out.insert(pattern);
    out
}

/// The paths inside the elements of lists.
fn elements(at: &str, value: &Json, inside: bool, out: &mut BTreeSet<String>) {
    if inside {
        out.insert(at.to_owned());
    }
    match value {
        Json::Array(list) => list.iter().for_each(|value| elements(&format!("{at}[]"), value, true, out)),
        Json::Object(members) if inside => {
            members.iter().for_each(|(name, value)| elements(&format!("{at}.{name}"), value, true, out));
        }
        _ => {}
    }
}

#[test]
fn every_path_leads_where_it_should_where_omitted_members_reset_as_documented() {
    walk_all(Omission::Documented);
}

#[test]
fn every_path_leads_where_it_should_where_omitted_members_reset_as_measured() {
    walk_all(Omission::Measured);
}

fn walk_all(omission: Omission) {
    let stage = Stage::new(omission);
    let (mut paths, mut conflicts, mut errors) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut wrong = Vec::new();
    for row in &rows() {
        if let Err(why) = stage.run(Walk { stage: &stage, row }.all()) {
            wrong.push(format!("`{}`: {why}", row.path));
        }
        paths.append(&mut walked(&stage.catalogue, row));
        for end in [&row.set, &row.change, &row.null] {
            match end {
                End::Conflict(_) => drop(conflicts.insert(row.path)),
                End::Error(_) => drop(errors.insert(row.path)),
                End::Holds | End::Absent | End::Is(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{} paths lead elsewhere:\n{}", wrong.len(), wrong.join("\n"));
    let (paths, conflicts, errors) = (paths.len(), conflicts.len(), errors.len());
    println!("{paths} paths walked: {conflicts} came to a conflict, {errors} to an error of the manifest");
}

/// What the pool has beside the path that is walked, so that something could get lost on the way. What
/// a row puts under the same name takes its place.
fn bystanders() -> Vec<(&'static str, Json)> {
    vec![
        ("Policies", json!({"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}})),
        ("DeletionProtection", json!("ACTIVE")),
        ("LambdaConfig", json!({"PostAuthentication": "arn:aws:lambda:eu-west-1:111122223333:function:log"})),
        ("AutoVerifiedAttributes", json!(["email"])),
        ("DeviceConfiguration", json!({"ChallengeRequiredOnNewDevice": true})),
        ("UserPoolTags", json!({"owner": "identity"})),
        ("AdminCreateUserConfig", json!({"AllowAdminCreateUserOnly": true})),
        ("AccountRecoverySetting", json!({"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]})),
        ("IssuerConfiguration", json!({"Type": "UPDATED"})),
        (
            "WebAuthnConfiguration",
            json!({"RelyingPartyId": "example.com", "FactorConfiguration": "SINGLE_FACTOR"}),
        ),
    ]
}

/// The settings that the MFA document has; the pool's has the others.
const OF_MFA: [&str; 4] = [
    "SmsMfaConfiguration",
    "SoftwareTokenMfaConfiguration",
    "EmailMfaConfiguration",
    "WebAuthnConfiguration",
];

/// What the service shows twice, beside the pool's own twins: in the MFA document, and in the pool.
const MIRRORS: [(&str, &str); 3] = [
    ("MfaConfiguration", "MfaConfiguration"),
    ("SmsMfaConfiguration.SmsConfiguration", "SmsConfiguration"),
    ("SmsMfaConfiguration.SmsAuthenticationMessage", "SmsAuthenticationMessage"),
];

/// What the sandbox keeps of a pool.
struct Documents {
    /// Both documents as one, each under its name.
    both: Object,
    text: String,
}

impl Documents {
    fn of(pool: &Pool<'_>) -> Self {
        let Saved { pool, mfa, text } = pool.saved();
        let both = [("UserPool", Json::Object(pool)), ("MfaConfig", Json::Object(mfa))];
        Self { both: both.map(|(name, document)| (name.to_owned(), document)).into_iter().collect(), text }
    }
}

/// A pool as one wish leaves it for the next.
struct Ground<'a> {
    pool: Pool<'a>,
    live: Snapshot,
    documents: Documents,
}

/// Where the documents have a setting.
fn place(setting: &str) -> Path {
    let of_mfa = OF_MFA.iter().any(|name| setting.split('.').next() == Some(*name));
    let (head, rest) = setting.split_once('.').map_or((setting, None), |(head, rest)| (head, Some(rest)));
    let head = match head {
        "PoolName" => "Name",
        "Schema" => "SchemaAttributes",
        head => head,
    };
    let document = if of_mfa { "MfaConfig" } else { "UserPool" };
    Path::members([document, head].into_iter().chain(rest.into_iter().flat_map(|rest| rest.split('.'))))
}

/// A setting, and what a manifest says of it; `null` where it is to go.
type Wish<'a> = (&'a str, Json);

struct Walk<'a> {
    stage: &'a Stage,
    row: &'a Row,
}

impl Walk<'_> {
    async fn all(&self) -> Result<(), String> {
        let row = self.row;
        let first = &row.values[0];
        let said = |step: &str, why: String| format!("{step}: {why}");
        let mut ground = self.ground(None).await;
        let before = tree::get(&ground.documents.both, &place(row.path));
        if row.set == End::Holds && before.is_some_and(|live| includes(live, first)) {
            return Err("the pool has the first value already".to_owned());
        }
        self.wish(&mut ground, first, &row.set).await.map_err(|why| said("set", why))?;
        // What cannot be set can only have been there from the beginning.
        if matches!(row.set, End::Conflict(_)) {
            ground = self.ground(Some(first)).await;
        }
        for value in &row.values[1..] {
            self.wish(&mut ground, value, &row.change).await.map_err(|why| said("change", why))?;
        }
        self.wish(&mut ground, &Json::Null, &row.null).await.map_err(|why| said("null", why))
    }

    /// A small pool with what the row needs, and the row's path as `value`.
    async fn ground(&self, value: Option<&Json>) -> Ground<'_> {
        let row = self.row;
        let mut all = Object::new();
        let frame = json!({
            "Name": "customers", "CreationDate": 1_700_000_000, "LastModifiedDate": 1_700_000_000,
            "UserPoolTier": "ESSENTIALS", "MfaConfiguration": "OFF",
            "SchemaAttributes": [{"Name": "sub", "AttributeDataType": "String", "Required": true}],
        });
        let head = |path: &str| path.split('.').next().map(str::to_owned);
        let named: Vec<_> = row.live.iter().chain(&row.with).map(|(path, _)| head(path)).collect();
        let free = |name: &str| head(row.path).as_deref() != Some(name) && !named.contains(&head(name));
        all.insert("UserPool".to_owned(), frame);
        all.insert("MfaConfig".to_owned(), json!({}));
        let bystanders = bystanders();
        let bystanders = bystanders.iter().filter(|(name, _)| free(name)).map(|(path, value)| (*path, value));
        let live = row.live.iter().map(|(path, value)| (*path, value));
        for (path, value) in bystanders.chain(live).chain(value.map(|value| (row.path, value))) {
            tree::set(&mut all, &place(path), value.clone());
        }
        let mode = all["UserPool"]["MfaConfiguration"].clone();
        tree::set(&mut all, &Path::members(["MfaConfig", "MfaConfiguration"]), mode);
        let document = |name: &str| all[name].as_object().cloned().unwrap();
        let live = Snapshot::new(document("UserPool"), Some(document("MfaConfig")));
        let pool = self.stage.pool(&live);
        Ground { live: pool.live().await, documents: Documents::of(&pool), pool }
    }

    /// Wishes for a value of the row's path; an error where that does not end as it should.
    async fn wish(&self, ground: &mut Ground<'_>, value: &Json, end: &End) -> Result<(), String> {
        let pool = &ground.pool;
        let mut wishes: Vec<Wish<'_>> = vec![(self.row.path, value.clone())];
        if !value.is_null() {
            wishes.extend(self.row.with.clone());
        }
        let mut settings = Object::new();
        for (path, value) in &wishes {
            put(&mut settings, path, value.clone());
        }
        let text = format!("version: 1\npool: {}\nsettings: {}\n", pool.id, Json::Object(settings));
        let desired = match (self.desired(&text), end) {
            (Ok(desired), End::Error(code)) => return Err(format!("no error `{code}`: {desired:?}")),
            (Ok(desired), _) => desired,
            (Err(codes), End::Error(code)) if codes == [*code] => return Ok(()),
            (Err(codes), _) => return Err(format!("the manifest is refused: {codes:?}")),
        };
        let plan = self.plan(&ground.live, &desired);
        let applied = pool.apply(&desired, &plan).await;
        let before = replace(&mut ground.documents, Documents::of(pool));
        let after = &ground.documents;
        match (end, &applied.outcome) {
            (End::Conflict(code), _) => {
                speaks(&plan, code)?;
                that(plan.report.is_refused() && applied.writes == 0 && before.text == after.text, || {
                    format!("a conflict was written: {:?}", applied.outcome)
                })
            }
            (End::Holds | End::Absent | End::Is(_), ApplyOutcome::Applied(_)) => {
                for (path, value) in &wishes {
                    let end = if value.is_null() { end } else { &End::Holds };
                    reached(path, value, end, &after.both)?;
                }
                self.untouched(&wishes, &before.both, &after.both)?;
                ground.live = pool.live().await;
                let again = self.plan(&ground.live, &desired);
                that(
                    !again.report.is_refused() && again.report.changes.is_empty() && again.steps.is_empty(),
                    || {
                        format!(
                            "the second plan is not empty: {:?} {:?}",
                            again.report.changes, again.report.findings
                        )
                    },
                )
            }
            // The only good value may be the default, too.
            (End::Is(_), ApplyOutcome::Unchanged) if self.row.values.len() == 1 => {
                reached(self.row.path, value, end, &before.both)
            }
            (_, outcome) => Err(format!("{outcome:?}\nfindings: {:?}", plan.report.findings)),
        }
    }

    fn plan(&self, live: &Snapshot, desired: &Desired) -> Plan {
        Plan::new(&self.stage.catalogue, live.clone(), desired, &accepting())
    }

    /// Reads a manifest; its errors by their codes where it is refused.
    fn desired(&self, text: &str) -> Result<Desired, Vec<String>> {
        let codes =
            |errors: Vec<manifest::Diagnostic>| errors.iter().map(|error| error.code.to_string()).collect();
        let loaded = manifest::load("pool.yaml", text.as_bytes()).map_err(codes)?;
        rules::check(&self.stage.catalogue, loaded).map(|(desired, _)| desired).map_err(codes)
    }

    /// Whether nothing has moved but what was wished, what repeats it, what goes along with it, and
    /// what the service fills in.
    fn untouched(&self, wishes: &[Wish<'_>], before: &Object, after: &Object) -> Result<(), String> {
        let (was, is) = (flat(before), flat(after));
        let paths: BTreeSet<&Path> = was.keys().chain(is.keys()).collect();
        let asked: Vec<Path> = wishes.iter().map(|(path, _)| place(path)).collect();
        let removed = wishes.iter().any(|(_, value)| value.is_null());
        let along: Vec<Path> = self.row.along.iter().map(|path| place(path)).collect();
        for path in paths.into_iter().filter(|path| was.get(*path) != is.get(*path)) {
            let excused = *path == place("LastModifiedDate")
                || asked.iter().any(|asked| path.overlaps(asked))
                || removed && along.iter().any(|along| path.is_within(along))
                || is_filled(path, was.get(path), is.get(path))
                || repeats(path, &asked, before, after);
            that(excused, || format!("`{path}` has moved: was {:?}, is {:?}", was.get(path), is.get(path)))?;
        }
        Ok(())
    }
}

/// Whether a plan says why, and what to do: every finding that refuses it has this code.
fn speaks(plan: &Plan, code: &str) -> Result<(), String> {
    let findings: Vec<&Finding> = plan.report.findings.iter().filter(|finding| finding.refuses()).collect();
    let codes = findings.iter().map(|finding| &*finding.code);
    that(!findings.is_empty() && codes.clone().all(|of| of == code), || {
        format!("not `{code}`, but {:?}", plan.report.findings)
    })?;
    let says = |finding: &&Finding| {
        !finding.text.is_empty() && finding.help.as_ref().is_some_and(|help| !help.is_empty())
    };
    that(findings.iter().all(says), || format!("`{code}` says too little: {findings:?}"))
}

/// Whether a wish has come true.
fn reached(path: &str, value: &Json, end: &End, after: &Object) -> Result<(), String> {
    let live = tree::get(after, &place(path));
    let has = match end {
        End::Absent => live.is_none(),
        End::Is(value) => live.is_some_and(|live| without_extras(path, live, value) == *value),
        _ => live.is_some_and(|live| includes(live, value)),
    };
    that(has, || format!("{value} is wanted, and led to {live:?}"))
}

/// Whether a live value is as wanted: structures by the members that are wanted, and attributes by
/// those that are wanted.
fn includes(live: &Json, wanted: &Json) -> bool {
    let is_attribute = |wanted: &Json| wanted.get("AttributeDataType").is_some();
    match (live, wanted) {
        (Json::Object(live), Json::Object(members)) => members.iter().all(|(name, wanted_value)| {
            let named = name == "Name" && is_attribute(wanted);
            live.get(name).is_some_and(|live| {
                if named { is_name(live, wanted_value) } else { includes(live, wanted_value) }
            })
        }),
        (Json::Array(live), Json::Array(wanted)) if wanted.iter().any(is_attribute) => {
            wanted.iter().all(|wanted| live.iter().any(|live| includes(live, wanted)))
        }
        _ => live == wanted,
    }
}

/// Whether the service shows an attribute of this name so: behind a prefix.
fn is_name(live: &Json, wanted: &Json) -> bool {
    let (live, wanted) = (live.as_str().unwrap(), wanted.as_str().unwrap());
    ["custom:", "dev:custom:"].iter().any(|prefix| live.strip_prefix(prefix) == Some(wanted))
}

/// A structure without the members that nobody wants of it: older names of another's, and defaults that
/// the service fills in.
fn without_extras(path: &str, live: &Json, wanted: &Json) -> Json {
    let mut live = live.clone();
    if let Some(members) = live.as_object_mut() {
        members.retain(|name, value| {
            let inner = format!("{path}.{name}");
            let extra =
                TWINS.iter().any(|(legacy, _)| *legacy == inner) || is_fill(&inner, &value.to_string());
            wanted.get(name).is_some() || !extra
        });
    }
    live
}

/// Whether the service puts this value where a structure lacks the member.
fn is_fill(setting: &str, value: &str) -> bool {
    FILLS.iter().chain(&MORE_FILLS).any(|(fill, default)| *fill == setting && *default == value)
}

/// Defaults that the service fills in, beside those of the pool's structures.
const MORE_FILLS: [(&str, &str); 5] = [
    ("WebAuthnConfiguration.FactorConfiguration", r#""SINGLE_FACTOR""#),
    ("AcrConfiguration.Level1.AcrValue", r#""urn:cognito:loa:1""#),
    ("AcrConfiguration.Level2.AcrValue", r#""urn:cognito:loa:2""#),
    ("AcrConfiguration.Level3.AcrValue", r#""urn:cognito:loa:3""#),
    ("AcrConfiguration.Level4.AcrValue", r#""urn:cognito:loa:4""#),
];

/// Whether the service has put its default where there was nothing.
fn is_filled(path: &Path, was: Option<&String>, is: Option<&String>) -> bool {
    let text = path.to_string();
    let setting = text.split_once('.').map_or("", |(_, setting)| setting);
    was.is_none() && is.is_some_and(|is| is_fill(setting, is))
}

/// Whether `path` only repeats what another place shows: one that was asked for, or, where it is new,
/// any.
fn repeats(path: &Path, asked: &[Path], before: &Object, after: &Object) -> bool {
    let twins = TWINS.iter().map(|(legacy, truth)| (place(legacy), place(truth)));
    let mirrors = MIRRORS.iter().map(|(mirror, truth)| {
        (Path::members(["MfaConfig"].into_iter().chain(mirror.split('.'))), place(truth))
    });
    let follows = |here: &Path, there: &Path| {
        let shown = tree::get(after, here);
        let is_new = tree::get(before, here).is_none() && shown.is_some();
        let is_asked = asked.iter().any(|asked| asked.overlaps(there));
        path.overlaps(here) && shown == tree::get(after, there) && (is_asked || is_new)
    };
    twins.chain(mirrors).any(|(one, other)| follows(&one, &other) || follows(&other, &one))
}

fn that(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}
