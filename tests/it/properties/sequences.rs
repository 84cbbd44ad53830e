//! From every MFA state of a pool to every other: in few calls and never weaker than at both ends, or
//! with a gap that the plan names, or not at all, and then the plan says why.

use std::collections::{BTreeMap, BTreeSet};

use poolctl::catalogue::{Catalogue, RequestEnds, calls};
use poolctl::document::{DocumentId, Json, Object, Snapshot};
use poolctl::plan::{Finding, Plan, Step};
use poolctl::rules::Desired;
use poolctl::{manifest, rules};
use serde_json::json;

use crate::properties::agreement::Stage;
use crate::properties::stage::accepting;

/// The one pool, which is laid anew for each pair.
const ID: &str = "eu-west-1_Sequences";

/// As many calls as a change may take.
const CALLS: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mode {
    Off,
    Optional,
    On,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Factor {
    Totp,
    Sms,
    Email,
}

/// What a passkey counts as; with either a sign-in may begin with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Passkeys {
    None,
    Single,
    Multi,
}

/// What a pool's MFA is, with all that has to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    mode: Mode,
    factors: BTreeSet<Factor>,
    passkeys: Passkeys,
    /// Whether the pool has an SMS sender.
    sender: bool,
    /// Whether phone numbers are verified automatically.
    phone: bool,
}

/// Every state that can be written down.
fn states() -> Vec<State> {
    let mut states = Vec::new();
    for mode in [Mode::Off, Mode::Optional, Mode::On] {
        for number in 0..8_u8 {
            let has = |(at, factor): (u8, Factor)| (number >> at & 1 == 1).then_some(factor);
            let factors: BTreeSet<Factor> = [(0, Factor::Totp), (1, Factor::Sms), (2, Factor::Email)]
                .into_iter()
                .filter_map(has)
                .collect();
            for passkeys in [Passkeys::None, Passkeys::Single, Passkeys::Multi] {
                for (sender, phone) in [(false, false), (false, true), (true, false), (true, true)] {
                    states.push(State { mode, factors: factors.clone(), passkeys, sender, phone });
                }
            }
        }
    }
    states
}

impl State {
    fn has(&self, factor: Factor) -> bool {
        self.factors.contains(&factor)
    }

