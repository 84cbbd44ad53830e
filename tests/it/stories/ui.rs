//! The classic hosted UI of a pool: a style sheet that is read back, and an image that is not.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::world::{POOL, World, told};

/// The first bytes of a PNG file: no text.
const LOGO: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

const CSS: &str = ".banner-customizable { background: navy; }";

/// A pool with a domain and this customization.
fn world(ui: Value, body: &str) -> World {
    world_with(&[], ui, body)
}

fn world_with(faults: &[&str], ui: Value, body: &str) -> World {
    let world = World::with(faults, |document| {
        document["UserPool"]["Domain"] = json!("acme");
        if !ui.is_null() {
            document["UICustomization"] = ui.clone();
        }
    });
    std::fs::write(world.workspace.path().join("logo.png"), LOGO).unwrap();
    world.workspace.write("poolctl.yaml", "");
    declare(&world, body);
    world
}

fn declare(world: &World, body: &str) {
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n{body}"));
}

fn styled() -> Value {
    json!({"ClientId": "ALL", "CSS": CSS, "CSSVersion": "1", "LastModifiedDate": 1.5})
}

fn with_image() -> Value {
    let mut ui = styled();
    ui["ImageUrl"] = json!("https://d1.cloudfront.net/1/assets/images/image.jpg");
    ui
}

/// The style sheet and whether there is an image.
fn live(world: &World) -> (Option<String>, bool) {
    let ui = world.live()["UICustomization"].clone();
    (ui["CSS"].as_str().map(str::to_owned), ui["ImageUrl"].is_string())
}

/// A manifest with this style sheet, and the image if `has_image`.
fn body(css: &str, has_image: bool) -> String {
    let image = if has_image { "\n  ImageFile: ${base64:logo.png}" } else { "" };
    format!("uiCustomization:\n  CSS: '{css}'{image}\n")
}

fn is_clean(world: &World) {
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn a_style_sheet_and_an_image_are_set_and_then_there_is_nothing_to_do() {
    let world = world(Value::Null, &body(CSS, true));
    assert_snapshot!(told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0)));
    world.apply().expect(0);
    assert_eq!(live(&world), (Some(CSS.to_owned()), true));
    assert_eq!((world.writes(), world.calls("SetUICustomization")), (0, 1));
    // An image cannot be compared, so another file alone is no change.
    std::fs::write(world.workspace.path().join("logo.png"), b"\x89PNG other").unwrap();
    let planned =
        world.run(&["plan", "--detailed-exitcode", "--format", "json", "pool.yaml"]).output().expect(0);
    assert!(planned.stdout.contains("not-compared"), "{planned}");
    // It goes along with the style sheet, as the note says.
    declare(&world, &body(&format!("{CSS} /* logo 2 */"), true));
    world.apply().expect(0);
    assert_eq!(live(&world), (Some(format!("{CSS} /* logo 2 */")), true));
    is_clean(&world);
}

#[test]
fn an_image_alone_is_set_and_removed() {
    let world = world(styled(), "uiCustomization: { ImageFile: '${base64:logo.png}' }\n");
    assert_snapshot!(told(&world.apply().expect(0)));
    assert_eq!(live(&world), (Some(CSS.to_owned()), true), "the style sheet goes along");
    is_clean(&world);
    declare(&world, "uiCustomization: { ImageFile: ~ }\n");
    assert_snapshot!("image_removed", told(&world.apply().expect(0)));
    assert_eq!(live(&world), (Some(CSS.to_owned()), false));
    declare(&world, "uiCustomization: { CSS: ~, ImageFile: ~ }\n");
    world.apply().expect(0);
    assert_eq!(live(&world), (None, false));
    is_clean(&world);
}

#[test]
fn a_style_sheet_does_not_change_over_an_image_that_the_manifest_lacks() {
    let other = body(".label-customizable { color: red; }", false);
    for body in [other.as_str(), "uiCustomization: { CSS: ~ }\n"] {
        let world = world(with_image(), body);
        let refused = world.apply().expect(3);
        assert!(refused.stdout.contains("${base64:logo.png}"), "{refused}");
        assert_eq!((world.calls("SetUICustomization"), live(&world).1), (0, true));
    }
    let world = world(with_image(), &other);
    assert_snapshot!(told(&world.run(&["plan", "pool.yaml"]).output().expect(3)));
    declare(&world, &body(".label-customizable { color: red; }", true));
    world.apply().expect(0);
    assert_eq!(live(&world), (Some(".label-customizable { color: red; }".to_owned()), true));
    declare(&world, "uiCustomization: { CSS: ~, ImageFile: ~ }\n");
    world.apply().expect(0);
    assert_eq!(live(&world), (None, false));
}

#[test]
fn an_image_that_a_write_has_lost_is_named() {
    let lost = "SetUICustomization:drift-after=UICustomization.ImageUrl:null*1";
    let world = world_with(&[lost], with_image(), &body(".label-customizable { color: red; }", true));
    assert_snapshot!(told(&world.apply().expect(5)));
}

