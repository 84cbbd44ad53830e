//! The promises of an apply and of a restore where a pool and its MFA document are kept apart: an endpoint
//! that keeps both as they are written, whose copies follow the pool or stay, whose reads may be partial and
//! in front of which a gateway may lose answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use poolctl::apply::{self, ApplyFailure, ApplyOutcome, Backup, Doubt, Interrupt, Task};
use poolctl::catalogue::{Catalogue, RESOURCES};
use poolctl::cognito::{Rate, Retry, Session, Settings};
use poolctl::document::{Document, Json, Object, Path, Snapshot};
use poolctl::files::Root;
use poolctl::plan::{Level, Plan, Scope, Work, inverse};
use poolctl::rules::{Desired, cross};
use poolctl::shapes::Shapes;
use poolctl::{manifest, rules};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Builder;

use crate::harness::server::{Reply, Request, Server};
use crate::properties::stage::{accepting, check};

const ID: &str = "eu-west-1_Twofold";
const MODE: &str = "MfaConfiguration";

/// The copies: in the MFA document, and what they repeat of the pool.
const COPIES: [(&str, &str); 2] = [
    ("SmsMfaConfiguration.SmsConfiguration", "SmsConfiguration"),
    ("SmsMfaConfiguration.SmsAuthenticationMessage", "SmsAuthenticationMessage"),
];

/// Settings of the pool that no manifest here declares.
const BYSTANDERS: [&str; 5] =
    ["LambdaConfig", "AutoVerifiedAttributes", "UserPoolTags", "EmailConfiguration", "DeletionProtection"];

/// How an endpoint treats what stands in both documents.
#[derive(Clone, Copy, Debug, Default)]
struct Ways {
    /// Whether an update of the pool moves the copies.
    follows: bool,
    /// Whether a copy that is sent moves the pool.
    writes_through: bool,
}

/// What a read lacks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Lack {
    Id,
    /// All but the id, the name and the ARN.
    MostOfThePool,
    /// Two settings, and nothing that every pool has.
    TwoSettings,
    /// The whole MFA document.
    Mfa,
}

/// What goes wrong at one endpoint.
#[derive(Clone, Copy, Debug, Default)]
struct Mischief {
    /// From which read of a pool on, how many times, and how reads are partial.
    partial: Option<(usize, usize, Lack)>,
    /// At which write a gateway answers in the service's place, and whether the write has arrived.
    gateway: Option<(usize, bool)>,
}

/// An endpoint with one pool.
#[derive(Default)]
struct Kept {
    now: Snapshot,
    ways: Ways,
    mischief: Mischief,
    reads: [usize; 2],
    /// The pool after each write, and before the first.
    history: Vec<Snapshot>,
    writes: usize,
}

impl Kept {
    fn answer(&mut self, request: &Request) -> Reply {
        let body: Object = serde_json::from_str(request.text()).unwrap();
        match request.operation() {
            "DescribeUserPool" => {
                let pool = self.read(0, self.now.pool().clone());
                Reply::ok(&json!({"UserPool": pool}).to_string())
            }
            "GetUserPoolMfaConfig" => {
                let mfa = self.read(1, self.now.mfa().cloned().unwrap());
                Reply::ok(&json!(mfa).to_string())
            }
            operation => {
                self.writes += 1;
                let (at, arrives) = self.mischief.gateway.unwrap_or((0, true));
                if at != self.writes || arrives {
                    self.write(operation, body);
                    self.history.push(self.now.clone());
                }
                match at == self.writes {
                    true => Reply::Answer(502, "<html><body>Bad Gateway</body></html>".to_owned()),
                    false => Reply::ok("{}"),
                }
            }
        }
    }

    fn read(&mut self, document: usize, mut whole: Document) -> Document {
        self.reads[document] += 1;
        let Some((from, times, lack)) = self.mischief.partial else { return whole };
        if !(from..from + times).contains(&self.reads[document]) {
            return whole;
        }
        match (lack, document) {
            (Lack::Id, 0) => whole.retain(|name, _| name != "Id"),
            (Lack::MostOfThePool, 0) => whole.retain(|name, _| ["Id", "Name", "Arn"].contains(&name)),
            (Lack::TwoSettings, 0) => {
                whole.retain(|name, _| !["LambdaConfig", "UserPoolTags"].contains(&name))
            }
            (Lack::Mfa, 1) => whole = Document::default(),
            _ => {}
        }
        whole
    }

