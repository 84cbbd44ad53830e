//! MFA against emulators that others wrote: one replaces its MFA document, the other merges into it.

use serde_json::{Value, json};

use crate::harness::peers::{self, Lie, Peer, differences, gaps, places};
use crate::harness::{Output, Server, Workspace};

const PEERS: [Peer; 2] = [Peer::Moto, Peer::Ministack];
const TOTP: &str = "MfaConfiguration: OPTIONAL, SoftwareTokenMfaConfiguration: { Enabled: true }";

/// A pool on a peer.
struct World {
    server: Server,
    workspace: Workspace,
    id: String,
}

impl World {
    /// Makes a pool with these members.
    fn new(peer: Peer, mut members: Value) -> Self {
        let workspace = Workspace::new();
        let server = peers::start(peer, &workspace);
        members["PoolName"] = json!("customers");
        let made = peers::call(server.url(), "CreateUserPool", &members).unwrap();
        let id = made["UserPool"]["Id"].as_str().unwrap().to_owned();
        Self { server, workspace, id }
    }

    /// Runs poolctl over a manifest that says this.
    fn run(&self, settings: &str, arguments: &[&str]) -> Output {
        let manifest = format!("version: 1\npool: {}\nsettings: {{ {settings} }}\n", self.id);
        self.workspace.write("pool.yaml", manifest);
        let rest = ["--endpoint-url", self.server.url(), "pool.yaml"];
        self.workspace.poolctl(arguments.iter().copied().chain(rest)).signed().output()
    }

    fn apply(&self, settings: &str) -> Output {
        self.run(settings, &["apply", "--yes", "--settle", "0", "--allow", "mfa-downgrade"])
    }

    /// How a plan ends: with 0 where nothing is left to do.
    fn plan(&self, settings: &str) -> Output {
        self.run(settings, &["plan", "--detailed-exitcode"])
    }

    fn shown(&self) -> Value {
        peers::describe(self.server.url(), &self.id)
    }
}

/// What a run that ends with 5 says did not come of its call.
#[track_caller]
fn broken(failed: Output) -> String {
    let failed = failed.expect(5);
    let (_, told) = failed.stdout.split_once(" SetUserPoolMfaConfig was accepted, but ").unwrap();
    told.to_owned()
}

#[test]
fn the_table_says_which_factors_outlive_a_call_that_leaves_them_out() {
    for peer in PEERS {
        let workspace = Workspace::new();
        let server = peers::start(peer, &workspace);
        let pool = peers::make_rich_pool_with_mirrors(server.url());
        let request = json!({"UserPoolId": pool.id, "MfaConfiguration": "OFF"});
        peers::call(server.url(), "SetUserPoolMfaConfig", &request).unwrap();
        let shown = peers::describe(server.url(), &pool.id);
        let kept = differences(&json!({"MfaConfiguration": "OFF"}), &shown["mfa"], &[]);
        let mut kept: Vec<String> = places(&kept).iter().map(|place| format!("/mfa{place}")).collect();
        kept.sort_unstable();
        assert_eq!(kept, gaps(peer, &[Lie::KeptBySet]), "{peer:?}");
    }
}

#[test]
fn tokens_go_on_and_off_again_where_the_call_replaces_and_where_it_merges() {
    for peer in PEERS {
        let world = World::new(peer, json!({}));
        let before = world.shown();

        let on = world.apply(TOTP).expect(0);
        assert!(on.stdout.contains("SetUserPoolMfaConfig: 2 changes applied and verified"), "{on}");
        let shown = world.shown();
        let mut wanted = before.clone();
        wanted["mfa"] = json!({
            "MfaConfiguration": "OPTIONAL",
            "SoftwareTokenMfaConfiguration": {"Enabled": true},
        });
        wanted["pool"]["MfaConfiguration"] = json!("OPTIONAL");
        let mut except = gaps(peer, &[Lie::Invented]);
        except.push("/pool/LastModifiedDate");
        assert_eq!(differences(&wanted, &shown, &except), Vec::<String>::new(), "{peer:?}");
        world.plan(TOTP).expect(0);

        // A factor that the peer keeps is none while MFA is off.
        let off = world.apply("MfaConfiguration: OFF").expect(0);
        assert!(off.stdout.contains("SetUserPoolMfaConfig: 2 changes applied and verified"), "{off}");
        except.extend(gaps(peer, &[Lie::KeptBySet]));
        assert_eq!(differences(&before, &world.shown(), &except), Vec::<String>::new(), "{peer:?}");
        world.plan("MfaConfiguration: OFF").expect(0);
    }
}

#[test]
fn a_factor_that_goes_while_another_stays_is_named_where_the_peer_keeps_it() {
    let sender = json!({
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": "arn:aws:ses:eu-west-1:111122223333:identity/example.com",
    });
    let world = World::new(Peer::Ministack, json!({"EmailConfiguration": sender}));
    let email = "EmailMfaConfiguration: { Message: 'It is {####}', Subject: Your code }";
    world.apply(&format!("{TOTP}, {email}")).expect(0);
    let before = world.shown();

    let told = broken(world.apply("EmailMfaConfiguration: null"));
    insta::assert_snapshot!(told, @r"
    the pool is not as planned
      not as declared
        EmailMfaConfiguration.Message   expected not set   found It is {####}
        EmailMfaConfiguration.Subject   expected not set   found Your code
    ");
    assert_eq!(world.shown()["mfa"], before["mfa"]);
    world.plan("EmailMfaConfiguration: null").expect(3);
}

#[test]
fn a_mode_that_the_peer_shows_from_another_store_is_no_success() {
    assert_eq!(gaps(Peer::Moto, &[Lie::DeafToSet]), ["/pool/MfaConfiguration"]);
    let world = World::new(Peer::Moto, json!({"MfaConfiguration": "OFF"}));
    let told = broken(world.apply(TOTP));
    insta::assert_snapshot!(told, @r"
    the pool is not as planned
      not as declared
        MfaConfiguration                        expected OPTIONAL   found OFF
        SoftwareTokenMfaConfiguration.Enabled   expected true   found not set
    ");
    let shown = world.shown();
    assert_eq!(shown["pool"]["MfaConfiguration"], "OFF");
    assert_eq!(shown["mfa"]["MfaConfiguration"], "OPTIONAL");
}