#[test]
fn a_pool_without_a_domain_gets_one_first_and_mistakes_are_named() {
    let world = World::with(&[], |_| {});
    declare(&world, &body(CSS, false));
    assert_snapshot!("no_domain", told(&world.apply().expect(3)));
    declare(&world, &format!("domains: {{ acme: {{}} }}\n{}", body(CSS, false)));
    world.called();
    world.apply().expect(0);
    assert_eq!(live(&world).0.as_deref(), Some(CSS));
    let mistakes = "uiCustomization:
  CSS: '.banner { color: red }'
  ImageFile: logo.png
  ImageUrl: https://example.com/logo.png
  ClientId: abc
";
    declare(&world, mistakes);
    assert_snapshot!("mistakes", told(&world.run(&["validate", "pool.yaml"]).output().expect(1)));
    world.workspace.write("poolctl.yaml", "");
    std::fs::write(world.workspace.path().join("logo.png"), LOGO).unwrap();
    std::fs::write(world.workspace.path().join("large.png"), vec![0; 140_000]).unwrap();
    let references = "uiCustomization:
  CSS: ${file:logo.png}
  ImageFile: ${base64:large.png}
";
    declare(&world, references);
    assert_snapshot!("references", told(&world.run(&["validate", "pool.yaml"]).output().expect(1)));
}

#[test]
fn an_import_has_the_style_sheet_and_names_the_image() {
    let world = world(with_image(), "");
    let imported = world.run(&["import", POOL, "-o", "pool.yaml", "--force"]).output().expect(0);
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(text.contains(CSS) && !text.contains("ImageFile: "), "{text}");
    assert!(imported.stderr.contains("uiCustomization.ImageFile"), "{imported}");
    is_clean(&world);
}

#[test]
fn another_style_sheet_and_a_lost_image_are_drift_and_the_style_sheet_is_adopted() {
    let world = world(styled(), &body(".label-customizable { color: red; }", true));
    assert_snapshot!(told(&world.run(&["drift", "pool.yaml"]).output().expect(2)));
    world.run(&["adopt", "--only", "uiCustomization.CSS", "pool.yaml"]).output();
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(text.contains("navy") && text.contains("${base64:logo.png}"), "{text}");
}

#[test]
fn a_restore_brings_the_style_sheet_back_and_never_an_image() {
    let world = world(with_image(), "uiCustomization: { CSS: ~, ImageFile: ~ }\n");
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    assert_snapshot!(told(&world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0)));
    assert_eq!(live(&world), (Some(CSS.to_owned()), false));
}

#[test]
fn a_folder_a_saved_plan_and_the_policy_have_it() {
    let world = world(styled(), &body(CSS, true));
    world.run(&["snapshot", "-o", "saved", "pool.yaml"]).output().expect(0);
    let planned = world.run(&["plan", "--live", "saved", "pool.yaml"]).output().expect(0);
    assert!(planned.stdout.contains("ImageFile"), "{planned}");
    let policy = world.run(&["iam-policy", "--live", "saved", "pool.yaml"]).output().expect(0);
    assert!(
        policy.stdout.contains("GetUICustomization") && policy.stdout.contains("SetUICustomization"),
        "{policy}"
    );
    world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    world.run(&["apply", "--yes", "--settle", "0", "plan.json"]).output().expect(0);
    assert_eq!((world.calls("SetUICustomization"), live(&world).1), (1, true));
}

/// The customization of the client `web`, if it has one of its own.
fn of_client(world: &World) -> Value {
    let all = world.live()["ClientUICustomizations"].clone();
    all.as_array().and_then(|all| all.first()).map_or(Value::Null, |own| own["CSS"].clone())
}

#[test]
fn an_app_client_has_the_pools_customization_until_it_has_one_of_its_own() {
    const ID: &str = "1webwebwebwebwebwebwebweb1";
    let world = World::with(&[], |document| {
        document["UserPool"]["Domain"] = json!("acme");
        document["UICustomization"] = with_image();
        document["UserPoolClients"] = json!([{"UserPoolId": POOL, "ClientId": ID, "ClientName": "web"}]);
    });
    std::fs::write(world.workspace.path().join("logo.png"), LOGO).unwrap();
    world.workspace.write("poolctl.yaml", "");
    let own = |css: &str| {
        let image = "ImageFile: '${base64:logo.png}'";
        declare(
            &world,
            &format!("clients: {{ web: {{ id: {ID}, uiCustomization: {{ CSS: {css}, {image} }} }} }}\n"),
        );
    };
    own("'.logo-customizable { width: 9px; }'");
    assert_snapshot!("of a client", told(&world.run(&["plan", "pool.yaml"]).output().expect(0)));
    world.apply().expect(0);
    is_clean(&world);
    assert_eq!(
        (of_client(&world), live(&world)),
        (json!(".logo-customizable { width: 9px; }"), (Some(CSS.to_owned()), true))
    );
    // What it loses it has from the pool again.
    declare(
        &world,
        &format!("clients: {{ web: {{ id: {ID}, uiCustomization: {{ CSS: null, ImageFile: null }} }} }}\n"),
    );
    world.apply().expect(0);
    is_clean(&world);
    assert_eq!(of_client(&world), Value::Null);
    own("'.logo { width: 9px; }'");
    let refused = told(&world.run(&["plan", "pool.yaml"]).output().expect(3));
    assert!(refused.contains("conflict ui-css-class"), "{refused}");
}
