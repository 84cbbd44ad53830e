//! The planner's rules and the sandbox's know nothing of each other. Over generated pools and
//! manifests, what a plan lets through the sandbox accepts, and what the sandbox refuses the plan
//! has spoken of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use poolctl::catalogue::{Catalogue, RequestEnds, calls};
use poolctl::document::{DocumentId, Json, Object, Snapshot};
use poolctl::manifest::{self, Severity};
use poolctl::plan::{Finding, Level, Plan};
use poolctl::rules::{self, cross};
use poolctl::sandbox::{self, Running};
use poolctl::shapes::Shapes;

use crate::properties::stage::{accepting, yielding};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

/// How many pools and manifests meet, unless `PROPTEST_CASES` says otherwise.
fn count() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(500)
}

/// A sandbox of its own, and the pools in it.
pub(crate) struct Stage {
    runtime: Runtime,
    sandbox: Running,
    folder: TempDir,
    pub(crate) catalogue: Catalogue,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let options = sandbox::SandboxOptions::new(folder.path().to_owned());
        let sandbox = runtime.block_on(sandbox::start(options)).unwrap();
        Self { runtime, sandbox, folder, catalogue: Catalogue::new(Shapes::bundled()) }
    }

    /// Puts a pool there, and reads what the sandbox makes of it.
    fn put(&self, id: &str, case: &Pool) -> Snapshot {
        let document = json!({"UserPool": case.pool, "MfaConfig": case.mfa});
        std::fs::write(self.file(id), document.to_string()).unwrap();
        self.read(id)
    }

    /// Where the sandbox keeps a pool.
    pub(crate) fn file(&self, id: &str) -> PathBuf {
        self.folder.path().join(format!("{id}.json"))
    }

    pub(crate) fn read(&self, id: &str) -> Snapshot {
        let body = json!({"UserPoolId": id});
        let pool = self.call("DescribeUserPool", &body).unwrap()["UserPool"].as_object().cloned().unwrap();
        let mfa = self.call("GetUserPoolMfaConfig", &body).unwrap().as_object().cloned();
        Snapshot::new(pool, mfa)
    }

    /// The codes, of these, that a plan finds in a manifest of one call, every rule accepted, and the sandbox's answer
    /// to that call; `None` if nothing changes.
    pub(crate) fn meet(
        &self,
        live: Snapshot,
        text: &str,
        codes: impl Iterator<Item = &'static str>,
    ) -> Option<(BTreeSet<&'static str>, Result<Json, String>)> {
        let loaded = manifest::load("pool.yaml", text.as_bytes()).unwrap();
        let checked = rules::check(&self.catalogue, loaded);
        let (desired, _) = checked.unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        let plan = Plan::new(&self.catalogue, live, &desired, yielding());
        let step = match plan.steps.as_slice() {
            [] => return None,
            [step] => step,
            steps => panic!("{text}: {} calls", steps.len()),
        };
        let body = Json::Object(plan.body(&self.catalogue, step));
        let is_found = |code: &&str| plan.report.findings.iter().any(|finding| finding.code == *code);
        Some((codes.filter(is_found).collect(), self.call(step.operation.name, &body)))
    }

    /// One call; a refusal is its exception and message.
    pub(crate) fn call(&self, operation: &str, body: &Json) -> Result<Json, String> {
        self.runtime.block_on(async {
            let mut stream = TcpStream::connect(self.sandbox.addr()).await.unwrap();
            let body = body.to_string();
            let head = format!(
                "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/x-amz-json-1.1\r\n\
                 x-amz-target: AWSCognitoIdentityProviderService.{operation}\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(body.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            let (head, text) = answer.split_once("\r\n\r\n").unwrap();
            let value: Json = serde_json::from_str(text).unwrap_or_else(|_| json!({}));
            let said = || format!("{}: {}", value["__type"].as_str().unwrap(), value["message"].as_str().unwrap());
            if head.starts_with("HTTP/1.1 200") { Ok(value) } else { Err(said()) }
        })
    }
}

/// Both documents of a pool.
#[derive(Clone, Debug, Default)]
struct Pool {
    pool: Object,
    mfa: Object,
}