    /// Every setting of the state; null where it has none.
    fn settings(&self) -> Object {
        let given = |is: bool, value: Json| if is { value } else { Json::Null };
        let passkey = |factor: &str| json!({"RelyingPartyId": "example.com", "FactorConfiguration": factor});
        let mode = match self.mode {
            Mode::Off => "OFF",
            Mode::Optional => "OPTIONAL",
            Mode::On => "ON",
        };
        let (passkeys, first) = match self.passkeys {
            Passkeys::None => (Json::Null, json!(["PASSWORD"])),
            Passkeys::Single => (passkey("SINGLE_FACTOR"), json!(["PASSWORD", "WEB_AUTHN"])),
            Passkeys::Multi => {
                (passkey("MULTI_FACTOR_WITH_USER_VERIFICATION"), json!(["PASSWORD", "WEB_AUTHN"]))
            }
        };
        let sending = if self.has(Factor::Email) {
            let ses = "arn:aws:ses:eu-west-1:111122223333:identity/example.com";
            json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": ses})
        } else {
            json!({"EmailSendingAccount": "COGNITO_DEFAULT"})
        };
        // Each way of recovery is one that the factors which the state lacks could not be beside.
        let recovery = match (self.has(Factor::Email), self.has(Factor::Sms)) {
            (false, _) => "verified_email",
            (true, false) => "verified_phone_number",
            (true, true) => "admin_only",
        };
        let settings = json!({
            "MfaConfiguration": mode,
            "SoftwareTokenMfaConfiguration": given(self.has(Factor::Totp), json!({"Enabled": true})),
            "SmsMfaConfiguration": given(self.has(Factor::Sms), json!({})),
            "EmailMfaConfiguration": given(self.has(Factor::Email), json!({"Message": "It is {####}"})),
            "WebAuthnConfiguration": passkeys,
            "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": first}},
            "AutoVerifiedAttributes": if self.phone { json!(["email", "phone_number"]) } else { json!(["email"]) },
            "SmsConfiguration": given(self.sender, json!({"SnsCallerArn": "arn:aws:iam::111122223333:role/sms"})),
            "EmailConfiguration": sending,
            "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": recovery, "Priority": 1}]},
        });
        settings.as_object().cloned().unwrap()
    }

    /// A manifest that wants this state. A sender cannot be removed, so that none is asked for rather
    /// than asked away.
    fn manifest(&self) -> String {
        let mut settings = self.settings();
        if !self.sender {
            settings.shift_remove("SmsConfiguration");
        }
        format!("version: 1\npool: {ID}\nsettings: {}\n", Json::Object(settings))
    }

    /// The pool's two documents, as the sandbox keeps them.
    fn document(&self) -> Json {
        let mut pool = self.settings();
        pool.retain(|_, value| !value.is_null());
        let of_mfa = |name: &str| name.ends_with("MfaConfiguration") || name == "WebAuthnConfiguration";
        let mut mfa = Object::new();
        for (name, value) in pool.clone().into_iter().filter(|(name, _)| of_mfa(name)) {
            pool.shift_remove(&name);
            mfa.insert(name, value);
        }
        pool.insert("MfaConfiguration".to_owned(), self.settings()["MfaConfiguration"].clone());
        mfa.insert("MfaConfiguration".to_owned(), self.settings()["MfaConfiguration"].clone());
        pool.insert("Id".to_owned(), json!(ID));
        pool.insert("Name".to_owned(), json!("customers"));
        pool.insert("UserPoolTier".to_owned(), json!("ESSENTIALS"));
        json!({"UserPool": pool, "MfaConfig": mfa})
    }

    /// What a pool's documents say of it: a factor is one only while MFA is on, and SMS only with a sender.
    fn of(now: &Snapshot) -> Self {
        let mfa = now.mfa().unwrap();
        let mode = match now.pool().get("MfaConfiguration").unwrap().as_str().unwrap() {
            "OFF" => Mode::Off,
            "OPTIONAL" => Mode::Optional,
            "ON" => Mode::On,
            mode => panic!("a mode of {mode}"),
        };
        let sender = now.pool().has("SmsConfiguration");
        let is_on = |factor: &Factor| match factor {
            Factor::Totp => {
                mfa.get("SoftwareTokenMfaConfiguration").is_some_and(|totp| totp["Enabled"] == true)
            }
            Factor::Sms => sender && mfa.has("SmsMfaConfiguration"),
            Factor::Email => mfa.has("EmailMfaConfiguration"),
        };
        let factors = [Factor::Totp, Factor::Sms, Factor::Email].into_iter();
        let factors = factors.filter(|factor| mode != Mode::Off && is_on(factor)).collect();
        let passkeys = mfa.get("WebAuthnConfiguration").unwrap_or(&Json::Null);
        let passkeys = match &passkeys["FactorConfiguration"] {
            factor if factor == "MULTI_FACTOR_WITH_USER_VERIFICATION" => Passkeys::Multi,
            _ if passkeys.get("RelyingPartyId").is_some() => Passkeys::Single,
            // A sign-in may begin with a passkey whatever it counts for.
            _ if now.pool().get("Policies").unwrap().to_string().contains("WEB_AUTHN") => Passkeys::Single,
            // While MFA is on, passkeys that nobody configured are shown as a single factor.
            _ => Passkeys::None,
        };
        let verified = now.pool().get("AutoVerifiedAttributes").and_then(Json::as_array);
        let phone = verified.is_some_and(|names| names.contains(&json!("phone_number")));
        Self { mode, factors, passkeys, sender, phone }
    }

    /// In what way a pool that is like this for a moment is weaker than both before and after it.
    fn weaker_than_both(&self, one: &Self, other: &Self) -> Option<String> {
        if self.mode < one.mode.min(other.mode) {
            return Some(format!("the mode is {:?}", self.mode));
        }
        let missing = |factor: &&Factor| !self.has(**factor);
        if let Some(factor) = one.factors.intersection(&other.factors).find(missing) {
            return Some(format!("{factor:?} is missing"));
        }
        // A passkey alone gets past MFA, or into a pool where MFA is off.
        let open = |state: &Self| {
            state.passkeys == Passkeys::Single || state.mode == Mode::Off && state.passkeys == Passkeys::Multi
        };
        if self.mode != Mode::Off && open(self) && !open(one) && !open(other) {
            return Some("a passkey alone is enough".to_owned());
        }
        (self.passkeys < one.passkeys.min(other.passkeys))
            .then(|| format!("passkeys are {:?}", self.passkeys))
    }
}

