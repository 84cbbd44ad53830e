//! The terms of use and the privacy policy of an app client.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::clients::{WEB, live, manifest, web, world, world_with};
use crate::harness::world::{POOL, World, told};

const BOTH: &str = "    termsOfUse: { Links: { 'cognito:default': https://example.com/terms } }
    privacyPolicy: { Links: { 'cognito:default': https://example.com/privacy } }
";

/// What the manifest declares of the client `web`.
fn of_web(declared: &str) -> String {
    format!("clients:\n  web:\n    id: {WEB}\n{declared}")
}

/// A pool whose client `web` has both documents, and whose manifest declares this of the client.
fn with_terms(faults: &[&str], declared: &str) -> World {
    world_with(faults, &[web()], &of_web(declared), |document| {
        let terms = |id: &str, name: &str, page: &str| {
            json!({
                "TermsId": format!("7d9d0b4e-0f5a-4b0e-9d1e-3d3b0a6a1c{id}"), "ClientId": WEB, "UserPoolId": POOL,
                "TermsName": name, "TermsSource": "LINK", "Enforcement": "NONE",
                "Links": {"cognito:default": page, "cognito:french": format!("{page}/fr")},
                "CreationDate": 1.5, "LastModifiedDate": 1.5,
            })
        };
        let both = json!([
            terms("01", "terms-of-use", "https://example.com/terms"),
            terms("02", "privacy-policy", "https://example.com/privacy"),
        ]);
        document.insert("Terms".to_owned(), both);
    })
}

/// The links of the client's document of this name; `null` without one.
fn links(world: &World, name: &str) -> Value {
    let document = world.live();
    let mut all = document["Terms"].as_array().into_iter().flatten();
    all.find(|terms| terms["TermsName"] == name && terms["ClientId"] == WEB)
        .map_or(Value::Null, |terms| terms["Links"].clone())
}

fn newest_backup(world: &World) -> String {
    format!(".poolctl/backups/{}", world.backups().last().unwrap())
}

#[test]
fn a_new_client_gets_both_in_one_apply() {
    let body = format!("clients:\n  shop:\n    CallbackURLs: [https://shop.example.com/cb]\n{BOTH}");
    let world = world(&[], &[], &body);
    assert_snapshot!(told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0)));
    world.apply().expect(0);
    let made = live(&world)[0]["ClientId"].clone();
    let document = world.live();
    let names = |member: &str| -> Vec<Value> {
        document["Terms"].as_array().unwrap().iter().map(|terms| terms[member].clone()).collect()
    };
    let mut both = names("TermsName");
    both.sort_by_key(ToString::to_string);
    assert_eq!(both, ["privacy-policy", "terms-of-use"]);
    assert_eq!(names("ClientId"), [made.clone(), made.clone()]);
    assert_eq!(
        (names("TermsSource"), names("Enforcement")),
        (vec![json!("LINK"); 2], vec![json!("NONE"); 2])
    );
    let with_id = body.replace("  shop:\n", &format!("  shop:\n    id: {}\n", made.as_str().unwrap()));
    world.workspace.write("pool.yaml", manifest(&with_id));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn a_change_of_one_link_sends_all_links_and_leaves_the_other_document_alone() {
    let changed = "    termsOfUse: { Links: { 'cognito:default': https://example.com/new } }\n";
    let world = with_terms(&[], changed);
    assert_snapshot!(told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0)));
    world.apply().expect(0);
    let terms = json!({"cognito:default": "https://example.com/new", "cognito:french": "https://example.com/terms/fr"});
    assert_eq!(links(&world, "terms-of-use"), terms);
    assert_eq!(links(&world, "privacy-policy")["cognito:default"], "https://example.com/privacy");
    assert_eq!((world.calls("UpdateTerms"), world.calls("CreateTerms")), (1, 0));
    let backup = newest_backup(&world);
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(links(&world, "terms-of-use")["cognito:default"], "https://example.com/terms");
}

#[test]
fn a_language_is_removed_by_its_name() {
    let world = with_terms(&[], "    termsOfUse: { Links: { 'cognito:french': ~ } }\n");
    world.apply().expect(0);
    assert_eq!(links(&world, "terms-of-use"), json!({"cognito:default": "https://example.com/terms"}));
    let backup = newest_backup(&world);
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(links(&world, "terms-of-use")["cognito:french"], "https://example.com/terms/fr");
}