/// Values that a setting may have; the first of each is that of a pool where nobody has set it.
fn settings() -> Vec<(&'static str, Vec<Json>)> {
    let arn = |name: &str| format!("arn:aws:lambda:eu-west-1:111122223333:function:{name}");
    let role = "arn:aws:iam::111122223333:role/sms";
    let ses = "arn:aws:ses:eu-west-1:111122223333:identity/example.com";
    let first = |factors: Json| json!({"SignInPolicy": {"AllowedFirstAuthFactors": factors}});
    let recovery = |ways: &[(&str, u8)]| {
        let ways: Vec<Json> = ways.iter().map(|(name, at)| json!({"Name": name, "Priority": at})).collect();
        json!({"RecoveryMechanisms": ways})
    };
    let event = |version: &str| json!({"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": arn("token")}});
    let sender = json!({"LambdaVersion": "V1_0", "LambdaArn": arn("send")});
    let key = "arn:aws:kms:eu-west-1:111122223333:key/k";
    let levels = |one: &str, two: &str| json!({"Level1": {"AcrValue": one}, "Level2": {"AcrValue": two}});
    let tags = |number: usize| -> Json {
        Json::Object((0..number).map(|number| (format!("tag-{number}"), json!("x"))).collect())
    };
    let before = |names: Json| json!({"AttributesRequireVerificationBeforeUpdate": names});
    let invite = |name: &str, text: &str| json!({"InviteMessageTemplate": {name: text}});
    vec![
        ("UserPoolTier", vec![json!("ESSENTIALS"), json!("LITE"), json!("PLUS")]),
        (
            "Policies",
            vec![
                first(json!(["PASSWORD"])),
                first(json!(["PASSWORD", "EMAIL_OTP"])),
                first(json!(["PASSWORD", "SMS_OTP"])),
                first(json!(["PASSWORD", "WEB_AUTHN"])),
                first(json!(["EMAIL_OTP"])),
            ],
        ),
        (
            "UserPoolAddOns",
            vec![json!({"AdvancedSecurityMode": "OFF"}), json!({"AdvancedSecurityMode": "AUDIT"})],
        ),
        (
            "AutoVerifiedAttributes",
            vec![json!([]), json!(["email"]), json!(["phone_number"]), json!(["email", "phone_number"])],
        ),
        (
            "UserAttributeUpdateSettings",
            vec![before(json!([])), before(json!(["email"])), before(json!(["phone_number"]))],
        ),
        (
            "SmsConfiguration",
            vec![
                Json::Null,
                json!({"SnsCallerArn": role}),
                json!({"EumsSms": {"CallerArn": role, "Region": "eu-west-1"}}),
                json!({"EumsSms": {"CallerArn": role, "Region": "us-east-1"}}),
            ],
        ),
        (
            "EmailConfiguration",
            vec![
                json!({"EmailSendingAccount": "COGNITO_DEFAULT"}),
                json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": ses}),
                json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": ses, "From": "a@example.com"}),
                json!({"EmailSendingAccount": "COGNITO_DEFAULT", "From": "a@example.com"}),
                json!({"EmailSendingAccount": "DEVELOPER"}),
                json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": ses, "From": "a@bücher.example"}),
            ],
        ),
        (
            "LambdaConfig",
            vec![
                json!({}),
                event("V1_0"),
                event("V2_0"),
                json!({"CustomEmailSender": sender, "KMSKeyID": key}),
                json!({"CustomSMSSender": sender}),
            ],
        ),
        (
            "AcrConfiguration",
            vec![
                Json::Null,
                levels("gold", "silver"),
                levels("gold", "gold"),
                json!({"Level2": {"AcrValue": "urn:cognito:loa:1"}}),
            ],
        ),
        (
            "DcrConfiguration",
            vec![Json::Null, json!({"EnableStatus": "Disabled"}), json!({"EnableStatus": "Enabled"})],
        ),
        (
            "AccountRecoverySetting",
            vec![
                recovery(&[("verified_email", 1), ("verified_phone_number", 2)]),
                recovery(&[("verified_email", 1)]),
                recovery(&[("admin_only", 1)]),
                recovery(&[("verified_phone_number", 1), ("verified_email", 1)]),
            ],
        ),
        (
            "VerificationMessageTemplate",
            vec![
                json!({"EmailMessage": "Your code is {####}"}),
                json!({"EmailMessage": "Your code"}),
                json!({"EmailMessage": "{username}, your code is {####}"}),
                json!({"EmailMessage": "Your code is {####}, or open /?code=%7B####%7D"}),
                json!({"EmailMessageByLink": "Your code is {####}"}),
            ],
        ),
        (
            "AdminCreateUserConfig",
            vec![
                json!({"AllowAdminCreateUserOnly": false}),
                invite("SMSMessage", "{username} {####}"),
                invite("EmailMessage", "Welcome, {username}"),
            ],
        ),
        ("UserPoolTags", vec![tags(0), tags(26), tags(51)]),
    ]
}

