//! The main job against emulators that others wrote, and whose ideas of an omission are opposite.

use serde_json::{Value, json};

use crate::harness::peers::{self, IDENTITY, Lie, Peer, RichPool, differences, gaps, places};
use crate::harness::{Server, Workspace};

const PEERS: [Peer; 2] = [Peer::Moto, Peer::Ministack];

/// The manifest of every story: a handful of settings of the rich pool, each of another kind.
fn manifest(pool: &RichPool) -> String {
    let letter = pool.sent["pool"]["VerificationMessageTemplate"]["EmailMessage"].as_str().unwrap();
    let letter = Value::from(changed_letter(letter));
    format!(
        r#"version: 1
pool: {id}
settings:
  Policies:
    PasswordPolicy:
      MinimumLength: 14
      RequireSymbols: true
  LambdaConfig:
    PostConfirmation: {WELCOME}
  VerificationMessageTemplate:
    EmailMessage: {letter}
  UserPoolTags:
    answer: no
    cost-centre: "0124"
    owner: "on"
  AccountRecoverySetting:
    RecoveryMechanisms:
      - {{ Priority: 1, Name: verified_phone_number }}
      - {{ Priority: 2, Name: verified_email }}
allow:
  - {{ risk: recovery-weaker, path: AccountRecoverySetting, reason: the support desk has only phones }}
"#,
        id = pool.id,
    )
}

const WELCOME: &str = "arn:aws:lambda:eu-west-1:111122223333:function:welcome";

fn changed_letter(letter: &str) -> String {
    let changed = letter.replace("valid for 24 hours", "valid for 1 hour");
    assert_ne!(letter, changed);
    changed
}

/// The same changes, made by hand to what the service shows.
fn as_declared(before: &Value) -> Value {
    let mut pool = before.clone();
    let letter =
        changed_letter(pool["pool"]["VerificationMessageTemplate"]["EmailMessage"].as_str().unwrap());
    pool["pool"]["Policies"]["PasswordPolicy"]["MinimumLength"] = json!(14);
    pool["pool"]["Policies"]["PasswordPolicy"]["RequireSymbols"] = json!(true);
    pool["pool"]["LambdaConfig"]["PostConfirmation"] = json!(WELCOME);
    pool["pool"]["VerificationMessageTemplate"]["EmailMessage"] = json!(letter);
    pool["pool"]["UserPoolTags"]["answer"] = json!("no");
    pool["pool"]["UserPoolTags"]["cost-centre"] = json!("0124");
    pool["pool"]["UserPoolTags"]["owner"] = json!("on");
    pool["pool"]["AccountRecoverySetting"]["RecoveryMechanisms"] = json!([
        {"Priority": 1, "Name": "verified_phone_number"},
        {"Priority": 2, "Name": "verified_email"},
    ]);
    pool
}

#[test]
fn the_table_says_what_the_peers_hold() {
    let [moto, ministack] = PEERS.map(|peer| {
        let workspace = Workspace::new();
        let server = peers::start(peer, &workspace);
        let pool = peers::make_rich_pool_with_mirrors(server.url());
        let shown = peers::describe(server.url(), &pool.id);

        let except: Vec<_> = IDENTITY.iter().copied().chain(["/pool/SchemaAttributes"]).collect();
        let differences = differences(&as_shown(&pool.sent), &shown, &except);
        let mut found = places(&differences);
        let mut known = gaps(peer, &[Lie::NotHeld, Lie::Invented]);
        found.sort_unstable();
        known.sort_unstable();
        assert_eq!(found, known, "{peer:?}");
        shown
    });
    assert_same_pool(&moto, &ministack, &[Lie::NotHeld, Lie::Invented, Lie::Altered]);
}

/// The requests that made a pool, under the names by which it is shown.
fn as_shown(sent: &Value) -> Value {
    let mut shown = sent.clone();
    let pool = shown["pool"].as_object_mut().unwrap();
    let name = pool.shift_remove("PoolName").unwrap();
    pool.insert("Name".to_owned(), name);
    // Shown under another name, with prefixes and with the standard attributes beside them.
    pool.shift_remove("Schema").unwrap();
    shown
}

/// Fails unless both peers hold the same settings, but for the places where one of them lies.
#[track_caller]
fn assert_same_pool(moto: &Value, ministack: &Value, lies: &[Lie]) {
    let excused = PEERS.iter().flat_map(|peer| gaps(*peer, lies));
    let except: Vec<_> = excused.chain(IDENTITY.iter().copied()).collect();
    assert_eq!(differences(moto, ministack, &except), Vec::<String>::new());
}