    /// Both calls replace their document.
    fn write(&mut self, operation: &str, mut body: Object) {
        body.shift_remove("UserPoolId");
        let (mut pool, mut mfa) = (self.now.pool().clone(), self.now.mfa().cloned().unwrap());
        let mode = body.get(MODE).cloned();
        let set_mode =
            |document: &mut Document| mode.iter().for_each(|mode| document.insert(MODE, mode.clone()));
        if operation == "UpdateUserPool" {
            let read_only = ["Id", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"];
            pool.retain(|name, _| read_only.contains(&name));
            for (name, value) in body {
                pool.insert(if name == "PoolName" { "Name" } else { &name }, value);
            }
            set_mode(&mut mfa);
            if self.ways.follows && mfa.has("SmsMfaConfiguration") {
                COPIES.iter().for_each(|(copy, truth)| put(&mut mfa, copy, at(&pool, truth).cloned()));
            }
        } else {
            set_mode(&mut pool);
            let body = Document::from(body);
            if self.ways.writes_through && body.has("SmsMfaConfiguration") {
                let sent = |copy: &str| at(&body, copy).cloned();
                // As in the sandbox, a block without a sender leaves the pool's.
                let sender = sent(COPIES[0].0).or_else(|| pool.get(COPIES[0].1).cloned());
                put(&mut pool, COPIES[0].1, sender);
                put(&mut pool, COPIES[1].1, sent(COPIES[1].0));
            }
            mfa = body;
        }
        self.now = Snapshot::new(pool, Some(mfa));
    }
}

fn at<'a>(document: &'a Document, path: &str) -> Option<&'a Json> {
    document.at(&Path::members(path.split('.'))).filter(|value| !value.is_null())
}

fn put(document: &mut Document, path: &str, value: Option<Json>) {
    let path = Path::members(path.split('.'));
    match value {
        Some(value) => document.set(&path, value),
        None => drop(document.remove(&path)),
    }
}

/// A pool at such an endpoint, what a manifest says of it, and what goes wrong.
#[derive(Clone, Debug)]
struct Round {
    live: Snapshot,
    settings: Object,
    ways: Ways,
    mischief: Mischief,
}

fn role(name: &str) -> String {
    format!("arn:aws:iam::111122223333:role/{name}")
}

fn senders() -> impl Strategy<Value = Json> {
    (select(vec!["sms0", "sms1", "sms2"]), weighted(0.3, Just("eu-west-1"))).prop_map(|(name, region)| {
        let mut sender = json!({"SnsCallerArn": role(name)});
        if let (Json::Object(members), Some(region)) = (&mut sender, region) {
            members.insert("SnsRegion".to_owned(), json!(region));
        }
        sender
    })
}

fn messages() -> impl Strategy<Value = Json> {
    select(vec!["It is {####}", "Use {####}", "{####}"]).prop_map(Json::from)
}

/// Pools whose documents agree, or not: in the sender, the message, in what one of them lacks or has as null.
fn pools() -> impl Strategy<Value = Snapshot> {
    let own = (weighted(0.85, senders()), weighted(0.6, messages()));
    let copied = (weighted(0.7, senders()), weighted(0.6, messages()), any::<bool>());
    let mode = select(vec!["OFF", "OPTIONAL", "OPTIONAL", "ON"]);
    let factors = (
        any::<bool>(),
        weighted(0.4, Just(json!({"RelyingPartyId": "example.com", "UserVerification": "preferred"}))),
    );
    let nulls = subsequence(
        vec!["DeviceConfiguration", "UserAttributeUpdateSettings", "AliasAttributes", "UserPoolAddOns"],
        0..=4,
    );
    (own, copied, mode, factors, nulls).prop_map(|(own, copied, mode, (sms, passkeys), nulls)| {
        let (sender, message) = own;
        let pool = json!({
            "Id": ID, "Name": "p", "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/x",
            "CreationDate": 1.5, "LastModifiedDate": 2.5, "SchemaAttributes": [{"Name": "sub"}],
            "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:111122223333:function:f"},
            "AutoVerifiedAttributes": ["email"], "UserPoolTags": {"team": "a"},
            "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER",
                "SourceArn": "arn:aws:ses:eu-west-1:111122223333:identity/example.com"},
            "DeletionProtection": "ACTIVE", MODE: mode,
        });
        let mut pool = Document::from(pool.as_object().cloned().unwrap());
        put(&mut pool, "SmsConfiguration", sender.clone());
        put(&mut pool, "SmsAuthenticationMessage", message.clone());
        nulls.into_iter().for_each(|name| pool.insert(name, Json::Null));
        let mut mfa = Document::default();
        mfa.insert(MODE, json!(mode));
        if mode != "OFF" {
            mfa.insert("SoftwareTokenMfaConfiguration", json!({"Enabled": true}));
        }
        if mode != "OFF" && (sms || sender.is_some()) {
            let (other, text, agrees) = copied;
            let mut block = Document::default();
            put(&mut block, "SmsConfiguration", if agrees { sender } else { other });
            put(&mut block, "SmsAuthenticationMessage", if agrees { message } else { text });
            mfa.insert("SmsMfaConfiguration", json!(block));
        }
        passkeys.into_iter().for_each(|passkeys| mfa.insert("WebAuthnConfiguration", passkeys));
        Snapshot::new(pool, Some(mfa))
    })
}