#[test]
fn a_removal_blocks_and_comes_back() {
    let world = with_terms(&[], "    privacyPolicy: { remove: true, reason: moved into the application }\n");
    let before = links(&world, "privacy-policy");
    assert_snapshot!(told(&world.apply().expect(3)));
    world.apply_with(&["--allow", "terms-removal"]).expect(0);
    assert_eq!((links(&world, "privacy-policy"), world.calls("DeleteTerms")), (Value::Null, 1));
    assert_ne!(links(&world, "terms-of-use"), Value::Null);
    let backup = newest_backup(&world);
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(links(&world, "privacy-policy"), before);
}

#[test]
fn a_lost_answer_is_settled_by_a_read() {
    let world = world(&["CreateTerms:cut-after"], &[web()], &of_web(BOTH));
    world.apply().expect(0);
    assert_eq!(world.calls("CreateTerms"), 2);
    assert_eq!(links(&world, "terms-of-use"), json!({"cognito:default": "https://example.com/terms"}));
}

#[test]
fn mistakes_are_found_in_the_file() {
    let body = of_web(
        "    termsOfUse:
      TermsName: privacy-policy
      TermsSource: TEXT
      Links: { default: https://example.com, 'cognito:klingon': https://example.com, 'cognito:english': '' }
    privacyPolicy: { Links: {}, like: spa }
    privacypolicy: {}
",
    );
    let world = world(&[], &[web()], &body);
    assert_snapshot!(told(&world.run(&["validate", "pool.yaml"]).output().expect(1)));
}

#[test]
fn one_without_the_other_is_warned_of() {
    let one = "    termsOfUse: { Links: { 'cognito:default': https://example.com/terms } }\n";
    let body = format!("clients:\n  shop:\n    CallbackURLs: [https://shop.example.com/cb]\n{one}");
    let world = world(&[], &[web()], &body);
    let plan = told(&world.run(&["plan", "pool.yaml"]).output().expect(0));
    assert!(plan.contains("terms-alone"), "{plan}");
    let both = format!("clients:\n  shop:\n    CallbackURLs: [https://shop.example.com/cb]\n{BOTH}");
    world.workspace.write("pool.yaml", manifest(&both));
    let plan = told(&world.run(&["plan", "pool.yaml"]).output().expect(0));
    assert!(!plan.contains("terms-alone"), "{plan}");
}

#[test]
fn a_new_document_without_links_is_warned_of_and_one_that_has_them_is_not() {
    let world = world(&[], &[web()], &of_web("    termsOfUse: {}\n"));
    world.run(&["validate", "pool.yaml"]).output().expect(0);
    let plan = told(&world.run(&["plan", "pool.yaml"]).output().expect(0));
    assert!(plan.contains("terms-without-links"), "{plan}");
    let world = with_terms(&[], "    termsOfUse: {}\n");
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn saved_documents_and_imports_have_both() {
    let world = with_terms(&[], BOTH);
    world.run(&["snapshot", "-o", "saved", "pool.yaml"]).output().expect(0);
    let offline = |file: &str| world.workspace.poolctl(["plan", "--live=saved", file]).output().expect(0);
    assert_eq!(told(&offline("pool.yaml")), told(&world.run(&["plan", "pool.yaml"]).output().expect(0)));
    let imported = world.run(&["import", POOL, "-o", "-", "--only", "clients"]).output().expect(0);
    assert_snapshot!(imported.stdout);
}

#[test]
fn a_client_that_declares_neither_costs_no_more_calls() {
    let world = world(&[], &[web()], &of_web("    AuthSessionValidity: 5\n"));
    world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert_eq!(world.calls("DescribeTermsByClient"), 0);
}

#[test]
fn a_link_that_is_no_address_of_a_page_is_never_sent() {
    let body = of_web(&BOTH.replace("https://example.com/terms", "javascript:alert(1)"));
    let world = world(&[], &[web()], &body);
    let refused = told(&world.run(&["validate", "pool.yaml"]).output().expect(1));
    assert!(refused.contains("terms-link") && refused.contains("javascript:alert(1)"), "{refused}");
    assert_eq!(world.writes(), 0);
}

#[test]
fn a_link_that_is_no_page_is_told_at_its_own_line() {
    let links = "    termsOfUse:
      Links:
        'cognito:default': https://example.com/terms
        'cognito:french': ftp://bad.example
    privacyPolicy: { Links: { 'cognito:default': https://example.com/privacy } }
";
    let world = with_terms(&[], links);
    for command in ["validate", "plan"] {
        let told = world.run(&[command, "pool.yaml"]).output();
        let all = told.to_string();
        assert!(all.contains("terms-link") && all.contains("pool.yaml:9"), "{all}");
        assert!(!all.contains("pool.yaml:8"), "{all}");
    }
}