/// What the other stories judge by can fail: the same judge sees what a plain client does.
#[test]
fn a_plain_update_of_one_member_loses_the_triggers_on_moto() {
    let workspace = Workspace::new();
    let server = peers::start(Peer::Moto, &workspace);
    let pool = peers::make_rich_pool_with_mirrors(server.url());
    let before = peers::describe(server.url(), &pool.id);

    let request = json!({"UserPoolId": pool.id, "PoolName": "customers"});
    peers::call(server.url(), "UpdateUserPool", &request).unwrap();

    let after = peers::describe(server.url(), &pool.id);
    insta::assert_snapshot!(places(&differences(&before, &after, &[])).join("\n"), @r"
    /pool/AccountRecoverySetting
    /pool/AcrConfiguration
    /pool/AdminCreateUserConfig/InviteMessageTemplate/EmailMessage
    /pool/AdminCreateUserConfig/InviteMessageTemplate/EmailSubject
    /pool/AdminCreateUserConfig/InviteMessageTemplate/SMSMessage
    /pool/AdminCreateUserConfig/UnusedAccountValidityDays
    /pool/AliasAttributes
    /pool/AutoVerifiedAttributes
    /pool/DcrConfiguration
    /pool/DeletionProtection
    /pool/DeviceConfiguration
    /pool/EmailConfiguration/ConfigurationSet
    /pool/EmailConfiguration/EmailSendingAccount
    /pool/EmailConfiguration/From
    /pool/EmailConfiguration/ReplyToEmailAddress
    /pool/EmailConfiguration/SourceArn
    /pool/EmailVerificationMessage
    /pool/EmailVerificationSubject
    /pool/IssuerConfiguration
    /pool/KeyConfiguration
    /pool/LambdaConfig
    /pool/Policies/PasswordPolicy/MinimumLength
    /pool/Policies/PasswordPolicy/PasswordHistorySize
    /pool/Policies/PasswordPolicy/RequireNumbers
    /pool/Policies/PasswordPolicy/RequireSymbols
    /pool/Policies/PasswordPolicy/TemporaryPasswordValidityDays
    /pool/Policies/SignInPolicy
    /pool/SmsAuthenticationMessage
    /pool/SmsConfiguration
    /pool/SmsVerificationMessage
    /pool/UserAttributeUpdateSettings
    /pool/UserPoolAddOns
    /pool/UserPoolTags
    /pool/UserPoolTier
    /pool/UsernameConfiguration
    /pool/VerificationMessageTemplate/EmailMessage
    /pool/VerificationMessageTemplate/EmailMessageByLink
    /pool/VerificationMessageTemplate/EmailSubject
    /pool/VerificationMessageTemplate/EmailSubjectByLink
    /pool/VerificationMessageTemplate/SmsMessage
    ");
}

/// A client that knows every setting, and repeats all of them, still needs the table's excuses.
#[test]
fn a_complete_update_moves_only_what_the_table_says() {
    for peer in PEERS {
        let workspace = Workspace::new();
        let server = peers::start(peer, &workspace);
        let pool = peers::make_rich_pool_with_mirrors(server.url());
        let before = peers::describe(server.url(), &pool.id);

        let mut request = pool.sent["pool"].clone();
        for create_only in ["AliasAttributes", "UsernameConfiguration", "Schema"] {
            request.as_object_mut().unwrap().shift_remove(create_only).unwrap();
        }
        request["UserPoolId"] = json!(pool.id);
        peers::call(server.url(), "UpdateUserPool", &request).unwrap();

        let after = peers::describe(server.url(), &pool.id);
        let moved = differences(&before, &after, &["/pool/LastModifiedDate"]);
        assert_eq!(places(&moved), gaps(peer, &[Lie::LostByUpdate]), "{peer:?}");
    }
}

#[test]
fn one_manifest_makes_the_same_pool_where_omission_resets_and_where_it_keeps() {
    let [moto, ministack] = PEERS.map(|peer| {
        let workspace = Workspace::new();
        let server = peers::start(peer, &workspace);
        reconcile(peer, &workspace, &server)
    });
    let lies = [Lie::NotHeld, Lie::Invented, Lie::Altered, Lie::LostByUpdate, Lie::NoMirror];
    assert_same_pool(&moto, &ministack, &lies);
}

/// Plans and applies the manifest on a rich pool, and returns what the pool then is.
fn reconcile(peer: Peer, workspace: &Workspace, server: &Server) -> Value {
    let pool = peers::make_rich_pool_with_mirrors(server.url());
    let before = peers::describe(server.url(), &pool.id);
    workspace.write("customers.yaml", manifest(&pool));
    let poolctl = |arguments: &[&str]| {
        let all = arguments.iter().copied().chain(["--endpoint-url", server.url()]);
        workspace.poolctl(all).signed().output()
    };

    poolctl(&["plan", "customers.yaml", "--detailed-exitcode"]).expect(2);
    let untouched = peers::describe(server.url(), &pool.id);
    assert_eq!(differences(&before, &untouched, &[]), Vec::<String>::new(), "{peer:?}: a plan has written");

    // What a peer loses though nobody asked, the proof after the write finds and names.
    let lost = gaps(peer, &[Lie::LostByUpdate]);
    let applied = poolctl(&["apply", "customers.yaml", "--yes", "--settle", "0"]);
    let applied = applied.expect(if lost.is_empty() { 0 } else { 5 });
    for place in &lost {
        let member = place.trim_start_matches("/pool/");
        assert!(applied.stdout.contains(member), "{member} is lost and not named\n{applied}");
    }
    let after = peers::describe(server.url(), &pool.id);
    let mut except = gaps(peer, &[Lie::LostByUpdate, Lie::NoMirror]);
    except.push("/pool/LastModifiedDate");
    assert_eq!(differences(&as_declared(&before), &after, &except), Vec::<String>::new(), "{peer:?}");

    poolctl(&["plan", "customers.yaml", "--detailed-exitcode"]).expect(0);
    poolctl(&["apply", "customers.yaml", "--yes"]).expect(0);
    let again = peers::describe(server.url(), &pool.id);
    assert_eq!(
        differences(&after, &again, &[]),
        Vec::<String>::new(),
        "{peer:?}: the second apply has written"
    );
    after
}
