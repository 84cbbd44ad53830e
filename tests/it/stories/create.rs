//! Pools that are not there yet: found by a tag, made once, and finished by whichever run comes next.

use serde_json::{Value, json};

use crate::harness::world::{World, answered, signalled_during};
use crate::harness::{Output, Workspace};

const WORD: &str = "customers-staging-7f3k9q2m";

const SETTINGS: &str = "
settings:
  PoolName: customers-staging
  UsernameAttributes: [email]
  AutoVerifiedAttributes: [email]
  MfaConfiguration: OPTIONAL
  SoftwareTokenMfaConfiguration: { Enabled: true }
  Schema:
    - { Name: email, AttributeDataType: String, Required: true, Mutable: true }
    - { Name: tenant, AttributeDataType: String, Mutable: true }
  UserPoolTags: { team: identity }
resourceServers:
  orders: { Name: Orders, Scopes: [{ ScopeName: read, ScopeDescription: Read }] }
clients:
  web:
    AllowedOAuthFlows: [code]
    AllowedOAuthFlowsUserPoolClient: true
    AllowedOAuthScopes: [openid, orders/read]
    CallbackURLs: [https://app.example.com/callback]
    SupportedIdentityProviders: [COGNITO]
groups:
  admins: { Precedence: 1 }
";

fn manifest(body: &str) -> String {
    format!("version: 1\ncreate: {WORD}\nregion: eu-west-1\naccount: \"111122223333\"\n{body}")
}

/// A sandbox without a pool of the manifest's, beside one that others own.
fn world(faults: &[&str], body: &str) -> World {
    let world = World::new(faults);
    world.workspace.write("pool.yaml", manifest(body));
    world
}

/// What the sandbox has of every pool with the tag.
fn tagged(world: &World) -> Vec<Value> {
    let folder = world.workspace.path().join(".poolctl/sandbox");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let documents = files.filter(|file| file.extension().is_some_and(|ending| ending == "json"));
    let documents = documents.filter_map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).ok());
    documents
        .filter(|document: &Value| document["UserPool"]["UserPoolTags"]["poolctl:create"] == WORD)
        .collect()
}

fn create<'a>(world: &'a World, more: &[&'a str]) -> Output {
    world.apply_with(&[&["--allow", "pool-created"], more].concat())
}

fn says(output: &Output, texts: &[&str]) {
    let all = output.to_string();
    let flat = all.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in texts {
        assert!(flat.contains(text), "`{text}` is not in\n{all}");
    }
}

#[test]
fn a_pool_is_made_with_everything_in_it_and_found_again_by_its_tag() {
    let world = world(&[], SETTINGS);
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(3);
    says(
        &plan,
        &[
            "risk pool-created",
            "note permanent-settings",
            "UsernameAttributes [\"email\"]",
            "1 CreateUserPool",
        ],
    );
    let refused = world.apply().expect(3);
    says(&refused, &["To accept the risk: --allow pool-created"]);
    assert_eq!((world.calls("CreateUserPool"), tagged(&world).len()), (0, 0));

    let applied = create(&world, &[]).expect(0);
    says(&applied, &["applied and verified", "note: made the pool eu-west-1_"]);
    let [pool] = tagged(&world).try_into().unwrap();
    let own = &pool["UserPool"];
    assert_eq!((&own["Name"], &own["DeletionProtection"]), (&json!("customers-staging"), &json!("ACTIVE")));
    assert_eq!(own["UserPoolTags"], json!({"team": "identity", "poolctl:create": WORD}));
    assert_eq!(pool["MfaConfig"]["MfaConfiguration"], "OPTIONAL");
    let names: Vec<&str> =
        own["SchemaAttributes"].as_array().unwrap().iter().filter_map(|one| one["Name"].as_str()).collect();
    assert!(names.contains(&"custom:tenant") && !names.contains(&"custom:custom:tenant"), "{names:?}");

    for command in [&["plan", "--detailed-exitcode", "pool.yaml"][..], &["drift", "pool.yaml"]] {
        world.run(command).output().expect(0);
    }
    create(&world, &[]).expect(0);
    assert_eq!(world.calls("CreateUserPool"), 1);
}