/// A state that the sandbox accepts.
struct End {
    state: State,
    /// The sandbox's file of the pool in that state.
    file: String,
    live: Snapshot,
    /// What a manifest wants that wants this state.
    desired: Desired,
}

/// The state, if the sandbox takes both of its documents and shows the same state after it.
fn end(stage: &Stage, state: State) -> Option<End> {
    std::fs::write(stage.file(ID), state.document().to_string()).unwrap();
    let live = stage.read(ID);
    let request = |call, document| {
        Json::Object(stage.catalogue.request(call, ID, RequestEnds::back(&live, document), &[]).to_object())
    };
    stage.call("UpdateUserPool", &request(&calls::UPDATE_USER_POOL, &DocumentId::POOL)).ok()?;
    // While MFA is off this call may not name the sender, and takes it away; nobody has to send it then.
    if state.mode != Mode::Off || !state.sender {
        let body = request(&calls::SET_USER_POOL_MFA_CONFIG, &DocumentId::MFA);
        stage.call("SetUserPoolMfaConfig", &body).ok()?;
    }
    let live = stage.read(ID);
    if State::of(&live) != state {
        return None;
    }
    let file = std::fs::read_to_string(stage.file(ID)).unwrap();
    let loaded = manifest::load("pool.yaml", state.manifest().as_bytes()).unwrap();
    let (desired, _) = rules::check(&stage.catalogue, loaded).unwrap();
    Some(End { state, file, live, desired })
}

/// What the sandbox has saved of the pool.
fn saved(stage: &Stage) -> Snapshot {
    let text = std::fs::read_to_string(stage.file(ID)).unwrap();
    let document: Json = serde_json::from_str(&text).unwrap();
    let member = |name: &str| document[name].as_object().cloned();
    Snapshot::new(member("UserPool").unwrap(), member("MfaConfig"))
}

const SMS_BESIDE_SENDER: &str = "sms-factor-beside-sender";
const OFF_BESIDE_SENDER: &str = "mfa-off-beside-sender";

/// What becomes of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Reached in so many calls.
    Reached(usize),
    /// Reached in so many calls, with a gap that the plan names.
    WithGap(usize),
    /// A conflict by this code.
    Conflict(&'static str),
}

fn judge(tally: &BTreeMap<Outcome, usize>) {
    let count = |is: fn(&Outcome) -> bool| {
        tally.iter().filter(|(outcome, _)| is(outcome)).map(|(_, pairs)| pairs).sum::<usize>()
    };
    let (pairs, reached) = (count(|_| true), count(|outcome| matches!(outcome, Outcome::Reached(_))));
    assert!(pairs >= 800, "only {pairs} pairs met");
    assert!(reached * 10 >= pairs * 7, "only {reached} of {pairs} pairs are reached");
    for calls in 1..=CALLS {
        let pairs = tally.get(&Outcome::Reached(calls)).copied().unwrap_or_default();
        assert!(pairs >= 20, "only {pairs} pairs are reached in {calls} calls");
    }
    assert!(count(|outcome| matches!(outcome, Outcome::WithGap(_))) > 0, "no pair has a gap");
    for code in [SMS_BESIDE_SENDER, OFF_BESIDE_SENDER] {
        assert!(tally.contains_key(&Outcome::Conflict(code)), "no pair is a conflict by `{code}`");
    }
}