/// What manifests want of MFA; the pools have it from [`mfa`].
fn of_mfa() -> Vec<(&'static str, Vec<Json>)> {
    let passkey = |factor: &str| json!({"RelyingPartyId": "example.com", "FactorConfiguration": factor});
    vec![
        ("MfaConfiguration", vec![json!("OFF"), json!("OPTIONAL"), json!("ON")]),
        ("SoftwareTokenMfaConfiguration", vec![json!({"Enabled": true}), Json::Null]),
        (
            "EmailMfaConfiguration",
            vec![json!({"Message": "It is {####}"}), json!({"Message": "Hi"}), Json::Null],
        ),
        ("SmsMfaConfiguration", vec![json!({}), Json::Null]),
        (
            "WebAuthnConfiguration",
            vec![
                passkey("SINGLE_FACTOR"),
                passkey("MULTI_FACTOR_WITH_USER_VERIFICATION"),
                json!({"RelyingPartyId": "example.com/login", "FactorConfiguration": "SINGLE_FACTOR"}),
            ],
        ),
    ]
}

/// The MFA documents of live pools, each with its mode.
fn mfa() -> Vec<(&'static str, Json)> {
    let totp = json!({"Enabled": true});
    let passkey = |factor: &str| json!({"RelyingPartyId": "example.com", "FactorConfiguration": factor});
    let email = json!({"Message": "Your code is {####}", "Subject": "Code"});
    vec![
        ("OFF", json!({})),
        ("OPTIONAL", json!({"SoftwareTokenMfaConfiguration": totp})),
        ("ON", json!({"SoftwareTokenMfaConfiguration": totp})),
        (
            "ON",
            json!({"SoftwareTokenMfaConfiguration": totp, "WebAuthnConfiguration": passkey("SINGLE_FACTOR")}),
        ),
        (
            "ON",
            json!({"SoftwareTokenMfaConfiguration": totp, "WebAuthnConfiguration": passkey("MULTI_FACTOR_WITH_USER_VERIFICATION")}),
        ),
        ("OPTIONAL", json!({"EmailMfaConfiguration": email})),
        ("OPTIONAL", json!({"SmsMfaConfiguration": {}})),
    ]
}

/// A live pool, and the settings of a manifest for it.
fn cases() -> impl Strategy<Value = (Pool, Object)> {
    let settings = settings();
    let wants: Vec<(&str, Vec<Json>)> = settings.iter().cloned().chain(of_mfa()).collect();
    let names: Vec<&str> = wants.iter().map(|(name, _)| *name).collect();
    // MFA is wanted more often than anything else.
    let name = prop_oneof![3 => select(names), 1 => select(of_mfa().into_iter().map(|(name, _)| name).collect::<Vec<_>>())];
    // Most settings of a live pool are what nobody has set, else hardly any pool is a possible one.
    let live = proptest::collection::vec((0u8..10, any::<Index>()), settings.len());
    let wanted = proptest::collection::vec((name, any::<Index>()), 1..5);
    (live, any::<Index>(), wanted).prop_map(move |(live, mode, wanted)| {
        let of =
            |name: &str| wants.iter().find(|(other, _)| *other == name).map(|(_, values)| values).unwrap();
        let mut pool = Pool::default();
        for ((name, values), (rarely, index)) in settings.iter().zip(&live) {
            let value = if *rarely < 9 { &values[0] } else { index.get(values) };
            if !value.is_null() {
                pool.pool.insert((*name).to_owned(), value.clone());
            }
        }
        let modes = mfa();
        let (mode, document) = mode.get(&modes);
        pool.mfa = document.as_object().cloned().unwrap();
        pool.pool.insert("MfaConfiguration".to_owned(), json!(mode));
        pool.mfa.insert("MfaConfiguration".to_owned(), json!(mode));
        // What a factor cannot be without.
        if let Some(sms) = pool.mfa.get_mut("SmsMfaConfiguration") {
            let sender = of("SmsConfiguration")[1].clone();
            sms["SmsConfiguration"] = sender.clone();
            pool.pool.insert("SmsConfiguration".to_owned(), sender);
        }
        if pool.mfa.contains_key("EmailMfaConfiguration") {
            pool.pool.insert("EmailConfiguration".to_owned(), of("EmailConfiguration")[1].clone());
        }
        let wanted = wanted.iter().map(|(name, index)| ((*name).to_owned(), index.get(of(name)).clone()));
        (pool, wanted.collect())
    })
}

