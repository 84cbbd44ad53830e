//! Parts of things: elements of a set, templates of entries, a part of a manifest, patterns of labels.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::world::{POOL, World, told};

/// An app client as the service describes it.
fn client(id: &str, name: &str, more: Value) -> Value {
    let mut client = json!({
        "UserPoolId": POOL,
        "ClientId": id,
        "ClientName": name,
        "RefreshTokenValidity": 30,
        "TokenValidityUnits": {},
        "EnableTokenRevocation": true,
        "AuthSessionValidity": 3,
    });
    client.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    client
}

const WEB: &str = "1aaaaaaaaaaaaaaaaaaaaaaaaa";
const TF_ONE: &str = "2bbbbbbbbbbbbbbbbbbbbbbbbb";

/// A plain pool with three clients, and a manifest that declares this.
fn world(manifest: &str) -> World {
    let world = World::with(&[], |document| {
        let own = ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"];
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.retain(|name, _| own.contains(&name.as_str()));
        pool.insert("AutoVerifiedAttributes".to_owned(), json!(["email"]));
        let role = "arn:aws:iam::111122223333:role/cognito-sms";
        pool.insert("SmsConfiguration".to_owned(), json!({"SnsCallerArn": role, "ExternalId": "x"}));
        document["UserPoolClients"] = json!([
            client(
                WEB,
                "web",
                json!({
                    "CallbackURLs": ["https://a.example.com", "https://b.example.com"],
                    "SupportedIdentityProviders": ["COGNITO"],
                    "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
                })
            ),
            client(TF_ONE, "tf-one", json!({})),
            client("3ccccccccccccccccccccccccc", "tf-two", json!({})),
        ]);
        document.as_object_mut().unwrap().remove("MfaConfig");
    });
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n{manifest}"));
    world
}

/// The callback URLs of the client `web`.
fn callbacks(world: &World) -> Vec<String> {
    let live = world.live();
    let clients = live["UserPoolClients"].as_array().unwrap();
    let web = clients.iter().find(|client| client["ClientId"] == WEB).unwrap();
    let mut urls: Vec<String> =
        web["CallbackURLs"].as_array().unwrap().iter().map(|url| url.as_str().unwrap().to_owned()).collect();
    urls.sort();
    urls
}

fn elements() -> World {
    world(&format!(
        "settings:
  AutoVerifiedAttributes: {{ has: [phone_number] }}
clients:
  web:
    id: {WEB}
    CallbackURLs: {{ has: ['https://c.example.com'], lacks: ['https://a.example.com', 'https://z.example.com'] }}
    SupportedIdentityProviders: {{ has: [COGNITO] }}
"
    ))
}

#[test]
fn elements_of_a_set_are_added_and_removed_and_the_others_stay() {
    let world = elements();
    assert_snapshot!(told(&world.run(&["plan", "pool.yaml"]).output().expect(0)));
    world.apply().expect(0);
    assert_eq!(callbacks(&world), ["https://b.example.com", "https://c.example.com"]);
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    let drift = world.run(&["drift", "--format", "json", "pool.yaml"]).output();
    assert!(!drift.stdout.contains("clients.web.CallbackURLs"), "{drift}");
}

#[test]
fn a_saved_plan_keeps_the_declared_elements() {
    let world = elements();
    world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    world.run(&["apply", "--settle", "0", "plan.json"]).output().expect(0);
    assert_eq!(callbacks(&world), ["https://b.example.com", "https://c.example.com"]);
}

#[test]
fn adopt_leaves_declared_elements_to_a_person() {
    let world = elements();
    let adopted = world.run(&["adopt", "--dry-run", "--only", "clients.w*", "pool.yaml"]).output();
    assert_snapshot!(told(&adopted));
}

#[test]
fn an_empty_list_that_means_a_default_gets_no_elements() {
    let world = world(&format!("clients: {{ web: {{ id: {WEB}, ReadAttributes: {{ has: [email] }} }} }}\n"));
    assert_snapshot!(told(&world.run(&["plan", "pool.yaml"]).output().expect(3)));
}

#[test]
fn each_mistake_in_elements_is_named_at_its_place() {
    let world = world(
        "settings:
  AutoVerifiedAttributes: { has: [phone_number, mail], lacks: [phone_number], hass: [email] }
  UsernameAttributes: { has: x }
  Schema: { has: [x] }
  AliasAttributes: { has: [], lacks: [] }
",
    );
    assert_snapshot!(world.run(&["validate", "pool.yaml"]).output().expect(1).stdout);
}

#[test]
fn a_template_lies_below_the_entries_that_name_it() {
    let world = world(
        "extends: base.yaml\nclients:\n  shop: { like: spa, CallbackURLs: ['https://shop.example.com'] }\n  help: { like: spa, AllowedOAuthScopes: [openid, email], CallbackURLs: ['https://help.example.com'] }\n",
    );
    world.workspace.write(
        "base.yaml",
        "version: 1
templates:
  spa:
    AllowedOAuthFlowsUserPoolClient: true
    AllowedOAuthFlows: [code]
    AllowedOAuthScopes: [openid]
    SupportedIdentityProviders: [COGNITO]
    RefreshTokenValidity: 5
    TokenValidityUnits: { RefreshToken: '${var:unit:-days}' }
  unused:
    ClientName: '${var:nobody}'
",
    );
    assert_snapshot!(world.run(&["render", "--sources", "pool.yaml"]).output().expect(0).stdout);
    world.apply().expect(0);
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    // A line of a template is not changed for one of the entries that have it.
    let other = format!("version: 1\npool: {POOL}\nclients: {{ help: {{ RefreshTokenValidity: 6 }} }}\n");
    world.workspace.write("other.yaml", other);
    world.run(&["apply", "--yes", "--settle", "0", "other.yaml"]).output().expect(0);
    assert_snapshot!("template_adopted", told(&world.run(&["adopt", "--dry-run", "pool.yaml"]).output()));
    // What is wrong with a template is told once.
    let wrong = "version: 1\ntemplates: { spa: { AllowedOAuthFlows: [cod] } }\n";
    world.workspace.write("base.yaml", wrong);
    let refused = world.run(&["validate", "pool.yaml"]).output().expect(1);
    assert_eq!(refused.stdout.matches("error[enum]").count(), 1, "{refused}");
}