/// What stands between two states: of a pool with a sender, SMS stays a factor while MFA is on, and
/// nothing can be said of passkeys while MFA is off.
fn conflict(from: &State, to: &State) -> Option<&'static str> {
    if !from.sender {
        return None;
    }
    let loses_sms = to.mode != Mode::Off && !to.has(Factor::Sms);
    let stays_off = from.mode == Mode::Off && to.mode == Mode::Off;
    let moves = from.passkeys != to.passkeys;
    loses_sms.then_some(SMS_BESIDE_SENDER).or((stays_off && moves).then_some(OFF_BESIDE_SENDER))
}

/// Whether one state cannot become the other without a gap: the e-mail factor, all that there is, must
/// go before the settings of its sending and of recovery that SMS waits for, all that there will be. Or
/// MFA goes off, with a sender, and with it passkeys that are strong: the call that takes the e-mail factor
/// away before the pool changes is the last that can.
fn needs_gap(from: &State, to: &State) -> bool {
    let only = |state: &State, factor| state.factors.iter().eq([&factor]);
    let strong = from.mode != Mode::Off && from.passkeys == Passkeys::Multi;
    let all_go = to.mode == Mode::Off && to.passkeys == Passkeys::None && from.sender;
    only(from, Factor::Email) && only(to, Factor::Sms)
        || strong && all_go && from.factors.contains(&Factor::Email)
}

/// From one state to the other, as a plan would have it.
fn go(stage: &Stage, from: &End, to: &End) -> Result<Outcome, String> {
    let plan = Plan::new(&stage.catalogue, from.live.clone(), &to.desired, &accepting());
    let refusing: Vec<&Finding> = plan.report.findings.iter().filter(|finding| finding.refuses()).collect();
    let codes: BTreeSet<String> = refusing.iter().map(|finding| finding.code.to_string()).collect();
    let expected: BTreeSet<&'static str> = conflict(&from.state, &to.state).into_iter().collect();
    if !codes.iter().eq(&expected) {
        return Err(format!("a conflict by {codes:?}, not by {expected:?}"));
    }
    if let Some(code) = expected.first() {
        let helps = |finding: &&Finding| finding.help.as_ref().is_some_and(|help| !help.is_empty());
        let says = refusing.iter().all(|finding| !finding.text.is_empty() && helps(finding));
        return if says {
            Ok(Outcome::Conflict(code))
        } else {
            Err(format!("it does not say why: {refusing:?}"))
        };
    }
    let gap = plan.report.findings.iter().any(|finding| finding.code == "mfa-gap");
    if gap != needs_gap(&from.state, &to.state) {
        return Err(format!("a gap is announced: {gap}; {}", calls(&stage.catalogue, &plan)));
    }
    if plan.steps.len() > CALLS {
        return Err(format!("too many calls: {}", calls(&stage.catalogue, &plan)));
    }
    match carry_out(stage, from, to, &plan)
        .map_err(|why| format!("{why}; {}", calls(&stage.catalogue, &plan)))?
    {
        Some(how) if !gap => Err(format!("{how} on the way; {}", calls(&stage.catalogue, &plan))),
        None if gap => Err(format!("there is no gap on the way; {}", calls(&stage.catalogue, &plan))),
        Some(_) => Ok(Outcome::WithGap(plan.steps.len())),
        None => Ok(Outcome::Reached(plan.steps.len())),
    }
}

