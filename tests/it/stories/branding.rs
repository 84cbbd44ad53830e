//! What hangs on an app client: its managed login branding, and its sessions.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::clients::{WEB, live, manifest, web, world, world_with};
use crate::harness::world::{POOL, World, told};

const LOGO: &str = "{ Category: FORM_LOGO, ColorMode: LIGHT, Extension: PNG, Bytes: iVBORw0KGgo= }";

/// A pool with the client `web` and this branding of it, whose manifest declares this of the client.
pub(super) fn with_branding(faults: &[&str], branding: &Value, declared: &str) -> World {
    let body = format!("clients:\n  web:\n    id: {WEB}\n{declared}");
    world_with(faults, &[web()], &body, |document| {
        let id = "7d9d0b4e-0f5a-4b0e-9d1e-3d3b0a6a1c2e";
        let mut own = json!({"ManagedLoginBrandingId": id, "ClientId": WEB, "UserPoolId": POOL});
        own.as_object_mut().unwrap().extend(branding.as_object().cloned().unwrap());
        document.insert("ManagedLoginBrandings".to_owned(), json!([own]));
    })
}

/// The branding of the client, without what the service alone sets.
pub(super) fn branding(world: &World) -> Value {
    let document = world.live();
    let mut all = document["ManagedLoginBrandings"].as_array().into_iter().flatten();
    let own = all.find(|branding| branding["ClientId"] == WEB).cloned();
    let Some(Value::Object(mut own)) = own else { return Value::Null };
    let service = ["ManagedLoginBrandingId", "ClientId", "UserPoolId", "CreationDate", "LastModifiedDate"];
    own.retain(|name, _| !service.contains(&name.as_str()));
    Value::Object(own)
}

pub(super) fn newest_backup(world: &World) -> String {
    format!(".poolctl/backups/{}", world.backups().last().unwrap())
}

