//! App clients, resource servers and groups on emulators that others wrote.

use serde_json::{Value, json};

use crate::harness::peers::{self, Lie, Peer, differences, gaps};
use crate::harness::{Output, Server, Workspace};

pub(super) const PEERS: [Peer; 2] = [Peer::Moto, Peer::Ministack];
const SERVERS: &str =
    "resourceServers: { orders: { Name: Orders, Scopes: [{ ScopeName: read, ScopeDescription: Read }] } }";
const GROUPS: &str = "groups: { admins: { Description: All, Precedence: 1 } }";
const WEB: &str = "AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: [code], AllowedOAuthScopes: [openid, orders/read], CallbackURLs: [\"https://b.example.com/\", \"https://a.example.com/\"], SupportedIdentityProviders: [COGNITO], PreventUserExistenceErrors: ENABLED, AuthSessionValidity: 5, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH]";

/// A pool on a peer.
pub(super) struct World {
    server: Server,
    workspace: Workspace,
    id: String,
}

impl World {
    pub(super) fn new(peer: Peer) -> Self {
        let workspace = Workspace::new();
        let server = peers::start(peer, &workspace);
        let made = peers::call(server.url(), "CreateUserPool", &json!({"PoolName": "customers"})).unwrap();
        let id = made["UserPool"]["Id"].as_str().unwrap().to_owned();
        Self { server, workspace, id }
    }

    pub(super) fn run(&self, body: &str, arguments: &[&str]) -> Output {
        self.workspace.write("pool.yaml", format!("version: 1\npool: {}\n{body}\n", self.id));
        let rest = ["--endpoint-url", self.server.url(), "pool.yaml"];
        self.workspace.poolctl(arguments.iter().copied().chain(rest)).signed().output()
    }

    fn apply(&self, body: &str) -> Output {
        self.run(body, &["apply", "--yes", "--settle", "0"])
    }

    pub(super) fn plan(&self, body: &str) -> Output {
        self.run(body, &["plan", "--detailed-exitcode"])
    }

    /// The client of this name as the peer shows it.
    fn client(&self, name: &str) -> Value {
        let call = |operation, request| peers::call(self.server.url(), operation, &request).unwrap();
        let list = call("ListUserPoolClients", json!({"UserPoolId": self.id, "MaxResults": 60}));
        let mut all = list["UserPoolClients"].as_array().unwrap().iter();
        let id = all.find(|client| client["ClientName"] == name).unwrap()["ClientId"].clone();
        let shown = call("DescribeUserPoolClient", json!({"UserPoolId": self.id, "ClientId": id}));
        json!({"client": shown["UserPoolClient"]})
    }
}

fn clients(web: &str, batch: &str) -> String {
    let machine = "GenerateSecret: true, AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: [client_credentials], AllowedOAuthScopes: [orders/read]";
    format!("clients:\n  web: {{ {web} }}\n  batch: {{ {machine}{batch} }}")
}

#[test]
fn what_is_made_is_as_declared_and_the_second_plan_is_empty() {
    for peer in PEERS {
        let world = World::new(peer);
        let body = [SERVERS, GROUPS, &clients(WEB, "")].join("\n");
        world.apply(&body).expect(0);
        world.plan(&body).expect(0);
        let [web, batch] = ["web", "batch"].map(|name| world.client(name));
        assert!(
            web["client"]["ClientSecret"].is_null() && batch["client"]["ClientSecret"].is_string(),
            "{peer:?}"
        );
    }
}

#[test]
fn an_update_of_one_setting_moves_no_other() {
    for peer in PEERS {
        let world = World::new(peer);
        world.apply(&[SERVERS, &clients(WEB, "")].join("\n")).expect(0);
        let before = world.client("web");
        // Only the labels say which clients these are; all other settings are undeclared.
        let body = "clients: { web: { AuthSessionValidity: 6 } }";
        world.apply(body).expect(0);
        let mut expected = before;
        expected["client"]["AuthSessionValidity"] = json!(6);
        let found = differences(&expected, &world.client("web"), &["/client/LastModifiedDate"]);
        assert_eq!(found, Vec::<String>::new(), "{peer:?}");
        world.plan(body).expect(0);
    }
}

#[test]
fn the_table_says_which_members_of_a_client_a_peer_loses() {
    for peer in PEERS {
        let world = World::new(peer);
        let rotation = "RefreshTokenRotation: { Feature: ENABLED, RetryGracePeriodSeconds: 10 }";
        let body = format!("clients: {{ web: {{ ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH], {rotation} }} }}");
        let lost = gaps(peer, &[Lie::LostOfClient]);
        let applied = world.apply(&body).expect(if lost.is_empty() { 0 } else { 5 });
        for place in &lost {
            let member = place.trim_start_matches("/client/");
            assert!(applied.stdout.contains(&format!("clients.web.{member}")), "{peer:?}: {applied}");
        }
        world.plan(&body).expect(if lost.is_empty() { 0 } else { 2 });
    }
}

#[test]
fn the_table_says_which_calls_a_peer_lacks() {
    for peer in PEERS {
        let world = World::new(peer);
        world.apply(&[SERVERS, GROUPS].join("\n")).expect(0);
        let lacks = gaps(peer, &[Lie::NoCall]);
        for (branch, changed) in [
            ("/resourceServers", SERVERS.replace("ScopeDescription: Read", "ScopeDescription: Read all")),
            ("/groups", GROUPS.replace("Description: All", "Description: Some")),
        ] {
            let applied = world.apply(&changed);
            let is_lacking = lacks.contains(&branch);
            assert_eq!(applied.code == Some(0), !is_lacking, "{peer:?} {branch}: {applied}");
            world.plan(&changed).expect(if is_lacking { 2 } else { 0 });
        }
    }
}