#[test]
fn the_result_for_programs_has_the_id_and_says_that_the_pool_is_new() {
    let world = world(&[], SETTINGS);
    let plan = world.run(&["plan", "--format", "json", "--allow", "pool-created", "pool.yaml"]).output();
    let plan = plan.expect(0).json();
    assert_eq!((&plan["pools"][0]["id"], &plan["pools"][0]["new"]), (&json!(WORD), &json!(true)));
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/plan.schema.json")).unwrap();
    let wrong: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&plan)
        .map(|wrong| wrong.to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let applied = create(&world, &["--format", "json"]).expect(0).json();
    let [pool] = tagged(&world).try_into().unwrap();
    assert_eq!(
        (&applied["pools"][0]["id"], &applied["pools"][0]["new"]),
        (&pool["UserPool"]["Id"], &json!(true))
    );
    let again = world.run(&["plan", "--format", "json", "pool.yaml"]).output().expect(0).json();
    assert_eq!(
        (&again["pools"][0]["id"], &again["pools"][0]["new"]),
        (&pool["UserPool"]["Id"], &json!(null))
    );
}

#[test]
fn on_a_terminal_the_ids_take_their_places_in_the_manifest() {
    let world = world(&[], SETTINGS);
    let asked = ["apply", "--settle", "0", "--allow", "pool-created", "pool.yaml"];
    answered(&world, &asked, "yes").expect(0);
    let [pool] = tagged(&world).try_into().unwrap();
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    let id = pool["UserPool"]["Id"].as_str().unwrap();
    let client = pool["UserPoolClients"][0]["ClientId"].as_str().unwrap();
    assert!(text.contains(&format!("version: 1\npool: {id}\nregion: eu-west-1\n")), "{text}");
    assert!(text.contains(&format!("id: {client}")), "{text}");
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

/// awslabs/aws-orbit-workbench#727: a lost answer leaves a pool that nobody knows.
/// awslabs/aws-orbit-workbench#727: pools that nobody knows of after a lost answer.
#[test]
fn a_lost_answer_is_settled_by_the_tag_and_never_by_a_second_call() {
    for (fault, code, pools) in [
        ("CreateUserPool:cut-after", 0, 1),
        ("CreateUserPool:truncate", 0, 1),
        ("CreateUserPool:html-500", 5, 0),
        ("CreateUserPool:cut-before", 5, 0),
    ] {
        let world = world(&[fault], SETTINGS);
        let applied = create(&world, &[]).expect(code);
        assert_eq!((tagged(&world).len(), world.calls("CreateUserPool")), (pools, 1), "{fault}\n{applied:?}");
        world.disarm();
        create(&world, &[]).expect(0);
        assert_eq!(tagged(&world).len(), 1, "{fault}");
    }
}

#[test]
fn a_lost_answer_of_a_pool_that_no_list_shows_yet_ends_in_doubt() {
    let world = world(&["CreateUserPool:cut-after*1", "ListUserPools:lag"], SETTINGS);
    let doubt = create(&world, &[]).expect(5);
    says(
        &doubt,
        &[
            "it is unknown whether CreateUserPool took effect",
            "before the next apply, wait until a plan finds it",
        ],
    );
    assert_eq!((tagged(&world).len(), world.calls("CreateUserPool")), (1, 1));
    world.disarm();
    create(&world, &[]).expect(0);
    assert_eq!((tagged(&world).len(), world.calls("CreateUserPool")), (1, 1));
}

#[test]
fn a_new_pool_without_a_value_that_the_plan_showed_is_no_success() {
    for (fault, setting) in [
        (r#"CreateUserPool:drift-after=DeletionProtection:"INACTIVE""#, "DeletionProtection"),
        ("CreateUserPool:ignore=DeletionProtection", "DeletionProtection"),
        ("CreateUserPool:ignore=UsernameAttributes", "UsernameAttributes"),
    ] {
        let world = world(&[fault], SETTINGS);
        let made = create(&world, &[]).expect(5);
        let after = made.stdout.rsplit_once("Plan:").unwrap().1;
        assert!(after.contains(setting), "{fault}\n{made}");
    }
}

#[test]
fn a_pool_whose_answer_came_needs_no_list() {
    let world = world(&["ListUserPools:lag"], SETTINGS);
    create(&world, &[]).expect(0);
    assert_eq!(tagged(&world).len(), 1);
}

#[test]
fn a_call_that_certainly_made_nothing_is_made_again() {
    let world = world(&["CreateUserPool@1:throttle*2"], SETTINGS);
    create(&world, &[]).expect(0);
    assert_eq!((tagged(&world).len(), world.calls("CreateUserPool")), (1, 3));
}

#[test]
fn what_fails_after_the_pool_is_made_is_finished_by_the_next_run() {
    for call in ["SetUserPoolMfaConfig", "CreateResourceServer", "CreateUserPoolClient", "CreateGroup"] {
        let world = world(&[&format!("{call}:access-denied")], SETTINGS);
        let applied = create(&world, &[]).expect(5);
        says(&applied, &["took effect", call]);
        world.disarm();
        create(&world, &[]).expect(0);
        assert_eq!((tagged(&world).len(), world.calls("CreateUserPool")), (1, 1), "{call}");
        world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    }
}

#[test]
fn a_run_that_is_stopped_at_any_call_leaves_what_the_next_one_finishes() {
    for call in ["CreateUserPool", "SetUserPoolMfaConfig", "CreateUserPoolClient", "CreateGroup"] {
        let world = world(&[&format!("{call}:latency=2s")], SETTINGS);
        let arguments = ["apply", "--yes", "--settle", "0", "--allow", "pool-created", "pool.yaml"];
        signalled_during(&world, world.run(&arguments), "-KILL", call);
        world.disarm();
        create(&world, &[]).expect(0);
        assert_eq!(tagged(&world).len(), 1, "{call}");
    }
}

/// cdkd#2080: pools of the same name are reported and never adopted.
#[test]
fn a_pool_of_the_same_name_without_the_tag_is_asked_about() {
    let world = world(&[], &SETTINGS.replace("PoolName: customers-staging", "PoolName: customers"));
    let plan = world.run(&["plan", "--allow", "pool-created", "pool.yaml"]).output().expect(3);
    says(&plan, &["risk create-lookalike: eu-west-1_a1B2c3D4E", "write `pool: eu-west-1_a1B2c3D4E`"]);
    world.run(&["plan", "--allow", "pool-created,create-lookalike", "pool.yaml"]).output().expect(0);
}

#[test]
fn a_pool_that_is_renamed_is_found_among_all_others() {
    let world = world(&[], SETTINGS);
    create(&world, &[]).expect(0);
    world
        .workspace
        .write("pool.yaml", manifest(&SETTINGS.replace("PoolName: customers-staging", "PoolName: other")));
    let plan = world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(2);
    says(&plan, &["Looking for the tag `poolctl:create` among 2 other pools of eu-west-1.", "PoolName"]);
    world.apply().expect(0);
    assert_eq!((tagged(&world).len(), world.calls("CreateUserPool")), (1, 1));
    assert_eq!(tagged(&world)[0]["UserPool"]["Name"], "other");
}

#[test]
fn a_pool_to_which_the_tag_was_moved_is_not_changed_unasked() {
    let world = world(&[], SETTINGS);
    create(&world, &[]).expect(0);
    let [made] = tagged(&world).try_into().unwrap();
    let made = made["UserPool"]["Id"].as_str().unwrap();
    // Somebody moves the tag to the pool that others own.
    for (id, word) in [("eu-west-1_a1B2c3D4E", WORD), (made, "null")] {
        let tags = format!("settings: {{ UserPoolTags: {{ \"poolctl:create\": {word} }} }}\n");
        world.workspace.write("other.yaml", format!("version: 1\npool: {id}\n{tags}"));
        let allow = ["--allow", "tag-removal"];
        world
            .run(&[&["apply", "--yes", "--settle", "0", "other.yaml"][..], &allow].concat())
            .output()
            .expect(0);
    }
    world.workspace.write("pool.yaml", manifest("settings: { PoolName: customers-staging }\n"));
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(3);
    says(
        &plan,
        &[
            "risk pool-tag-moved",
            &format!(
                "the pool with the tag is `customers`, and {made} (about 0 users) is `customers-staging` without"
            ),
        ],
    );
    // Which of them is the right one is not known, so neither is the id to write down.
    assert!(!plan.stdout.contains("pool-by-tag"), "{plan}");
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    let help = format!(
        "warning pool-tag-moved: the pool with the tag is `customers`, and {made} (about 0 users) is `customers-staging` without the tag: if the tag was moved to it, all changes of this plan are made to the wrong pool; write the id of the right pool, such as `pool: {made}`, in the place of `create`"
    );
    says(&drift, &[&help]);
    world.run(&["plan", "--allow", "pool-tag-moved", "pool.yaml"]).output().expect(0);
}

#[test]
fn an_entry_that_allows_a_new_pool_is_about_its_word_alone() {
    let allowed = |path: &str| {
        let entry = format!("allow: [{{ risk: pool-created, {path}reason: the first one }}]\n");
        let world = world(&[], &format!("{entry}{SETTINGS}"));
        world.run(&["plan", "pool.yaml"]).output()
    };
    allowed(&format!("path: create.{WORD}, ")).expect(0);
    for path in ["", "path: create.customers-staging-1a2b3c4d, ", "path: UserPoolTags, "] {
        let refused = allowed(path).expect(3);
        says(&refused, &["risk pool-created", &format!("path: create.{WORD}")]);
    }
    let world = world(&[], SETTINGS);
    let flag = format!("pool-created@create.{WORD}");
    world.run(&["plan", "--allow", &flag, "pool.yaml"]).output().expect(0);
    world.run(&["plan", "--allow", "pool-created@create.other-1a2b3c4d", "pool.yaml"]).output().expect(3);
}

#[test]
fn what_a_new_pool_lacks_in_protection_is_told() {
    let told = |body: &str| {
        let plan = world(&[], body).run(&["plan", "pool.yaml"]).output().expect(3);
        let text = plan.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        text.split_once("the new pool starts with ").map(|(_, rest)| rest.to_owned()).unwrap_or_default()
    };
    let plain = told("settings: { PoolName: a }\n");
    let open = "sign-up open to anyone (`AdminCreateUserConfig.AllowAdminCreateUserOnly`)";
    assert!(plain.starts_with(&format!("{open}, no MFA (`MfaConfiguration`)")), "{plain}");
    assert!(!plain.contains("no deletion protection"), "{plain}");
    let off = told(
        "settings: { PoolName: a, DeletionProtection: INACTIVE, MfaConfiguration: OFF, AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } }\n",
    );
    assert!(off.starts_with("no deletion protection (`DeletionProtection`)"), "{off}");
}

#[test]
fn a_pool_that_is_found_by_its_tag_is_a_target_by_its_id() {
    let world = world(&[], SETTINGS);
    create(&world, &[]).expect(0);
    let other = manifest(SETTINGS).replace(WORD, "others-staging-1a2b3c4d");
    world.workspace.write("other.yaml", other);
    let [pool] = tagged(&world).try_into().unwrap();
    let id = pool["UserPool"]["Id"].as_str().unwrap();
    let plan = |target: &str| {
        world.run(&["plan", "--format", "json", "--target", target, "pool.yaml", "other.yaml"]).output()
    };
    let one = plan(id).expect(0).json();
    assert_eq!((one["pools"].as_array().unwrap().len(), &one["pools"][0]["id"]), (1, &json!(id)), "{one}");
    let by_file = plan("pool.yaml").expect(0).json();
    assert_eq!(by_file["pools"].as_array().unwrap().len(), 1, "{by_file}");
    let part = id.strip_prefix("eu-west-1").unwrap();
    for target in [format!("*{part}"), format!("eu-*{part}"), format!("other.yam?,eu-west-?{part}")] {
        let told = plan(&target).json();
        let ids: Vec<&str> =
            told["pools"].as_array().unwrap().iter().filter_map(|one| one["id"].as_str()).collect();
        assert!(ids.contains(&id), "{target} {told}");
    }
    // The name of a pool with a tag is known; both manifests have this one.
    let by_name = plan("customers-stagin?").json();
    assert_eq!(by_name["pools"].as_array().unwrap().len(), 2, "{by_name}");
    let none = plan("eu-west-1_nobody000").expect(3);
    says(&none, &["its pool is not `--target eu-west-1_nobody000`"]);
    // A pattern that is somebody else's name need not be an id.
    let other = plan("*_nobody000,pool.ya*").expect(3);
    says(&other, &["selected: at most 2 of 2 pools", "pool.yaml: its pool is not `--target *_nobody000`"]);
    let both = plan(&format!("{id},*_nobody000")).expect(3);
    says(&both, &["selected: at most 2 of 2", "pool.yaml: its pool is not `--target *_nobody000`"]);
    let others = plan("*o*e*").expect(3).json();
    assert_eq!(others["pools"].as_array().unwrap().len(), 2, "{others}");
    for target in ["us-east-1_nobody000", "nobody.yaml", "*/*_nobody000.yaml"] {
        plan(target).expect(64);
    }
}

#[test]
fn two_leaves_of_one_base_with_a_word_are_named() {
    let workspace = Workspace::new();
    workspace.write("base.yaml", manifest(SETTINGS));
    for leaf in ["a.yaml", "b.yaml"] {
        workspace.write(leaf, "version: 1\nextends: base.yaml\n");
    }
    let twice = workspace.poolctl(["validate", "a.yaml", "b.yaml"]).output().expect(1);
    says(&twice, &["pool-twice", "one is b.yaml, and the other is a.yaml"]);
}

#[test]
fn a_pool_that_the_baseline_names_is_not_made_again_unasked() {
    let world = world(&[], SETTINGS);
    world.workspace.write("then/pool.yaml", manifest(SETTINGS));
    let plan = ["plan", "--baseline", "./then", "--allow", "pool-created", "pool.yaml"];
    let refused = world.run(&plan).output().expect(3);
    says(&refused, &["risk pool-vanished", "no pool carries the tag"]);
    world.run(&[&plan[..], &["--allow", "pool-vanished"]].concat()).output().expect(0);
}

#[test]
fn a_baseline_still_knows_the_manifest_once_it_has_the_id() {
    let world = world(&[], SETTINGS);
    create(&world, &[]).expect(0);
    world.workspace.write("then/pool.yaml", manifest(SETTINGS));
    let [pool] = tagged(&world).try_into().unwrap();
    let named = manifest(SETTINGS)
        .replace(&format!("create: {WORD}"), &format!("pool: {}", pool["UserPool"]["Id"].as_str().unwrap()));
    world.workspace.write("pool.yaml", named);
    let plan = ["plan", "--baseline", "./then", "--released", "fail", "--detailed-exitcode", "pool.yaml"];
    world.run(&plan).output().expect(0);
}

#[test]
fn one_pool_with_two_manifests_and_two_pools_with_one_tag_are_refused() {
    let world = world(&[], SETTINGS);
    world.workspace.write("twin.yaml", manifest(SETTINGS));
    let twice = world.run(&["validate", "pool.yaml", "twin.yaml"]).output().expect(1);
    says(&twice, &["pool-twice", WORD]);
    std::fs::remove_file(world.workspace.path().join("twin.yaml")).unwrap();

    create(&world, &[]).expect(0);
    let [pool] = tagged(&world).try_into().unwrap();
    let id = pool["UserPool"]["Id"].as_str().unwrap();
    world.workspace.write(
        "by-id.yaml",
        format!(
            "version: 1\npool: {id}\naccount: \"111122223333\"\nsettings: {{ PoolName: customers-staging }}\n"
        ),
    );
    let both = world.run(&["plan", "pool.yaml", "by-id.yaml"]).output().expect(3);
    says(&both, &[&format!("its pool is {id}, which by-id.yaml names by its id")]);

    let prod = "version: 1\npool: eu-west-1_a1B2c3D4E\n";
    world.workspace.write(
        "prod.yaml",
        format!("{prod}settings: {{ PoolName: customers-staging, UserPoolTags: {{ \"poolctl:create\": {WORD} }} }}\n"),
    );
    world.run(&["apply", "--yes", "--settle", "0", "prod.yaml"]).output().expect(0);
    let two = world.run(&["plan", "pool.yaml"]).output().expect(3);
    says(&two, &[&format!("2 pools carry the tag `poolctl:create={WORD}`")]);
}

#[test]
fn a_saved_plan_makes_the_pool_once() {
    let world = world(&[], SETTINGS);
    world.run(&["plan", "--save", "made.plan", "--allow", "pool-created", "pool.yaml"]).output().expect(0);
    says(&world.run(&["show", "made.plan"]).output().expect(0), &["CreateUserPool", "1 pool to create"]);
    let apply = ["apply", "--settle", "0", "made.plan"];
    world.run(&apply).output().expect(0);
    let again = world.run(&apply).output().expect(0);
    says(&again, &["1 of 1 pool already as planned"]);
    assert_eq!((tagged(&world).len(), world.calls("CreateUserPool")), (1, 1));
}

#[test]
fn no_part_of_a_pool_is_made_without_the_rest() {
    let world = world(&[], SETTINGS);
    let partly = world.run(&["plan", "--allow", "pool-created", "--only", "PoolName", "pool.yaml"]);
    says(&partly.output().expect(3), &["conflict[only-part]", "make the pool without `--only`"]);
    let omits = format!("{SETTINGS}omit: [{{ path: UserPoolTags, reason: r }}]\n");
    world.workspace.write("omits.yaml", manifest(&omits));
    let omits = world.run(&["validate", "omits.yaml"]).output().expect(1);
    says(&omits, &["the tag `poolctl:create` cannot be omitted"]);
}

#[test]
fn another_region_is_another_pool() {
    let world = world(&[], SETTINGS);
    let elsewhere = world.run(&["plan", "--region", "us-east-1", "pool.yaml"]).output().expect(1);
    says(
        &elsewhere,
        &["`create` is for a pool in eu-west-1, and `--region` or POOLCTL_REGION says us-east-1"],
    );
    create(&world, &[]).expect(0);
    world.run(&["snapshot", "-o", "live", "pool.yaml"]).output().expect(0);
    let there = manifest(SETTINGS).replace("region: eu-west-1", "region: us-east-1");
    world.workspace.write("there.yaml", there);
    let plan = ["plan", "--live", "live", "--detailed-exitcode", "pool.yaml"];
    world.run(&plan).output().expect(0);
    says(&world.run(&["plan", "--live", "live", "there.yaml"]).output().expect(3), &["CreateUserPool"]);
}

#[test]
fn a_saved_plan_does_not_make_a_second_pool() {
    let world = world(&[], SETTINGS);
    world.run(&["plan", "--save", "made.plan", "--allow", "pool-created", "pool.yaml"]).output().expect(0);
    world.run(&["apply", "--settle", "0", "made.plan"]).output().expect(0);
    let [pool] = tagged(&world).try_into().unwrap();
    let id = pool["UserPool"]["Id"].as_str().unwrap();
    let other = "settings: { PoolName: other, UserPoolTags: { \"poolctl:create\": ~ } }\n";
    world.workspace.write("other.yaml", format!("version: 1\npool: {id}\n{other}"));
    world
        .run(&["apply", "--yes", "--settle", "0", "--allow", "tag-removal", "other.yaml"])
        .output()
        .expect(0);
    let again = world.run(&["apply", "--settle", "0", "made.plan"]).output().expect(3);
    says(&again, &[&format!("applied before, to the pool {id}"), "no pool carries its tag now"]);
    assert_eq!(world.calls("CreateUserPool"), 1);
}

#[test]
fn what_is_declared_is_shown_also_where_it_is_the_default() {
    let body = "settings: { PoolName: a, DeletionProtection: INACTIVE, MfaConfiguration: OFF, AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } }\n";
    let world = world(&[], body);
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(3);
    says(
        &plan,
        &["+ DeletionProtection INACTIVE", "+ MfaConfiguration OFF", "+ AllowAdminCreateUserOnly false"],
    );
    create(&world, &[]).expect(0);
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn a_new_pool_keeps_the_rules_of_the_house() {
    let world = world(&[], SETTINGS);
    let rule = "require:\n  - { name: long-passwords, of: pools, path: Policies.PasswordPolicy.MinimumLength, min: 12, reason: ours }\n";
    world.workspace.write("poolctl.yaml", rule);
    let refused = world.run(&["plan", "--allow", "pool-created", "pool.yaml"]).output().expect(3);
    says(&refused, &["risk require:long-passwords"]);
    let long =
        SETTINGS.replace("settings:\n", "settings:\n  Policies: { PasswordPolicy: { MinimumLength: 12 } }\n");
    world.workspace.write("pool.yaml", manifest(&long));
    world.run(&["plan", "--allow", "pool-created", "pool.yaml"]).output().expect(0);
}

#[test]
fn adopt_writes_the_id_of_a_pool_that_a_pipeline_made() {
    let world = world(&[], SETTINGS);
    let made = create(&world, &[]).expect(0);
    says(&made, &["; allowed by --allow pool-created", "run: poolctl adopt --ids pool.yaml"]);
    let [pool] = tagged(&world).try_into().unwrap();
    let id = pool["UserPool"]["Id"].as_str().unwrap();
    let adopted = world.run(&["adopt", "--ids", "pool.yaml"]).output().expect(0);
    says(&adopted, &[&format!("pool.yaml:2: pool: {id}"), "2 ids written."]);
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(text.contains(&format!("version: 1\npool: {id}\nregion: ")), "{text}");
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn of_two_runs_at_once_one_makes_the_pool_or_both_say_what_happened() {
    let slow = ["ListUserPools:latency=100ms", "CreateUserPool:latency=300ms"];
    let world = world(&slow, SETTINGS);
    let apply = ["apply", "--yes", "--settle", "0", "--allow", "pool-created", "pool.yaml"];
    let outputs: Vec<Output> = std::thread::scope(|scope| {
        let runs = [0, 1].map(|_| scope.spawn(|| world.run(&apply).output()));
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let pools = tagged(&world).len();
    let codes: Vec<Option<i32>> = outputs.iter().map(|output| output.code).collect();
    match pools {
        1 => assert!(codes.contains(&Some(0)) || codes.contains(&Some(5)), "{outputs:?}"),
        2 => assert!(codes.contains(&Some(5)), "{outputs:?}"),
        other => panic!("{other} pools: {outputs:?}"),
    }
    let plan = world.run(&["plan", "pool.yaml"]).output();
    assert_eq!(plan.code, Some(if pools == 1 { 0 } else { 3 }), "{plan}");
}

#[test]
fn a_pool_is_found_among_more_than_a_page_of_others() {
    let workspace = Workspace::new();
    let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    for number in 0..64 {
        let id = format!("eu-west-1_other{number:04}");
        workspace.write(&format!("seed/{id}.json"), seed.replace("eu-west-1_a1B2c3D4E", &id));
    }
    let named = SETTINGS.replace("PoolName: customers-staging", "PoolName: zz");
    workspace.write("pool.yaml", manifest(&named));
    let world = World::over(workspace, &[]);
    create(&world, &[]).expect(0);
    let renamed = manifest(&SETTINGS.replace("PoolName: customers-staging", "PoolName: later"));
    world.workspace.write("pool.yaml", renamed);
    world.run(&["plan", "--rate", "1000", "pool.yaml"]).output().expect(0);
    create(&world, &[]).expect(0);
    assert_eq!((tagged(&world).len(), world.calls("CreateUserPool")), (1, 1));
}

#[test]
fn offline_a_pool_that_was_not_saved_is_a_new_one() {
    let workspace = Workspace::new();
    workspace.write("pool.yaml", manifest(SETTINGS));
    workspace.write("live/README", "no pools\n");
    let plan = ["plan", "--live", "live", "--allow", "pool-created", "pool.yaml"];
    says(&workspace.poolctl(plan).output().expect(0), &["1 pool to create"]);
    workspace.poolctl(["validate", "pool.yaml"]).output().expect(0);
}

#[test]
fn what_is_wrong_with_the_frame_is_said_with_its_remedy() {
    let workspace = Workspace::new();
    let frame = "region: eu-west-1\naccount: \"111122223333\"\n";
    let named = "settings: { PoolName: a }\n";
    for (text, message) in [
        (
            format!("create: customers-staging\n{frame}{named}"),
            "`create` must be a word that ends in at least eight",
        ),
        (format!("create: {WORD}\naccount: \"111122223333\"\n{named}"), "`create` needs `region`"),
        (format!("create: {WORD}\nregion: eu-west-1\n{named}"), "`create` needs `account`"),
        (format!("create: {WORD}\n{frame}"), "`create` needs `settings.PoolName`"),
        (
            format!("create: {WORD}\npool: eu-west-1_a1B2c3D4E\n{frame}{named}"),
            "both say which pool is meant",
        ),
        (
            format!(
                "create: {WORD}\n{frame}settings: {{ PoolName: a, UsernameAttributes: [email], AliasAttributes: [email] }}\n"
            ),
            "a new pool cannot have both `AliasAttributes` and `UsernameAttributes`",
        ),
        (
            format!("create: {WORD}\nregion: eu-west-1\naccount: 111122223333\n{named}"),
            "`account` must be a text",
        ),
        (
            format!(
                "create: {WORD}\n{frame}{named}clients: {{ web: {{ AllowedOAuthScopes: [orders/read] }} }}\n"
            ),
            "orders/read",
        ),
        (
            format!(
                "create: {WORD}\n{frame}settings: {{ PoolName: a, UserPoolTags: {{ \"poolctl:create\": b }} }}\n"
            ),
            "the tag `poolctl:create` is the word of `create`",
        ),
    ] {
        workspace.write("pool.yaml", format!("version: 1\n{text}"));
        says(&workspace.poolctl(["validate", "pool.yaml"]).output().expect(1), &[message]);
    }
}