#[test]
fn a_new_client_gets_its_branding_and_its_sessions_in_one_apply() {
    let body = "clients:
  shop:
    CallbackURLs: [https://shop.example.com/cb]
    branding: { UseCognitoProvidedValues: true }
    sessionConfiguration: { SSOSession: { MaxValidityMinutes: 30 } }
";
    let world = world(&[], &[], body);
    assert_snapshot!(told(&world.run(&["plan", "pool.yaml"]).output().expect(0)));
    world.apply().expect(0);
    let made = &live(&world)[0]["ClientId"];
    let document = world.live();
    assert_eq!(document["ManagedLoginBrandings"][0]["ClientId"], *made);
    assert_eq!(document["ClientSessionConfigurations"][0]["SSOSession"], json!({"MaxValidityMinutes": 30}));
    let id = made.as_str().unwrap();
    let with_id = body.replace("  shop:\n", &format!("  shop:\n    id: {id}\n"));
    world.workspace.write("pool.yaml", manifest(&with_id));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn trap_2_images_that_nobody_declares_stay_and_a_request_has_one_source() {
    let icon =
        json!({"Category": "FAVICON_ICO", "ColorMode": "DYNAMIC", "Extension": "ICO", "Bytes": "AAAB"});
    let branded = json!({"UseCognitoProvidedValues": true, "Assets": [icon]});
    let settings =
        "    branding:\n      Settings: { components: { form: { borderRadius: 8.0, shadow: null } } }\n";
    let world = with_branding(&[], &branded, settings);
    assert_snapshot!(told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0)));
    world.apply().expect(0);
    assert_eq!(
        branding(&world),
        json!({
            "UseCognitoProvidedValues": false,
            "Settings": {"components": {"form": {"borderRadius": 8.0, "shadow": null}}},
            "Assets": [icon],
        })
    );
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

/// hashicorp/terraform-provider-aws replaces the whole style where one image changes.
#[test]
fn an_image_is_added_beside_the_others_and_none_is_removed() {
    let logo =
        json!({"Category": "FORM_LOGO", "ColorMode": "DARK", "Extension": "PNG", "Bytes": "iVBORw0KGgo="});
    let branded = json!({"UseCognitoProvidedValues": true, "Assets": [logo]});
    let whole = format!("    branding: {{ Assets: [{LOGO}] }}\n");
    let world = with_branding(&[], &branded, &whole);
    assert_snapshot!(told(&world.apply().expect(3)));
    let one = format!("    branding: {{ Assets: {{ has: [{LOGO}] }} }}\n");
    world.workspace.write("pool.yaml", manifest(&format!("clients:\n  web:\n    id: {WEB}\n{one}")));
    world.apply().expect(0);
    assert_eq!(branding(&world)["Assets"].as_array().unwrap().len(), 2);
    assert_eq!(branding(&world)["UseCognitoProvidedValues"], true);
}

#[test]
fn a_branding_is_removed_by_an_entry_that_says_so_and_comes_back_with_its_images() {
    let logo =
        json!({"Category": "FORM_LOGO", "ColorMode": "DARK", "Extension": "PNG", "Bytes": "iVBORw0KGgo="});
    let branded = json!({"UseCognitoProvidedValues": false, "Settings": {"a": {"b": 1}}, "Assets": [logo]});
    let world = with_branding(&[], &branded, "    branding: { remove: true, reason: the old pages }\n");
    let refused = world.apply().expect(3);
    assert!(
        !refused.stdout.contains("style-removal"),
        "the branding goes whole, which is a risk of its own: {refused}"
    );
    assert_snapshot!(told(&refused));
    world.apply_with(&["--allow", "branding-removal"]).expect(0);
    assert_eq!(branding(&world), Value::Null);
    let backup = newest_backup(&world);
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(branding(&world), branded);
}

#[test]
fn a_client_that_comes_back_has_its_branding_and_its_sessions_again() {
    let branded = json!({"UseCognitoProvidedValues": true, "Assets": []});
    let sessions = "    branding: {}\n    sessionConfiguration: { SSOSession: { MaxValidityMinutes: 30 } }\n";
    let world = with_branding(&[], &branded, sessions);
    world.apply().expect(0);
    let gone = format!("clients:\n  web: {{ id: {WEB}, remove: true, reason: retired }}\n");
    world.workspace.write("pool.yaml", manifest(&gone));
    world.apply_with(&["--allow", "client-removal"]).expect(0);
    assert_eq!((live(&world).len(), branding(&world)), (0, Value::Null));
    let backup = newest_backup(&world);
    world.run(&["restore", "--yes", "--settle", "0", "--whole", &backup]).output().expect(0);
    let document = world.live();
    let made = &live(&world)[0]["ClientId"];
    assert_ne!(made, WEB);
    assert_eq!(document["UserPoolClients"][0]["CallbackURLs"], web()["CallbackURLs"]);
    assert_eq!(document["ManagedLoginBrandings"][0]["ClientId"], *made);
    assert_eq!(document["ClientSessionConfigurations"][0]["SSOSession"], json!({"MaxValidityMinutes": 30}));
}

#[test]
fn a_lost_answer_of_a_new_branding_is_settled_by_a_read() {
    let body = "    branding: { UseCognitoProvidedValues: true }\n";
    let body = format!("clients:\n  web:\n    id: {WEB}\n{body}");
    let world = world(&["CreateManagedLoginBranding:cut-after"], &[web()], &body);
    world.apply().expect(0);
    assert_eq!(world.calls("CreateManagedLoginBranding"), 1);
    assert_eq!(branding(&world)["UseCognitoProvidedValues"], true);
}

#[test]
fn mistakes_below_a_client_are_found_in_the_file() {
    let body = format!(
        "clients:
  web:
    id: {WEB}
    branding:
      UseCognitoProvidedValues: true
      Settings: {{ a: 1 }}
      like: spa
    sessionConfiguration: {{ remove: true, reason: no longer needed }}
  shop:
    branding: null
    brandin: {{}}
  batch:
    branding: {{ Assets: [{{ Category: FORM_LOGO, ColorMode: LIGHT, Extension: ICO, Bytes: AAAB }}], Settings: [] }}
    sessionConfiguration: {{ SSOSession: {{ MaxValidityMinutes: 129601 }} }}
"
    );
    let world = world(&[], &[web()], &body);
    assert_snapshot!(told(&world.run(&["validate", "pool.yaml"]).output().expect(1)));
}

#[test]
fn saved_documents_have_what_hangs_on_a_client_and_plan_without_credentials() {
    let branded = json!({"UseCognitoProvidedValues": true, "Assets": []});
    let declared = "    branding: { UseCognitoProvidedValues: true }\n    sessionConfiguration: { SSOSession: { MaxValidityMinutes: 5 } }\n";
    let world = with_branding(&[], &branded, declared);
    world.run(&["snapshot", "-o", "saved", "pool.yaml"]).output().expect(0);
    let offline = |file: &str| world.workspace.poolctl(["plan", "--live=saved", file]).output().expect(0);
    assert_snapshot!(told(&offline("pool.yaml")));
    // Of a document that nobody has saved, nobody knows.
    let other = "clients:\n  web:\n    id: ID\n    branding: {}\n".replace("ID", WEB);
    world.workspace.write("other.yaml", manifest(&other));
    world.run(&["snapshot", "-o", "saved", "other.yaml"]).output().expect(0);
    for command in ["plan", "drift"] {
        let unread = world.workspace.poolctl([command, "--live=saved", "pool.yaml"]).output().expect(1);
        assert_snapshot!("what nobody has saved", told(&unread));
    }
    let file = world.workspace.path().join(format!("saved/{POOL}.clients.json"));
    let saved = std::fs::read_to_string(&file).unwrap();
    let mut saved: Value = serde_json::from_str(&saved).unwrap();
    saved["UserPoolClients"][0]["branding"] = json!([1]);
    std::fs::write(&file, saved.to_string()).unwrap();
    let wrong = world.workspace.poolctl(["plan", "--live=saved", "pool.yaml"]).output().expect(1);
    assert_snapshot!("what is no document", told(&wrong));
}

#[test]
fn an_import_writes_what_hangs_on_a_client() {
    let branded = json!({"UseCognitoProvidedValues": false, "Settings": {"a": {"b": null}}, "Assets": []});
    let world = with_branding(&[], &branded, "");
    world.run(&["import", POOL, "-o", "imported", "--only", "clients"]).output().expect(0);
    let imported = std::fs::read_dir(world.workspace.path().join("imported")).unwrap();
    let file = imported
        .map(|file| file.unwrap().path())
        .find(|file| file.extension().is_some_and(|end| end == "yaml"));
    assert_snapshot!(std::fs::read_to_string(file.unwrap()).unwrap());
}

#[test]
fn images_are_imported_as_files_and_shown_by_what_they_are() {
    let image = |category: &str, extension: &str, bytes: &str| json!({"Category": category, "ColorMode": "LIGHT", "Extension": extension, "Bytes": bytes});
    let svg = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=";
    let images = [image("FORM_LOGO", "PNG", "iVBORw0KGgo="), image("PAGE_HEADER_LOGO", "SVG", svg)];
    let world = with_branding(&[], &json!({"UseCognitoProvidedValues": true, "Assets": images}), "");
    let imported =
        world.run(&["import", POOL, "-o", "imported", "--only", "clients.web.branding"]).output().expect(0);
    let folder = world.workspace.path().join("imported");
    let logo = "templates/customers/clients.web.branding.Assets.FORM_LOGO.LIGHT.png";
    assert!(imported.stdout.contains(logo), "{imported}");
    assert_eq!(std::fs::read(folder.join(logo)).unwrap(), b"\x89PNG\r\n\x1a\n");
    let header = "templates/customers/clients.web.branding.Assets.PAGE_HEADER_LOGO.LIGHT.svg";
    assert!(std::fs::read_to_string(folder.join(header)).unwrap().starts_with("<svg"));
    assert_snapshot!(std::fs::read_to_string(folder.join("customers.yaml")).unwrap());
    // Another image in the file is another image in the pool.
    std::fs::write(folder.join(logo), b"\x89PNG\r\n\x1a\nnew").unwrap();
    let plan = world.run(&["plan", "imported/customers.yaml"]).output().expect(0);
    assert_snapshot!("an image changes", told(&plan));
    // Adopted, the file has the pool's image again, and the line stays a reference.
    let manifest = std::fs::read(folder.join("customers.yaml")).unwrap();
    assert_snapshot!(
        "an image is adopted",
        told(&world.run(&["adopt", "imported/customers.yaml"]).output().expect(0))
    );
    assert_eq!(std::fs::read(folder.join(logo)).unwrap(), b"\x89PNG\r\n\x1a\n");
    assert_eq!(std::fs::read(folder.join("customers.yaml")).unwrap(), manifest);
    world.run(&["plan", "--detailed-exitcode", "imported/customers.yaml"]).output().expect(0);
}

#[test]
fn a_source_of_the_style_is_in_every_request() {
    for setting in ["Settings", "UseCognitoProvidedValues"] {
        let body = format!("omit: [{{ path: clients.web.branding.{setting}, reason: r }}]\n");
        let world = world(&[], &[web()], &body);
        let refused = told(&world.run(&["validate", "pool.yaml"]).output().expect(1));
        assert!(refused.contains("is always sent") && refused.contains("cannot be omitted"), "{refused}");
    }
}

#[test]
fn a_pool_whose_clients_declare_nothing_below_costs_no_more_calls() {
    let body = format!("clients:\n  web:\n    id: {WEB}\n    AuthSessionValidity: 5\n");
    let world = world(&[], &[web()], &body);
    world.run(&["plan", "pool.yaml"]).output().expect(0);
    for call in ["DescribeManagedLoginBrandingByClient", "GetUserPoolClientSessionConfiguration"] {
        assert_eq!(world.calls(call), 0, "{call}");
    }
}

/// A new client that signs users in on login pages.
const LOGIN_PAGES: &str = "clients:
  shop:
    AllowedOAuthFlowsUserPoolClient: true
    AllowedOAuthFlows: [code]
    AllowedOAuthScopes: [openid]
    CallbackURLs: [https://shop.example.com/cb]
";

/// minorun365/html-share#3: login pages that are unavailable.
#[test]
fn managed_login_without_branding_is_warned_of() {
    let body = format!("{LOGIN_PAGES}domains: {{ shop-login: {{ ManagedLoginVersion: 2 }} }}\n");
    let world = world(&[], &[], &body);
    let plan = told(&world.run(&["plan", "pool.yaml"]).output().expect(0));
    assert!(plan.contains("branding-missing"), "{plan}");
    let branded = body.replace(
        "[https://shop.example.com/cb]\n",
        "[https://shop.example.com/cb]\n    branding: { UseCognitoProvidedValues: true }\n",
    );
    world.workspace.write("pool.yaml", manifest(&branded));
    let plan = told(&world.run(&["plan", "pool.yaml"]).output().expect(0));
    assert!(!plan.contains("branding-missing"), "{plan}");
    world.apply().expect(0);
}

fn image(mode: &str, bytes: &str) -> Value {
    json!({"Category": "FORM_LOGO", "ColorMode": mode, "Extension": "PNG", "Bytes": bytes})
}

#[test]
fn an_image_takes_the_place_of_the_one_of_its_category_and_mode() {
    let live = json!({"UseCognitoProvidedValues": true, "Assets": [image("LIGHT", "aGVsbG8="), image("DARK", "aGVsbG8=")]});
    let world = with_branding(&[], &live, &format!("    branding: {{ Assets: {{ has: [{LOGO}] }} }}\n"));
    world.apply().expect(0);
    let assets = json!([image("LIGHT", "iVBORw0KGgo="), image("DARK", "aGVsbG8=")]);
    assert_eq!(branding(&world)["Assets"], assets);
    let backup = newest_backup(&world);
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(branding(&world)["Assets"][0], image("LIGHT", "aGVsbG8="));
}

#[test]
fn what_an_image_has_besides_stays_and_its_members_have_no_order() {
    let mut known = image("LIGHT", "iVBORw0KGgo=");
    known["ResourceId"] = json!("r1");
    known["NewMember"] = json!(1);
    let live = json!({"UseCognitoProvidedValues": true, "Assets": [known]});
    let declared = "    branding: { Assets: [{ Bytes: iVBORw0KGgo=, Extension: PNG, ColorMode: LIGHT, Category: FORM_LOGO }] }\n";
    let world = with_branding(&[], &live, declared);
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    // Another content is another image; what nobody knows goes along.
    let other = declared.replace("iVBORw0KGgo=", "aGVsbG8=");
    world.workspace.write("pool.yaml", manifest(&format!("clients:\n  web:\n    id: {WEB}\n{other}")));
    world.apply().expect(0);
    assert_eq!(branding(&world)["Assets"][0]["NewMember"], 1);
}

#[test]
fn a_style_is_switched_in_both_directions_and_back() {
    let declared = ["UseCognitoProvidedValues: true", "Settings: { a: 1 }"];
    let styles = [
        json!({"UseCognitoProvidedValues": false, "Settings": {"b": 2}}),
        json!({"UseCognitoProvidedValues": true}),
    ];
    for (declared, style) in declared.into_iter().zip(styles) {
        let world = with_branding(&[], &style, &format!("    branding: {{ {declared} }}\n"));
        world.apply().expect(0);
        world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
        let backup = newest_backup(&world);
        world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
        assert_eq!(
            branding(&world)["UseCognitoProvidedValues"],
            style["UseCognitoProvidedValues"],
            "{declared}"
        );
    }
}

#[test]
fn a_restore_leaves_an_added_image_and_undoes_the_rest() {
    let live = json!({"UseCognitoProvidedValues": true, "Assets": []});
    let declared = format!("    AuthSessionValidity: 7\n    branding: {{ Assets: {{ has: [{LOGO}] }} }}\n");
    let world = with_branding(&[], &live, &declared);
    world.apply().expect(0);
    let backup = newest_backup(&world);
    let restored = told(&world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0));
    assert!(restored.contains("warning element-stays"), "{restored}");
    assert_eq!(live_session(&world), web()["AuthSessionValidity"]);
    assert_eq!(branding(&world)["Assets"].as_array().unwrap().len(), 1);
}

fn live_session(world: &World) -> Value {
    live(world)[0]["AuthSessionValidity"].clone()
}

#[test]
fn a_member_that_comes_into_the_settings_unasked_is_a_deviation() {
    let id = "7d9d0b4e-0f5a-4b0e-9d1e-3d3b0a6a1c2e";
    let fault =
        format!("UpdateManagedLoginBranding:drift-after=ManagedLoginBrandings[\"{id}\"].Settings.z:7");
    let live = json!({"UseCognitoProvidedValues": false, "Settings": {"a": 1}});
    let world = with_branding(&[&fault], &live, "    branding: { Settings: { a: 2 } }\n");
    world.apply().expect(5);
}

#[test]
fn settings_without_members_are_declared_too() {
    let live = json!({"UseCognitoProvidedValues": false, "Settings": {"a": 1}});
    let world = with_branding(&[], &live, "    branding: { Settings: {} }\n");
    world.apply().expect(0);
    assert_eq!(branding(&world)["Settings"], json!({}));
}

#[test]
fn two_images_for_one_place_are_refused() {
    let two = LOGO.replace("iVBORw0KGgo=", "aGVsbG8=");
    let live = json!({"UseCognitoProvidedValues": true, "Assets": []});
    let world = with_branding(&[], &live, &format!("    branding: {{ Assets: [{LOGO}, {two}] }}\n"));
    let refused = told(&world.run(&["validate", "pool.yaml"]).output().expect(1));
    assert!(refused.contains("branding-image-twice"), "{refused}");
}

#[test]
fn a_backup_with_something_else_in_the_place_of_a_document_restores_nothing() {
    let live = json!({"UseCognitoProvidedValues": true, "Assets": []});
    let world = with_branding(&[], &live, "    branding: { Settings: { a: 1 } }\n");
    world.apply().expect(0);
    let backup = newest_backup(&world);
    let file = world.workspace.path().join(&backup);
    let mut saved: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    saved["branches"]["clients"]["web"]["branding"] = json!(1);
    std::fs::write(&file, saved.to_string()).unwrap();
    let refused = told(&world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(1));
    assert!(refused.contains("its `branding` of the `web` of `clients` is no document"), "{refused}");
}

#[test]
fn a_new_client_without_branding_is_warned_of_where_its_manifest_has_no_domains() {
    for (version, denied, warns) in [(2, false, true), (1, false, false), (2, true, false)] {
        let faults: &[&str] = if denied { &["DescribeUserPoolDomain:access-denied"] } else { &[] };
        let domain = json!({"Domain": "shop-login", "UserPoolId": POOL, "Status": "ACTIVE", "ManagedLoginVersion": version});
        let world = world_with(faults, &[], LOGIN_PAGES, |document| {
            document.insert("Domains".to_owned(), json!([domain]));
        });
        let plan = told(&world.run(&["plan", "pool.yaml"]).output().expect(0));
        assert_eq!(plan.contains("branding-missing"), warns, "{plan}");
        // A client without sign-in pages needs no look at domains.
        let looked = world.calls("DescribeUserPoolDomain");
        world.workspace.write("pool.yaml", manifest("clients: { shop: { EnableTokenRevocation: true } }\n"));
        world.run(&["plan", "pool.yaml"]).output().expect(0);
        assert_eq!(world.calls("DescribeUserPoolDomain"), looked);
    }
}

#[test]
fn a_style_in_a_file_of_its_own_is_sent_as_the_file_has_it() {
    let live = json!({"UseCognitoProvidedValues": true, "Assets": []});
    let declared = "    branding: { UseCognitoProvidedValues: false, Settings: \"${file:style.json}\" }\n";
    let world = with_branding(&[], &live, declared);
    let style = json!({"components": {"form": {"logo": null, "width": 1.50}}, "text": "${var:x}"});
    world.workspace.write("style.json", style.to_string());
    world.apply().expect(0);
    assert_eq!(branding(&world)["Settings"], style);
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    for text in ["[1]", "\"text\"", "{", ""] {
        world.workspace.write("style.json", text);
        let invalid = told(&world.run(&["validate", "pool.yaml"]).output().expect(1));
        assert!(invalid.contains("takes a JSON object, and `style.json` has none"), "{text}: {invalid}");
    }
}