/// What became of the cases.
#[derive(Debug, Default)]
struct Tally {
    /// Cases by how they ended.
    ends: BTreeMap<&'static str, u32>,
    /// Rules that spoke where the sandbox refused.
    agreed: BTreeMap<String, u32>,
    /// Plans by the number of their calls.
    steps: BTreeMap<usize, u32>,
    /// Rules that alone spoke where the sandbox accepted.
    alone: BTreeMap<String, u32>,
}

/// Rules that speak where the sandbox accepts, and why both may be right.
const ALONE: [(&str, &str); 8] = [
    ("relying-party-no-host", "browsers refuse it, and the sandbox does not"),
    ("placeholder-torn", "the sandbox takes it, as Cognito does"),
    ("username-not-filled-in", "the sandbox takes it, as Cognito does"),
    ("sms-mfa-without-sender", "reported of SMS alone; the sandbox takes the block beside another factor"),
    (
        "email-mfa-with-email-recovery",
        "known of SetUserPoolMfaConfig, and the sandbox refuses it there alone",
    ),
    (
        "sms-mfa-with-phone-recovery",
        "reported of creating a pool; the sandbox refuses it in SetUserPoolMfaConfig",
    ),
    ("message-placeholder", "reported of invitations too; the sandbox looks into verification messages"),
    ("recovery-priorities", "inferred, and the sandbox accepts what nobody has seen refused"),
];

/// Rules that no manifest can bring about, and why.
const UNREACHED: [(&str, &str); 3] = [
    ("mfa-on-by-update", "a plan turns MFA on by the other call"),
    ("unused-account-validity", "a request holds one of the two"),
    ("pre-token-generation-differs", "a plan keeps the two in step"),
];

impl Tally {
    fn judge(&self) {
        let ended = |end: &str| self.ends.get(end).copied().unwrap_or_default();
        assert_eq!(ended("a conflict, and accepted"), 0, "a plan refused what the sandbox takes");
        assert!(ended("a conflict, and harmful") > 0, "no plan was kept from losing a sender");
        for end in ["let through and accepted", "a conflict, and refused", "warned of, and refused"] {
            assert!(ended(end) * 40 >= count(), "only {} cases were {end}", ended(end));
        }
        for code in self.alone.keys() {
            assert!(ALONE.iter().any(|(known, _)| known == code), "`{code}` spoke where the sandbox accepts");
        }
        let met = |code: &str| {
            let spoke = self.agreed.contains_key(code) || self.alone.contains_key(code);
            spoke || UNREACHED.iter().any(|(known, _)| *known == code)
        };
        for rule in cross::all().filter(|rule| !is_of_a_branch(rule)) {
            assert!(met(rule.code), "no case met `{}`", rule.code);
        }
    }
}

#[test]
fn what_a_plan_lets_through_the_sandbox_accepts_and_what_it_refuses_the_plan_has_named() {
    let stage = Stage::new();
    let mut tally = Tally::default();
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), seed);
    let strategy = cases();
    for number in 0..count() {
        let (pool, wanted) = strategy.new_tree(&mut runner).unwrap().current();
        let end = meet(&stage, &format!("eu-west-1_Case{number}"), &pool, &wanted, &mut tally);
        let end = end.unwrap_or_else(|why| panic!("{why}\nlive: {pool:?}\nwanted: {}", Json::Object(wanted)));
        *tally.ends.entry(end).or_default() += 1;
    }
    // What chance brings together rarely, or never.
    let values = |name: &str| settings().into_iter().find(|(other, _)| *other == name).unwrap().1;
    let pool = Pool {
        pool: json!({"UserPoolTier": "ESSENTIALS", "MfaConfiguration": "OFF"}).as_object().cloned().unwrap(),
        mfa: Object::new(),
    };
    let wanted = [
        ("UserPoolTier", values("UserPoolTier")[1].clone()),
        ("LambdaConfig", values("LambdaConfig")[2].clone()),
    ];
    let wanted = wanted.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    meet(&stage, "eu-west-1_Tier", &pool, &wanted, &mut tally).unwrap();
    let wanted = [("SmsConfiguration".to_owned(), json!({"ExternalId": "x"}))].into_iter().collect();
    meet(&stage, "eu-west-1_Role", &pool, &wanted, &mut tally).unwrap();
    println!("{tally:#?}");
    tally.judge();
}