/// Sends every call of the plan, and tells in what way the pool was weaker between them.
fn carry_out(stage: &Stage, from: &End, to: &End, plan: &Plan) -> Result<Option<String>, String> {
    std::fs::write(stage.file(ID), &from.file).unwrap();
    let mut weaker = None;
    let mut had_sender = from.state.sender;
    for step in &plan.steps {
        stage.call(step.operation.name, &Json::Object(plan.body(&stage.catalogue, step)))?;
        let now = State::of(&saved(stage));
        if had_sender && !now.sender {
            return Err("the sender is lost".to_owned());
        }
        had_sender = now.sender;
        weaker = weaker.or(now.weaker_than_both(&from.state, &to.state));
    }
    let now = stage.read(ID);
    let wanted = State { sender: from.state.sender || to.state.sender, ..to.state.clone() };
    if State::of(&now) != wanted {
        return Err(format!("it came to {:?}", State::of(&now)));
    }
    let again = Plan::new(&stage.catalogue, now, &to.desired, &accepting());
    let paths: Vec<String> = again.report.changes.iter().map(|change| change.path.to_string()).collect();
    if !again.steps.is_empty() || !paths.is_empty() {
        return Err(format!("and would change again: {paths:?}"));
    }
    Ok(weaker)
}

/// The calls of a plan, each with its mode.
fn calls(catalogue: &Catalogue, plan: &Plan) -> String {
    let call = |step: &Step| {
        format!(
            "{} {}",
            step.operation,
            plan.body(catalogue, step).get("MfaConfiguration").unwrap_or(&Json::Null)
        )
    };
    plan.steps.iter().map(call).collect::<Vec<_>>().join(", ")
}

/// What becomes of the pairs of which this holds; it is told the number of the pair, too.
fn meet(wanted: impl Fn(usize, &State, &State) -> bool + Sync) {
    let halves = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| (half, &wanted));
        let halves = halves.map(|(half, wanted)| scope.spawn(move || meet_half(half, wanted)));
        halves.map(|half| half.join().unwrap())
    });
    let mut tally: BTreeMap<Outcome, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for end in halves.into_iter().flatten() {
        match end {
            Ok(outcome) => *tally.entry(outcome).or_default() += 1,
            Err(why) => wrong.push(why),
        }
    }
    println!("{} pairs: {tally:?}", tally.values().sum::<usize>() + wrong.len());
    let some = &wrong[..wrong.len().min(12)];
    assert!(wrong.is_empty(), "{} pairs are wrong, as:\n{}", wrong.len(), some.join("\n"));
    judge(&tally);
}

/// Every other pair, in a sandbox of its own.
fn meet_half(half: usize, wanted: impl Fn(usize, &State, &State) -> bool) -> Vec<Result<Outcome, String>> {
    let stage = Stage::new();
    let ends: Vec<End> = states().into_iter().filter_map(|state| end(&stage, state)).collect();
    assert_eq!(ends.len(), 64, "the sandbox accepts other states than it did");
    let pairs = ends.iter().flat_map(|from| ends.iter().map(move |to| (from, to)));
    let pairs = pairs.filter(|(from, to)| from.state != to.state).enumerate();
    let pairs = pairs.filter(|(number, (from, to))| wanted(*number, &from.state, &to.state));
    let mine = pairs.skip(half).step_by(2);
    let met = mine.map(|(_, (from, to))| {
        let told = |why| format!("{why}\n  from {:?}\n  to   {:?}", from.state, to.state);
        go(&stage, from, to).map_err(told)
    });
    met.collect()
}

/// All pairs of states without passkeys; all pairs of states with and without them on the plainest
/// factor that the pool can have; of the others one in so many.
#[test]
fn a_pool_goes_from_one_mfa_state_to_another_or_the_plan_says_why_not() {
    let plain = |state: &State| {
        let plainest = if state.sender { Factor::Sms } else { Factor::Totp };
        !state.phone && (state.mode == Mode::Off || state.factors.iter().eq([&plainest]))
    };
    meet(|number, from, to| {
        let without = from.passkeys == Passkeys::None && to.passkeys == Passkeys::None;
        without || plain(from) && plain(to) || number % 61 == 0
    });
}

#[test]
#[ignore = "all pairs take a minute or two"]
fn a_pool_goes_from_any_mfa_state_to_any_other_or_the_plan_says_why_not() {
    meet(|_, _, _| true);
}
