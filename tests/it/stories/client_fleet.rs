//! Thirty pools with four app clients each, whose settings come from one template of one base: a change of the template
//! is planned, guarded, applied and stopped half-way.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::Output;
use crate::harness::fleet::{self, Call, Fleet, undated};
use crate::harness::world::told;

const POOLS: usize = 30;
const LABELS: [&str; 4] = ["admin", "help", "shop", "web"];
/// A client of each pool that no manifest declares.
const OTHER: &str = "9otherotherotherotherother";

/// The id of one of a pool's clients. Ids differ between pools, as on the service.
fn id(pool: usize, label: &str) -> String {
    format!("{pool:02}{label:x<24}")
}

fn client(pool: &str, id: &str, name: &str) -> Value {
    json!({
        "UserPoolId": pool, "ClientId": id, "ClientName": name, "ClientType": "REGULAR",
        "RefreshTokenValidity": 30, "TokenValidityUnits": {}, "EnableTokenRevocation": true,
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        "CallbackURLs": [format!("https://{name}.example.com/callback")],
        "LogoutURLs": [format!("https://{name}.example.com/bye")], "SupportedIdentityProviders": ["COGNITO"],
        "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"],
        "AllowedOAuthFlowsUserPoolClient": true, "PreventUserExistenceErrors": "ENABLED",
        "EnablePropagateAdditionalUserContextData": false, "AuthSessionValidity": 3,
        "BrandNewMember": {"Level": 1},
    })
}

/// The clients of a pool as they are at first: the four of its manifest, and one of somebody else.
fn born(number: usize, pool: &str) -> Vec<Value> {
    let own = LABELS.iter().map(|label| client(pool, &id(number, label), label));
    own.chain([client(pool, OTHER, "other")]).collect()
}

/// A base with a template that has these settings besides those that every client has already.
fn base(more: &str) -> String {
    let settings = "AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: [code], AuthSessionValidity: 3";
    format!("version: 1\ntemplates:\n  app: {{ {settings} }}\n{more}")
}

/// The base with other values.
fn changed(validity: u8, errors: &str) -> String {
    let line = format!(", PreventUserExistenceErrors: {errors} }}\n");
    base("")
        .replace("AuthSessionValidity: 3", &format!("AuthSessionValidity: {validity}"))
        .replace(" }\n", &line)
}

/// The pools, each with a manifest that extends the base.
fn fleet(faults: &[&str]) -> Fleet {
    let fleet = Fleet::with(POOLS, faults, |number, pool, document| {
        document.insert("UserPoolClients".to_owned(), born(number, pool).into());
        let entry = |label: &&str| format!("  {label}: {{ id: {}, like: app }}\n", id(number, label));
        let entries: String = LABELS.iter().map(entry).collect();
        format!("extends: [../base.yaml]\nclients:\n{entries}")
    });
    fleet.workspace.write("base.yaml", base(""));
    fleet
}

/// The clients of a pool, without their dates. Its own documents are as they were at first.
fn live(fleet: &Fleet, number: usize) -> Vec<Value> {
    let pool = &fleet.pools[number].id;
    let mut document = fleet.live(pool);
    let clients = document.as_object_mut().unwrap().shift_remove("UserPoolClients").unwrap();
    assert_eq!(document, undated(fleet::born(pool)), "the pool's own documents");
    let mut clients = clients.as_array().unwrap().clone();
    clients
        .iter_mut()
        .for_each(|client| client.as_object_mut().unwrap().retain(|name, _| !name.ends_with("Date")));
    clients
}

/// The declared clients with another value of a member, and everything else as it was at first.
fn expected(fleet: &Fleet, number: usize, labels: &[&str], member: &str, value: &Value) -> Vec<Value> {
    let mut clients = born(number, &fleet.pools[number].id);
    for client in clients.iter_mut().filter(|client| labels.contains(&client["ClientName"].as_str().unwrap()))
    {
        client[member] = value.clone();
    }
    clients
}

/// A plan of all manifests, as fast as it can be.
fn plan(fleet: &Fleet, arguments: &[&str]) -> Output {
    let plan = ["plan", "--rate", "1000000", "--parallelism", "32", "pools"];
    fleet.run(&[&plan, arguments].concat()).output()
}

/// The calls that change something, in the order in which the sandbox acted.
fn writes(fleet: &Fleet) -> Vec<Call> {
    let writes = fleet.calls().into_iter().filter(|call| call.operation.starts_with("Update"));
    writes.collect()
}

#[test]
fn a_change_of_a_shared_template_reaches_every_client_and_nothing_else() {
    let fleet = fleet(&[]);
    plan(&fleet, &["--detailed-exitcode"]).expect(0);
    fleet.workspace.write("base.yaml", changed(8, "ENABLED"));
    let shown = plan(&fleet, &[]).expect(0);
    assert!(shown.stdout.lines().count() <= 60, "what all pools share is printed once: {shown}");
    assert_snapshot!("shared_plan", told(&shown));

    fleet.sandbox.control("DELETE", "log");
    fleet.apply(&["-q"]).output().expect(0);
    let writes = writes(&fleet);
    assert_eq!(writes.len(), POOLS * LABELS.len());
    assert!(writes.iter().all(|call| call.operation == "UpdateUserPoolClient" && call.moved.is_empty()));
    for number in 0..POOLS {
        assert_eq!(live(&fleet, number), expected(&fleet, number, &LABELS, "AuthSessionValidity", &json!(8)));
    }
    plan(&fleet, &["--detailed-exitcode"]).expect(0);
}