fn rounds(mischief: impl Strategy<Value = Mischief> + 'static) -> BoxedStrategy<Round> {
    let wants = (
        weighted(0.5, select(vec!["OFF", "OPTIONAL", "ON"]).prop_map(Json::from)),
        weighted(0.5, senders()),
        weighted(0.4, prop_oneof![3 => messages(), 1 => Just(Json::Null)]),
        weighted(0.4, select(vec!["required", "preferred"])),
        weighted(0.4, Just(json!("q"))),
    );
    let ways =
        (any::<bool>(), any::<bool>()).prop_map(|(follows, writes_through)| Ways { follows, writes_through });
    (pools(), wants, ways, mischief)
        .prop_map(|(live, (mode, sender, message, verification, name), ways, mischief)| {
            let passkeys =
                verification.map(|is| json!({"RelyingPartyId": "example.com", "UserVerification": is}));
            let wants = [
                (MODE, mode),
                ("SmsConfiguration", sender),
                ("SmsAuthenticationMessage", message),
                ("WebAuthnConfiguration", passkeys),
                ("PoolName", name),
            ];
            let settings =
                wants.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
            Round { live, settings, ways, mischief }
        })
        .boxed()
}

/// The endpoint, and the way to it.
struct World {
    catalogue: Catalogue,
    kept: Arc<Mutex<Kept>>,
    session: Arc<Session>,
    folder: TempDir,
    _server: Server,
}

impl World {
    async fn new() -> Self {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let endpoint = Arc::clone(&kept);
        let server = Server::start(move |_, request| endpoint.lock().unwrap().answer(request)).await;
        let wait = Duration::from_millis(1);
        let settings = Settings {
            sandbox: Some(server.url.clone()),
            rate: Rate::Calls(1e6),
            retry: Retry { first: wait, longest: wait, ..Retry::default() },
            ..Settings::new("eu-west-1")
        };
        let session = Arc::new(Session::open(&settings, Arc::new(|_| {})).await.unwrap());
        let catalogue = Catalogue::new(Shapes::bundled());
        Self { catalogue, kept, session, folder: tempfile::tempdir().unwrap(), _server: server }
    }

    fn begins(&self, round: &Round) {
        let (ways, mischief) = (round.ways, round.mischief);
        let (now, history) = (round.live.clone(), vec![round.live.clone()]);
        *self.kept.lock().unwrap() = Kept { now, ways, mischief, history, ..Kept::default() };
    }

    fn desired(&self, settings: &Object) -> Desired {
        let text = format!("version: 1\npool: {ID}\nsettings: {}\n", Json::Object(settings.clone()));
        let loaded = manifest::load("pool.yaml", text.as_bytes()).unwrap();
        rules::check(&self.catalogue, loaded).unwrap().0
    }

    async fn plan(&self, desired: &Desired) -> Result<Plan, String> {
        let live = self
            .session
            .reader()
            .read(ID, RESOURCES.into_iter().take(2))
            .await
            .map_err(|error| error.to_string())?;
        Ok(Plan::new(&self.catalogue, live, desired, &accepting()))
    }