#[test]
fn a_misspelt_template_has_a_suggestion() {
    let world =
        world("templates: { spa: { AllowedOAuthFlows: [code] } }\nclients: { shop: { like: spaa } }\n");
    assert_snapshot!(world.run(&["validate", "pool.yaml"]).output().expect(1).stdout);
}

/// A manifest with changes of the pool and of two clients.
fn three() -> World {
    world(&format!(
        "settings: {{ AutoVerifiedAttributes: [email, phone_number] }}
clients:
  web: {{ id: {WEB}, AuthSessionValidity: 5 }}
  tf-one: {{ id: {TF_ONE}, AuthSessionValidity: 7 }}
  new: {{ CallbackURLs: ['https://new.example.com'] }}
"
    ))
}

#[test]
fn a_part_of_a_manifest_is_planned_and_applied() {
    let world = three();
    let plan = |only: &[&str]| {
        let only: Vec<&str> = only.iter().flat_map(|path| ["--only", *path]).collect();
        told(&world.run(&[&["plan"], &only[..], &["pool.yaml"]].concat()).output())
    };
    assert_snapshot!("only_one", plan(&["clients.web"]));
    assert_snapshot!("only_some", plan(&["clients.tf-*", "AutoVerifiedAttributes"]));
    assert_snapshot!("only_part", plan(&["clients.new.CallbackURLs"]));
    world.apply_with(&["--only", "clients.web"]).expect(0);
    assert_eq!((world.writes(), world.calls("UpdateUserPoolClient")), (0, 1));
    assert_eq!(world.calls("CreateUserPoolClient"), 0);
    let drift = |only: &str| world.run(&["drift", "--only", only, "pool.yaml"]).output().code;
    let validity = |label: &str| drift(&format!("clients.{label}.AuthSessionValidity"));
    assert_eq!((validity("web"), validity("tf-one"), drift("clients")), (Some(0), Some(2), Some(2)));
}

#[test]
fn a_saved_plan_keeps_its_selection() {
    let world = three();
    world.run(&["plan", "--only", "clients.tf-*", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    let refused = world.run(&["apply", "--only", "clients.web", "plan.json"]).output().expect(64);
    assert_snapshot!(refused.stderr);
    world.run(&["apply", "--settle", "0", "plan.json"]).output().expect(0);
    assert_eq!((world.writes(), world.calls("UpdateUserPoolClient")), (0, 1));
}

#[test]
fn a_part_of_a_run_is_restored() {
    let world = three();
    world.apply_with(&["--only", "clients.web", "--only", "clients.tf-one"]).expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups()[0]);
    let restore =
        |only: &str| world.run(&["restore", "--yes", "--settle", "0", "--only", only, &backup]).output();
    restore("clients.new").expect(64);
    restore("clients.web").expect(0);
    let live = world.live();
    let validity = |id: &str| {
        let clients = live["UserPoolClients"].as_array().unwrap();
        clients.iter().find(|client| client["ClientId"] == id).unwrap()["AuthSessionValidity"].clone()
    };
    assert_eq!((validity(WEB), validity(TF_ONE)), (json!(3), json!(7)));
}

#[test]
fn a_selection_of_nothing_is_a_usage_error() {
    let world = three();
    let refused = world.run(&["plan", "--only", "clients.wep", "pool.yaml"]).output().expect(64);
    assert_snapshot!(refused.stderr);
    let refused = world.run(&["plan", "--only", "clients.nobody", "pool.yaml"]).output().expect(64);
    let declared = "the manifest declares `clients.new`, `clients.tf-one`, `clients.web`";
    assert!(refused.stderr.contains(declared), "{refused}");
    world.run(&["plan", "--only", "DeletionProtection", "pool.yaml"]).output().expect(64);
    let inside = "clients.new.CallbackURLs[x]";
    let refused = world.run(&["plan", "--only", inside, "pool.yaml"]).output().expect(64);
    assert!(
        refused.stderr.contains("declared whole")
            && refused.stderr.contains("--only clients.new.CallbackURLs`"),
        "{refused}"
    );
}

#[test]
fn a_pattern_of_labels_is_ignored() {
    let world = world(&format!(
        "settings: {{ AutoVerifiedAttributes: [email] }}\nunmanaged: report\nclients: {{ web: {{ id: {WEB}, AuthSessionValidity: 3 }} }}\nignore:\n  - {{ path: clients.tf-*, reason: Terraform has them }}\n"
    ));
    let drift = world.run(&["drift", "--format", "json", "pool.yaml"]).output();
    assert!(!drift.stdout.contains("tf-"), "{drift}");
    assert!(drift.stdout.contains("clients.web.CallbackURLs"), "{drift}");
}