#[test]
fn one_pool_is_verified_before_two_begin_and_two_before_four() {
    let fleet = fleet(&[]);
    fleet.workspace.write("base.yaml", changed(8, "ENABLED"));
    fleet.apply(&["-q"]).output().expect(0);
    let calls = fleet.calls();
    let of = |call: &Call| call.pool.clone().unwrap();
    let mut order: Vec<String> = Vec::new();
    for call in calls.iter().filter(|call| call.writes() && call.operation.starts_with("Update")) {
        if !order.contains(&of(call)) {
            order.push(of(call));
        }
    }
    assert_eq!(order.len(), POOLS);
    // The pools of each group, and the last read of each before the next group begins.
    for begin in [1, 3, 7, 15] {
        let first =
            calls.iter().find(|call| call.operation.starts_with("Update") && of(call) == order[begin]);
        let first = first.unwrap().came;
        for pool in &order[..begin] {
            let own = |call: &&Call| call.pool.as_ref() == Some(pool) && call.operation.starts_with("Update");
            assert_eq!(
                calls.iter().filter(own).filter(|call| call.over <= first).count(),
                4,
                "{begin}: {pool}"
            );
            let last = calls.iter().filter(own).map(|call| call.over).max().unwrap();
            let is_proof = |call: &&Call| {
                call.pool.as_ref() == Some(pool)
                    && call.operation == "DescribeUserPoolClient"
                    && call.came >= last
            };
            let proofs: Vec<&Call> =
                calls.iter().filter(is_proof).filter(|call| call.over <= first).collect();
            assert!(proofs.len() >= LABELS.len(), "{begin}: {pool} was read again: {proofs:?}");
        }
    }
}

#[test]
fn a_risk_of_all_clients_blocks_the_fleet_and_is_accepted_once() {
    let fleet = fleet(&[]);
    fleet.workspace.write("base.yaml", changed(3, "LEGACY"));
    let refused = fleet.apply(&[]).output().expect(3);
    assert!(refused.stdout.lines().count() <= 60, "{refused}");
    assert_snapshot!("shared_risk", told(&refused));
    assert_eq!(writes(&fleet).len(), 0);
    // For some of the clients, and in some of the pools.
    let some = ["--allow", "user-existence-shown", "--only", "clients.w*", "--target", "*pool000?"];
    fleet.apply(&[&["-q"], &some[..]].concat()).output().expect(0);
    assert_eq!(writes(&fleet).len(), 10);
    for number in 0..POOLS {
        let labels: &[&str] = if number < 10 { &["web"] } else { &[] };
        let expected = expected(&fleet, number, labels, "PreventUserExistenceErrors", &json!("LEGACY"));
        assert_eq!(live(&fleet, number), expected, "{number}");
    }
    let told = plan(&fleet, &["--format", "json", "--allow", "user-existence-shown"]);
    let counts: Vec<usize> = told.json()["pools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pool| pool["changes"].as_array().unwrap().len())
        .collect();
    assert_eq!(counts, [[3; 10], [4; 10], [4; 10]].concat());
}

#[test]
fn a_refusal_half_way_names_what_took_effect_and_a_later_run_does_the_rest() {
    // The second client of the fifth pool.
    let refused = "UpdateUserPoolClient/eu-west-1_pool0004@2:error=InvalidParameterException";
    let fleet = fleet(&[refused]);
    fleet.workspace.write("base.yaml", changed(8, "ENABLED"));
    // One after another, so that no other pool is on its way when the run stops.
    let apply = ["apply", "-q", "--yes", "--settle", "0", "--rate", "1000000", "--parallelism", "1"];
    let run = fleet.run(&[&apply[..], &["--max-failures", "1", "pools"]].concat()).output().expect(5);
    assert_snapshot!("half_way", told(&run));
    let done: BTreeSet<usize> = (0..POOLS)
        .filter(|number| {
            live(&fleet, *number) == expected(&fleet, *number, &LABELS, "AuthSessionValidity", &json!(8))
        })
        .collect();
    assert_eq!(done, (0..4).collect());
    assert_eq!(live(&fleet, 4), expected(&fleet, 4, &["admin"], "AuthSessionValidity", &json!(8)));
    for number in 5..POOLS {
        assert_eq!(live(&fleet, number), born(number, &fleet.pools[number].id), "{number}");
    }

    fleet.sandbox.control("DELETE", "faults");
    let before = writes(&fleet).iter().filter(|call| call.status == Some(200)).count();
    fleet.apply(&["-q"]).output().expect(0);
    let all = writes(&fleet).iter().filter(|call| call.status == Some(200)).count();
    assert_eq!(all, POOLS * LABELS.len(), "{before} the first time, and no client twice");
    plan(&fleet, &["--detailed-exitcode"]).expect(0);
}