/// What `validate` says of a manifest, whatever its pool is like, the plan says too: what is an error there
/// refuses the plan here, unless the plan changes nothing of it.
#[test]
fn what_a_manifest_is_told_alone_its_plan_is_told_too() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), seed);
    let strategy = cases();
    let (mut told, mut met) = (BTreeSet::new(), 0);
    for _ in 0..count() {
        let (pool, wanted) = strategy.new_tree(&mut runner).unwrap().current();
        let (id, options) = ("eu-west-1_Case", accepting());
        let text = format!("version: 1\npool: {id}\npassthrough: {}\n", Json::Object(wanted));
        let load = || manifest::load("pool.yaml", text.as_bytes()).unwrap();
        let (desired, _) = rules::check(&catalogue, load()).unwrap();
        let alone = rules::check_alone(&catalogue, load(), options.today, &[]);
        let alone = alone.map_or_else(|errors| errors, |(_, warnings)| warnings);
        let plan = Plan::new(&catalogue, Snapshot::new(pool.pool, Some(pool.mfa)), &desired, &options);
        if plan.steps.is_empty() {
            continue;
        }
        for finding in alone {
            told.insert(finding.code.clone());
            let spoken = plan.report.findings.iter().find(|spoken| spoken.code == finding.code);
            let Some(spoken) = spoken else { panic!("the plan does not say {finding:?}\n{text}\n{plan:#?}") };
            let expected = match finding.severity {
                Severity::Error => Level::Conflict,
                Severity::Warning => Level::Warning,
            };
            assert!([expected, Level::Note].contains(&spoken.level), "{spoken:?}\n{text}");
            met += usize::from(spoken.level == expected);
        }
    }
    println!("{met} findings met, of {told:?}");
    assert!(met > 150 && told.len() > 10, "{met} of {told:?}");
}

/// Whether a rule is about documents beside the pool's own.
fn is_of_a_branch(rule: &cross::Rule) -> bool {
    rule.about.iter().any(|setting| Catalogue::branches().any(|branch| setting.starts_with(branch)))
}

/// Whether a rule is about log delivery.
fn is_about_logs(rule: &cross::Rule) -> bool {
    rule.about.iter().any(|setting| setting.starts_with("logDelivery"))
}