    async fn apply(&self, desired: &Desired, plan: &Plan) -> ApplyOutcome {
        let (session, desired) = (Arc::clone(&self.session), desired.clone());
        let task = Task { desired, plan: plan.clone().into(), session, account: None, earlier: Vec::new() };
        let options = apply::ApplyOptions {
            backup_dir: self.folder.path().to_owned(),
            root: Root::default(),
            settle: Duration::ZERO,
            strict: false,
            plan: accepting(),
            look_again: false,
            saved: None,
            parallelism: 1,
            max_failures: 1,
        };
        apply::run(&self.catalogue, &[&task], &options, &Interrupt::default(), &|_| {}).await.remove(0)
    }

    async fn restore(&self, backup: &std::path::Path) -> Result<(Plan, ApplyOutcome), String> {
        let backup = Backup::read(&Root::default(), backup).map_err(|error| error.to_string())?;
        let paths = backup.paths().map_err(|error| error.to_string())?;
        let now = self
            .session
            .reader()
            .read(ID, RESOURCES.into_iter().take(2))
            .await
            .map_err(|error| error.to_string())?;
        let frame = Desired::nothing("backup".to_owned(), ID.to_owned(), "eu-west-1".to_owned());
        let desired = inverse(&self.catalogue, frame, &now, &backup.snapshot(), Scope::Run(&paths));
        let plan = self.plan(&desired).await?;
        let outcome = self.apply(&desired, &plan).await;
        Ok((plan, outcome))
    }

    /// The pool after each write since this was last asked, and before the first of them.
    fn history(&self) -> Vec<Snapshot> {
        let mut kept = self.kept.lock().unwrap();
        let last = kept.now.clone();
        std::mem::replace(&mut kept.history, vec![last])
    }

    fn writes(&self) -> usize {
        self.kept.lock().unwrap().writes
    }
}

fn run(
    cases: u32,
    strategy: &BoxedStrategy<Round>,
    property: impl AsyncFn(&World, &Round) -> Result<&'static str, String>,
    ends: &[&str],
) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(World::new());
    let seen = Mutex::new(std::collections::BTreeMap::<&str, u32>::new());
    check(cases, strategy, |round| {
        world.begins(round);
        let end = runtime.block_on(property(&world, round))?;
        *seen.lock().unwrap().entry(end).or_default() += 1;
        Ok(())
    });
    let seen = seen.into_inner().unwrap();
    println!("{seen:?}");
    for end in ends {
        assert!(seen.contains_key(end), "nothing was {end}: {seen:?}");
    }
}

fn that(holds: bool, what: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.into()) }
}

#[test]
fn whatever_the_two_documents_say_a_change_takes_place_and_goes_back() {
    let ends = ["refused by a rule", "nothing to do", "applied and undone"];
    run(60, &rounds(Just(Mischief::default())), promises, &ends);
}

#[test]
fn partial_reads_and_lost_answers_lose_no_setting() {
    let lack = select(vec![Lack::Id, Lack::MostOfThePool, Lack::TwoSettings, Lack::Mfa]);
    let mischief =
        (weighted(0.8, (2..6_usize, 1..5_usize, lack)), weighted(0.4, (1..3_usize, any::<bool>())))
            .prop_map(|(partial, gateway)| Mischief { partial, gateway });
    let ends = ["not written, since no read was whole", "applied and undone", "in doubt"];
    run(60, &rounds(mischief), promises, &ends);
}

async fn promises(world: &World, round: &Round) -> Result<&'static str, String> {
    let desired = world.desired(&round.settings);
    let plan = world.plan(&desired).await?;
    that(
        plan.report.changes.is_empty() || plan.report.is_refused() || !plan.steps.is_empty(),
        "changes, and no call",
    )?;
    let outcome = world.apply(&desired, &plan).await;
    let history = world.history();
    bystanders(&history)?;
    copies(&history, &plan)?;
    match &outcome {
        ApplyOutcome::Refused(_) | ApplyOutcome::Unchanged if plan.report.is_refused() => {
            let by_rules = plan
                .report
                .findings(Level::Conflict)
                .all(|finding| cross::all().any(|rule| rule.code == finding.code));
            that(by_rules && world.writes() == 0, format!("{:?}", plan.report.findings))?;
            Ok("refused by a rule")
        }
        ApplyOutcome::Unchanged => {
            that(
                matches!(plan.work(), Work::Nothing) && world.writes() == 0,
                "changes, and nothing was done",
            )?;
            Ok("nothing to do")
        }
        ApplyOutcome::Failed(ApplyFailure::Read(error)) => {
            that(world.writes() == 0 && round.mischief.partial.is_some(), format!("{error}"))?;
            Ok("not written, since no read was whole")
        }
        ApplyOutcome::Deviates(_, Doubt::Unread(_) | Doubt::Lost(..)) if round.mischief.partial.is_some() => {
            Ok("in doubt")
        }
        // What every read since the write lacks is gone, as far as anyone can tell.
        ApplyOutcome::Deviates(_, Doubt::Read(_))
            if matches!(round.mischief.partial, Some((_, 3.., Lack::TwoSettings))) =>
        {
            Ok("in doubt")
        }
        ApplyOutcome::Applied(written) => {
            that(world.writes() > 0 && !written.done.is_empty(), "applied without a write")?;
            let again = world.plan(&desired).await;
            // Its own reads may be partial.
            if round.mischief.partial.is_none() {
                that(again?.report.changes.is_empty(), "a second plan has changes")?;
            }
            undone(world, round, &written.backup).await
        }
        outcome => Err(format!("{outcome:?}\n{:?}", plan.report.findings)),
    }
}