#[test]
fn the_sandbox_refuses_exactly_the_log_delivery_that_a_rule_names() {
    let stage = Stage::new();
    let arn =
        |region: &str| json!({"LogGroupArn": format!("arn:aws:logs:{region}:111122223333:log-group:a")});
    let destinations = [
        json!({}),
        json!({"CloudWatchLogsConfiguration": arn("eu-west-1")}),
        json!({"CloudWatchLogsConfiguration": arn("us-east-1")}),
        json!({"S3Configuration": {"BucketArn": "arn:aws:s3:::bucket"}}),
        json!({"FirehoseConfiguration": {"StreamArn": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/a"}}),
    ];
    let codes: BTreeSet<&str> =
        cross::all().filter(|rule| is_about_logs(rule)).map(|rule| rule.code).collect();
    let mut spoken = BTreeSet::new();
    let mut number = 0;
    for tier in ["LITE", "ESSENTIALS", "PLUS"] {
        for source in ["userNotification", "userAuthEvents"] {
            for (level, destination) in
                ["ERROR", "INFO"].into_iter().flat_map(|level| destinations.iter().map(move |to| (level, to)))
            {
                number += 1;
                let id = format!("eu-west-1_logs{number}");
                let mut entry = json!({"EventSource": source, "LogLevel": level});
                entry.as_object_mut().unwrap().extend(destination.as_object().unwrap().clone());
                let pool = json!({"Id": id, "Name": "customers", "UserPoolTier": tier});
                let pool = Pool { pool: pool.as_object().unwrap().clone(), mfa: Object::new() };
                let nothing = json!({ "UserPoolId": id, "LogConfigurations": [] });
                let live = stage
                    .put(&id, &pool)
                    .with(DocumentId::LOG_DELIVERY, Some(nothing.as_object().unwrap().clone().into()));
                let text =
                    format!("version: 1\npool: {id}\nlogDelivery: {{ LogConfigurations: [{entry}] }}\n");
                let (named, sent) = stage.meet(live, &text, codes.iter().copied()).unwrap();
                assert_eq!(sent.is_err(), !named.is_empty(), "{text}: {sent:?}, and the rules {named:?}");
                spoken.extend(named);
            }
        }
    }
    // The check of a manifest refuses a source that stands twice.
    assert_eq!(codes.difference(&spoken).copied().collect::<Vec<_>>(), ["log-source"]);
}

/// Whether a rule spoke that is about a loss rather than a refusal.
fn harms(spoken: &BTreeSet<&str>) -> bool {
    cross::all().any(|rule| rule.harms && spoken.contains(rule.code))
}

fn meet(
    stage: &Stage,
    id: &str,
    pool: &Pool,
    wanted: &Object,
    tally: &mut Tally,
) -> Result<&'static str, String> {
    let mut pool = pool.clone();
    pool.pool.insert("Id".to_owned(), json!(id));
    pool.pool.insert("Name".to_owned(), json!("customers"));
    let live = stage.put(id, &pool);
    let update = |body: &Object| stage.call("UpdateUserPool", &Json::Object(body.clone()));
    // A pool that the sandbox would not have let become so is none that a plan can meet.
    let request = |call, document| {
        stage.catalogue.request(call, id, RequestEnds::back(&live, document), &[]).to_object()
    };
    let possible = update(&request(&calls::UPDATE_USER_POOL, &DocumentId::POOL)).and_then(|_| {
        let off = live.pool().get("MfaConfiguration").unwrap() == "OFF";
        let body = request(&calls::SET_USER_POOL_MFA_CONFIG, &DocumentId::MFA);
        if off { Ok(Json::Null) } else { stage.call("SetUserPoolMfaConfig", &Json::Object(body)) }
    });
    if possible.is_err() {
        return Ok("no possible pool");
    }
    let live = stage.read(id);
    // Unchecked, since the pattern of a message is checked before any plan.
    let text = format!("version: 1\npool: {id}\npassthrough: {}\n", Json::Object(wanted.clone()));
    let loaded = manifest::load("pool.yaml", text.as_bytes()).map_err(|errors| format!("{errors:?}"))?;
    let (desired, _) = rules::check(&stage.catalogue, loaded).map_err(|errors| format!("{errors:?}"))?;
    let codes: BTreeSet<&str> = cross::all().map(|rule| rule.code).collect();
    let plan = |options| Plan::new(&stage.catalogue, live.clone(), &desired, options);
    // Risks are another matter, and all accepted.
    let (strict, plan) = (plan(&accepting()), plan(yielding()));
    if plan.report.is_refused() {
        return Ok("refused for another reason");
    }
    if plan.steps.is_empty() {
        return Ok("nothing to do");
    }
    *tally.steps.entry(plan.steps.len()).or_default() += 1;
    let is_rule = |finding: &&Finding| finding.level != Level::Note && codes.contains(&*finding.code);
    let spoken: BTreeSet<&str> =
        plan.report.findings.iter().filter(is_rule).map(|finding| &*finding.code).collect();
    let mut lost = false;
    let sent: Result<(), String> = plan.steps.iter().try_for_each(|step| {
        stage.call(step.operation.name, &Json::Object(plan.body(&stage.catalogue, step)))?;
        lost |= !stage.read(id).pool().has("SmsConfiguration");
        Ok(())
    });
    match sent {
        Ok(()) if spoken.is_empty() => Ok("let through and accepted"),
        Err(refusal) if spoken.is_empty() => {
            let notes: Vec<&str> = plan.report.findings.iter().map(|finding| &*finding.text).collect();
            Err(format!("the plan let through what the sandbox refuses: {refusal}\n{notes:#?}"))
        }
        Ok(()) if harms(&spoken) => {
            spoken.iter().for_each(|code| *tally.agreed.entry((*code).to_owned()).or_default() += 1);
            if lost { Ok("a conflict, and harmful") } else { Err(format!("{spoken:?} did no harm")) }
        }
        answer => {
            let to = if answer.is_ok() { &mut tally.alone } else { &mut tally.agreed };
            for code in spoken {
                *to.entry(code.to_owned()).or_default() += 1;
            }
            Ok(match (answer.is_ok(), strict.report.is_refused()) {
                (true, true) => "a conflict, and accepted",
                (true, false) => "warned of, and accepted",
                (false, true) => "a conflict, and refused",
                (false, false) => "warned of, and refused",
            })
        }
    }
}