async fn undone(world: &World, round: &Round, backup: &std::path::Path) -> Result<&'static str, String> {
    world.kept.lock().unwrap().mischief = Mischief::default();
    let (plan, outcome) = world.restore(backup).await?;
    let history = world.history();
    bystanders(&history)?;
    copies(&history, &plan)?;
    match outcome {
        _ if plan.report.is_refused() => Ok("applied, and not to be undone by a rule"),
        ApplyOutcome::Applied(_) | ApplyOutcome::Unchanged => {
            let (was, is) = (&round.live, history.last().unwrap());
            for name in ["Name", MODE] {
                let (was, is) = (at(was.pool(), name), at(is.pool(), name));
                that(was == is, format!("`{name}` was {was:?} and is {is:?} after the restore"))?;
            }
            let own = |of: &'_ Snapshot, index: usize| at(of.pool(), COPIES[index].1).cloned();
            let copied = |of: &'_ Snapshot, index: usize| at(of.mfa()?, COPIES[index].0).cloned();
            // A pool that had no message may have taken the copy over.
            let messages = [own(was, 1), own(was, 1).is_none().then(|| copied(was, 1)).flatten()];
            let message = own(is, 1);
            that(messages.contains(&message), format!("the message was {messages:?} and is {message:?}"))?;
            // Nothing removes a sender, nor its Region.
            let arn = |sender: Option<Json>| sender.and_then(|sender| sender.get("SnsCallerArn").cloned());
            let (was, is) = (arn(own(was, 0)), arn(own(is, 0)));
            that(was.is_none() || was == is, format!("the sender was {was:?} and is {is:?}"))?;
            Ok("applied and undone")
        }
        outcome => Err(format!("the restore: {outcome:?}\n{:?}", plan.report.findings)),
    }
}

/// What nobody declares is what it was, after every write.
fn bystanders(history: &[Snapshot]) -> Result<(), String> {
    for pool in history {
        for name in BYSTANDERS {
            let (was, is) = (at(history[0].pool(), name), at(pool.pool(), name));
            that(was == is, format!("`{name}` was {was:?} and is {is:?}"))?;
        }
    }
    Ok(())
}

/// What stands in both documents is, after every write and in either of them, what it was there or what the
/// plan makes of the pool.
fn copies(history: &[Snapshot], plan: &Plan) -> Result<(), String> {
    let leaves = |value: Option<&Json>| -> Vec<(String, Json)> {
        match value {
            Some(Json::Object(members)) => {
                members.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
            }
            Some(value) => vec![(String::new(), value.clone())],
            None => Vec::new(),
        }
    };
    let before = &history[0];
    for now in &history[1..] {
        for (copy, truth) in COPIES {
            let goal = leaves(at(plan.target.pool(), truth));
            let sides = [
                (truth, at(before.pool(), truth), at(now.pool(), truth)),
                (copy, at(before.mfa().unwrap(), copy), at(now.mfa().unwrap(), copy)),
            ];
            // A pool that has none of it may take the copy over.
            let elsewhere = leaves(sides[1].1.filter(|_| sides[0].1.is_none()));
            for (place, was, is) in sides {
                let was = leaves(was);
                for leaf in leaves(is) {
                    let known = [&was, &goal, &elsewhere].iter().any(|side| side.contains(&leaf));
                    that(known, format!("`{place}` was {was:?}, is to be {goal:?} and became {leaf:?}"))?;
                }
            }
        }
    }
    Ok(())
}
