//! What manifests are made of beside themselves: other files, variables, secrets.

use insta::assert_snapshot;

use crate::harness::{Output, Workspace};

const POOL: &str = "eu-west-1_a1B2c3D4E";

/// A folder with a live pool, and files `name` with their texts.
fn workspace(files: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("poolctl.yaml", "");
    let live = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    workspace.write(&format!("live/{POOL}.json"), live);
    for (name, text) in files {
        workspace.write(name, text.replace("POOL", POOL));
    }
    workspace
}

fn plan(workspace: &Workspace, more: &[&str]) -> Output {
    workspace.poolctl(["plan", "--live", "live"].iter().chain(more).copied()).output()
}

/// The plan of a manifest that declares this.
fn plan_of(settings: &str, more: &[&str]) -> Output {
    let text = format!("version: 1\npool: POOL\nsettings:\n{settings}\n");
    plan(&workspace(&[("p.yaml", &text)]), &[&["p.yaml"], more].concat())
}

/// A manifest that builds on two files, refers to a third, and to variables and a secret.
fn layered() -> Workspace {
    workspace(&[
        (
            "pools/base.yaml",
            "version: 1
settings:
  DeletionProtection: ACTIVE
  Policies:
    PasswordPolicy:
      MinimumLength: ${var:length:-14}
      RequireSymbols: false
  UserPoolTags:
    team: platform
    stage: dev
ignore:
  - { path: LambdaConfig.PostConfirmation, reason: owned by billing }
",
        ),
        (
            "pools/shared/mail.yaml",
            "version: 1\nextends: ../base.yaml\nsettings:\n  VerificationMessageTemplate:\n    EmailMessage: ${file:mail.html}\n",
        ),
        ("pools/shared/mail.html", "<p>Your code is {####}.</p>\r\n"),
        (
            "pools/customers.yaml",
            "version: 1
extends: [base.yaml, shared/mail.yaml]
pool: POOL
settings:
  Policies:
    PasswordPolicy:
      RequireSymbols: true
  UserPoolTags:
    stage: ${var:stage}-$${x}
allow:
  - { risk: tag-removal, reason: tags are ours, until: 2199-01-31 }
",
        ),
    ])
}

#[test]
fn what_a_manifest_extends_is_laid_below_it() {
    let planned = plan(&layered(), &["--var", "stage=prod"]);
    assert_eq!(planned.code, Some(0), "{planned}");
    assert_snapshot!("overlay", planned.stdout);
}

#[test]
fn a_rendered_manifest_stands_alone_and_says_where_its_values_come_from() {
    let workspace = layered();
    let render = |more: &[&str]| {
        workspace.poolctl(["render", "--var", "stage=prod"].iter().chain(more).copied()).output()
    };
    let sources = render(&["--sources"]);
    assert_eq!(sources.code, Some(0), "{sources}");
    assert_snapshot!("sources", sources.stdout);
    let alone = render(&["pools/customers.yaml"]);
    workspace.write("elsewhere/alone.yaml", &alone.stdout);
    // Only where variables have their defaults there is a note about them.
    let summary = |output: &Output| {
        let line = output.stdout.lines().last().unwrap_or_default();
        line.split(", ").next().unwrap_or_default().to_owned()
    };
    let (planned, again) =
        (plan(&workspace, &["--var", "stage=prod"]), plan(&workspace, &["elsewhere/alone.yaml"]));
    assert_eq!(summary(&again), summary(&planned), "{again}");
    assert!(summary(&again).contains("6 changes"), "{again}");
}

#[test]
fn what_is_wrong_with_a_base_is_told_once_and_in_the_base() {
    let overlay = "version: 1\nextends: base.yaml\npool: POOL\n";
    let other = "version: 1\nextends: base.yaml\npool: eu-west-1_Other\nsettings:\n  LambdaConfig: {}\n";
    let workspace = workspace(&[
        (
            "pools/base.yaml",
            "version: 1\nsettings:\n  DeletionProtection: activ\n  LambdaConfig: { PreSignUp: x }\n",
        ),
        ("pools/one.yaml", overlay),
        ("pools/two.yaml", other),
    ]);
    let refused = plan(&workspace, &[]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert_snapshot!("base_is_wrong", refused.stderr);
}

#[test]
fn files_that_cannot_be_extended_or_read_are_named_with_the_way_to_them() {
    let files = [
        ("inside/pools/circle.yaml", "version: 1\npool: POOL\nextends: a.yaml\n"),
        ("inside/pools/a.yaml", "version: 1\nextends: b.yaml\n"),
        ("inside/pools/b.yaml", "version: 1\nextends: a.yaml\n"),
        ("inside/pools/self.yaml", "version: 1\npool: POOL\nextends: self.yaml\n"),
        ("inside/pools/far.yaml", "version: 1\npool: POOL\nextends: [gone-further.yaml]\n"),
        ("inside/pools/gone-further.yaml", "version: 1\nextends: [../gone.yaml]\n"),
        ("inside/pools/out.yaml", "version: 1\npool: POOL\nextends: ../../secrets.yaml\n"),
        ("inside/pools/link.yaml", "version: 1\npool: POOL\nsettings: { PoolName: \"${file:link.txt}\" }\n"),
        ("inside/pools/folder.yaml", "version: 1\npool: POOL\nextends: [.]\n"),
        ("inside/pools/list.yaml", "version: 1\npool: POOL\nextends: {base: x}\n"),
        ("inside/pools/text.yaml", "version: 1\npool: POOL\nextends: note.txt\n"),
        ("inside/pools/note.txt", "only words"),
        ("inside/pools/old.yaml", "version: 1\npool: POOL\nextends: version.yaml\n"),
        ("inside/pools/version.yaml", "settings: {}\nrequires: \"<0.1\"\n"),
        ("inside/poolctl.yaml", ""),
        ("secrets.yaml", "version: 1\n"),
    ];
    let workspace = workspace(&files);
    std::os::unix::fs::symlink("../../secrets.yaml", workspace.path().join("inside/pools/link.txt")).unwrap();
    let mut told = String::new();
    for name in ["circle", "self", "far", "out", "link", "folder", "list", "text", "old"] {
        let refused = plan(&workspace, &[&format!("inside/pools/{name}.yaml")]);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""), "{refused}");
        told += &refused.stderr;
    }
    assert_snapshot!("not_extended", told);
    let wider = plan(&workspace, &["inside/pools/out.yaml", "--root", "."]);
    assert_eq!(wider.code, Some(0), "{wider}");
}

#[test]
fn a_variable_is_what_the_command_line_says_then_a_file_then_the_environment_then_its_default() {
    let manifest = "version: 1\npool: POOL\nsettings: { PoolName: \"${var:name:-fallback}\" }\n";
    let workspace = workspace(&[
        ("p.yaml", manifest),
        ("first.yaml", "name: of the first file\n"),
        ("second.yaml", "name: 012\n"),
        ("wrong.yaml", "a-b: 1\nname:\nlist: [x]\n"),
    ]);
    let run = |arguments: &[&str], variable: Option<&str>| {
        let run = workspace.poolctl(["plan", "--live", "live", "p.yaml"].iter().chain(arguments).copied());
        match variable {
            Some(value) => run.env("POOLCTL_VAR_name", value).output(),
            None => run.output(),
        }
    };
    let files = ["--var-file", "first.yaml", "--var-file", "second.yaml"];
    for (arguments, variable, name) in [
        (&[&files[..], &["--var", "name=typed=so"]].concat()[..], Some("inherited"), "typed=so"),
        (&files, Some("inherited"), "\"012\""),
        (&[], Some("inherited"), "inherited"),
        (&[], None, "fallback"),
    ] {
        let planned = run(arguments, variable);
        assert!(planned.stdout.contains(&format!("customers → {name} ")), "{name}: {planned}");
        let note =
            "note variable-default: the variable `name` is not set, so its default is used: `fallback`";
        assert_eq!(planned.stdout.contains(note), name == "fallback", "{planned}");
    }
    let wrong = run(&["--var-file", "wrong.yaml"], None);
    assert_eq!(wrong.code, Some(1));
    assert_snapshot!("variables_wrong", wrong.stderr);
    for typed in ["name", "a-b=1", "=x"] {
        assert_eq!(run(&["--var", typed], None).code, Some(64), "{typed}");
    }
}

#[test]
fn a_value_that_a_reference_stands_for_is_held_to_what_the_setting_takes() {
    let number = plan_of(
        "  Policies: { PasswordPolicy: { MinimumLength: \"${var:length}\" } }",
        &["--var", "length=12"],
    );
    assert!(number.stdout.contains("8 → 12"), "{number}");
    for (settings, given, message) in [
        (
            "  Policies: { PasswordPolicy: { MinimumLength: \"${var:v}\" } }",
            "v=x",
            "`Policies.PasswordPolicy.MinimumLength` takes a whole number",
        ),
        ("  DeletionProtection: ${var:v}", "v=activ", "did you mean `ACTIVE`?"),
        ("  DeletionProtection: ${var:v}", "v=", "`DeletionProtection` cannot be ``"),
        ("  PoolName: ${env:HOME}", "v=", "unknown reference kind `env`"),
        ("  PoolName: \"${var:v\"", "v=", "a reference has no `}`"),
        ("  PoolName: ${file:gone.txt}", "v=", "file `gone.txt` not found"),
        ("  PoolName: ${file:live}", "v=", "`live` is not a regular file"),
        ("  PoolName: ${file:/etc/passwd}", "v=", "is outside of the folder that manifests may refer to"),
    ] {
        let refused = plan_of(settings, &["--var", given]);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.contains(message), "{message}: {refused}");
        assert!(refused.stderr.contains("p.yaml:4:"), "{refused}");
    }
}

/// A secret that looks like nothing else in any output.
const SECRET: &str = "arn:aws:lambda:eu-west-1:111122223333:function:s3cr3t-sauce";

#[test]
fn a_secret_is_in_no_output_on_either_side() {
    // A role is no secret to the catalogue: only the manifest makes it one.
    let manifest = "version: 1\npool: POOL\nsettings:\n  LambdaConfig:\n    PreSignUp: ${secret:SAUCE}\n    PostConfirmation: ${secret:BAD}\n";
    let workspace = workspace(&[("p.yaml", manifest)]);
    let at = |arguments: &[&str], bad: &str| {
        workspace
            .poolctl(arguments.iter().copied())
            .env("POOLCTL_SECRET_SAUCE", SECRET)
            .env("POOLCTL_SECRET_BAD", bad)
            .output()
    };
    let another = SECRET.replace("sauce", "other");
    let sandbox = ["--sandbox", "--seed", "live", "p.yaml"];
    let risks = ["--allow", "trigger-added,trigger-removal"];
    let with = |first: &[&'static str], more: &[&'static str]| [first, &sandbox[..], more].concat();
    let runs = [
        at(&with(&["plan"], &[]), &another),
        at(&with(&["plan", "--format", "json"], &[]), &another),
        at(&with(&["plan", "--show-request"], &risks), &another),
        at(&with(&["plan"], &[]), "s3cr3t is no ARN"),
        at(&with(&["apply", "--yes", "-vv"], &risks), &another),
        // Now the live side has it.
        at(&[&["plan", "p.yaml", "--sandbox", "--format", "json"][..], &risks].concat(), SECRET),
        at(&[&["apply", "--yes", "p.yaml", "--sandbox"][..], &risks].concat(), SECRET),
    ];
    for run in &runs {
        assert!(!run.stdout.contains("s3cr3t") && !run.stderr.contains("s3cr3t"), "{run}");
    }
    assert!(runs[0].stdout.contains("(sensitive)"), "{}", runs[0]);
    assert!(
        runs[3].stderr.contains("the value of the secret is not valid for `LambdaConfig.PostConfirmation`"),
        "{}",
        runs[3]
    );
    assert_eq!(runs[6].code, Some(0), "{}", runs[6]);
    for backup in workspace.backups() {
        let backup = format!(".poolctl/backups/{backup}");
        for format in ["text", "json"] {
            let restore = ["restore", "--sandbox", "--format", format, &backup];
            let restored = at(&restore, &another);
            assert!(!format!("{restored}").contains("s3cr3t"), "{restored}");
            assert!(format!("{restored}").contains("LambdaConfig"), "{restored}");
        }
    }
    let ignored = std::fs::read_to_string(workspace.path().join(".poolctl/.gitignore")).unwrap();
    assert_eq!(ignored, "*\n", "what the backups hold is not for version control");
    let unset = at(&with(&["apply", "--yes"], &[]), "");
    assert!(unset.stderr.contains("the secret `BAD` is not set"), "{unset}");
}

#[test]
fn a_secret_that_a_member_repeats_or_a_conflict_quotes_is_not_shown() {
    let manifest = "version: 1\npool: POOL\nsettings:\n  LambdaConfig:\n    PreTokenGenerationConfig: { LambdaArn: \"${secret:A}\" }\n  SmsConfiguration:\n    SnsCallerArn: ${secret:B}\n  EmailMfaConfiguration: { Subject: x }\n  UserPoolTags: { team: \"x-${secret:C}\" }\n";
    let fixed = "version: 1\npool: POOL\nsettings:\n  Schema: [{ Name: tenant, AttributeDataType: String, StringAttributeConstraints: { MaxLength: \"${secret:D}\" } }]\n";
    let workspace = workspace(&[("p.yaml", manifest), ("fixed.yaml", fixed)]);
    for (file, format) in
        [("p.yaml", "text"), ("p.yaml", "json"), ("fixed.yaml", "text"), ("fixed.yaml", "json")]
    {
        for more in [&[][..], &["--show-request"]] {
            let plan = ["plan", "--live", "live", "--format", format, file];
            let planned = workspace
                .poolctl(plan.iter().chain(more).copied())
                .env("POOLCTL_SECRET_A", "arn:aws:lambda:eu-west-1:111122223333:function:s3cr3t")
                .env("POOLCTL_SECRET_B", "arn:aws:iam::111122223333:role/s3cr3t")
                .env("POOLCTL_SECRET_C", "s3cr3t")
                .env("POOLCTL_SECRET_D", "777")
                .output();
            let told = format!("{planned}");
            assert!(!told.contains("s3cr3t") && !told.contains("777"), "{planned}");
        }
    }
}

#[test]
fn what_is_typed_behind_a_secrets_name_is_in_no_excerpt_however_broken_the_file() {
    for broken in [
        "  SmsConfiguration:\n    ExternalId: one\n    ExternalId: s3cr3t\n",
        "  SmsConfiguration:\n    ExternalId: \"s3cr3t\n",
        "  SmsConfiguration: { ExternalId: s3cr3t\n",
        "  SmsConfiguration:\n    ExternalId: a: s3cr3t: c\n",
        "  SmsConfiguration:\n    ExternalId: ${s3cr3t}\n",
        "  SmsConfiguration:\n    ExternalId: s3cr3t\n   wrong\n",
    ] {
        let text = format!("version: 1\npool: POOL\nsettings:\n{broken}");
        let workspace = workspace(&[("p.yaml", &text)]);
        for arguments in
            [&["plan", "--live", "live", "p.yaml"][..], &["validate", "p.yaml"], &["render", "p.yaml"]]
        {
            let refused = workspace.poolctl(arguments.iter().copied()).output();
            assert_eq!(refused.code, Some(1), "{refused}");
            assert!(!format!("{refused}").contains("s3cr3t"), "{refused}");
        }
    }
}

#[test]
fn what_is_rendered_cannot_be_taken_for_the_value_that_it_does_not_show() {
    let manifest = "version: 1\npool: POOL\nsettings:\n  SmsConfiguration: { ExternalId: typed-in }\n";
    let workspace = workspace(&[("p.yaml", manifest)]);
    let rendered = workspace.poolctl(["render", "p.yaml"]).output();
    assert!(rendered.stdout.contains("ExternalId: \"${secret:SmsConfiguration_ExternalId}\""), "{rendered}");
    let planned = workspace.poolctl(["plan", "--live", "live", "--show-request", "-"]).stdin(rendered.stdout);
    let planned = planned.output().expect(1);
    assert!(planned.stderr.contains("`SmsConfiguration_ExternalId` is not set"), "{planned}");
}

#[test]
fn a_link_in_a_folder_leads_nowhere_beyond_the_root() {
    let workspace = workspace(&[
        ("inside/poolctl.yaml", ""),
        ("inside/pools/x.txt", ""),
        ("outside.yaml", "k3y: v4lue\n"),
    ]);
    std::os::unix::fs::symlink("../../outside.yaml", workspace.path().join("inside/pools/p.yaml")).unwrap();
    let refused = workspace.poolctl(["validate", "inside/pools"]).output();
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(format!("{refused}").contains("outside of `[DIR]/inside`"), "{refused}");
    assert!(!format!("{refused}").contains("k3y"), "{refused}");
}

/// A pool whose mail differs from its template in the third line and in the last.
fn with_template() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("poolctl.yaml", "");
    let mail = |hours: &str, end: &str| {
        format!("<html>\n<p>Your code is {{####}}.</p>\n<p>It is valid for {hours}.</p>\n</html>{end}\n")
    };
    let live = serde_json::json!({
        "Id": POOL, "Name": "customers", "UserPoolTags": {"aws:cloudformation:stack-name": "identity"},
        "VerificationMessageTemplate": {"EmailMessage": mail("24 hours", "")},
    });
    workspace.write(&format!("live/{POOL}.json"), live.to_string());
    workspace.write("templates/verify.html", mail("1 hour", "<!-- -->"));
    let manifest = format!(
        "version: 1\npool: {POOL}\nsettings:\n  VerificationMessageTemplate:\n    EmailMessage: ${{file:../templates/verify.html}}\n"
    );
    workspace.write("pools/customers.yaml", manifest);
    workspace
}

/// Saves the plan of the same pool as `saved.json`.
fn save(workspace: &Workspace) {
    let arguments = ["plan", "--sandbox", "--seed", "live", "pools/customers.yaml", "--save", "saved.json"];
    workspace.poolctl(arguments).output().expect(0);
}

#[test]
fn a_change_of_a_template_is_shown_at_its_first_line_that_differs() {
    let workspace = with_template();
    let run = |more: &[&str]| plan(&workspace, &[&["pools/customers.yaml"], more].concat()).expect(0);
    let place = "templates/verify.html:3, from pools/customers.yaml:5";
    assert_snapshot!("template", run(&[]).stdout);
    let wide = workspace.terminal(120, &["plan", "--live", "live", "pools/customers.yaml"]).output();
    assert!(wide.raw.contains(place), "{wide}");
    assert!(run(&["--format", "markdown"]).stdout.contains(place));
    let annotation =
        "::notice file=templates/verify.html,line=3,col=1,endLine=3,endColumn=31,title=planned-change::";
    let github = run(&["--format", "github"]).stdout;
    assert!(github.contains(annotation) && github.contains("(from pools/customers.yaml:5)"), "{github}");
    let json = run(&["--format", "json"]).json();
    let change = &json["pools"][0]["changes"][0];
    assert_eq!(
        change["template"],
        serde_json::json!({"file": "templates/verify.html", "line": 3, "column": 1})
    );
    assert_eq!(change["source"]["file"], "pools/customers.yaml");
    let sarif = run(&["--format", "sarif"]).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let planned = results.iter().find(|result| result["ruleId"] == "planned-change").unwrap();
    let location = &planned["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "templates/verify.html");
    assert_eq!(location["region"]["startLine"], 3);
    // A saved plan has the place as well.
    save(&workspace);
    let shown = workspace.poolctl(["show", "saved.json"]).output();
    assert!(shown.stdout.contains("templates/verify.html:3"), "{shown}");
}

#[test]
fn an_acknowledged_note_is_counted_in_every_form_and_kept_in_json() {
    let workspace = with_template();
    let manifest = std::fs::read_to_string(workspace.path().join("pools/customers.yaml")).unwrap();
    workspace.write(
        "pools/customers.yaml",
        manifest + "ignore:\n  - { code: co-owned, reason: the stack only created the pool }\n",
    );
    let run = |more: &[&str]| plan(&workspace, &[&["pools/customers.yaml"], more].concat()).expect(0);
    let text = run(&[]).stdout;
    assert!(text.ends_with("Plan: 1 pool to update. 1 change, 1 note acknowledged.\n"), "{text}");
    assert!(!text.contains("CloudFormation"), "{text}");
    assert!(run(&["--format", "markdown"]).stdout.contains("1 note acknowledged"));
    let json = run(&["--format", "json"]).json();
    save(&workspace);
    assert_eq!((&json["summary"]["notes"], &json["summary"]["acknowledged"]), (&0.into(), &1.into()));
    let finding = &json["pools"][0]["findings"][0];
    assert_eq!(finding["code"], "co-owned");
    assert_eq!(finding["acknowledged"]["reason"], "the stack only created the pool");
    assert_eq!(finding["acknowledged"]["source"]["line"], 7);
    let shown = workspace.poolctl(["show", "saved.json", "--format", "json"]).output().json();
    assert_eq!(shown["pools"][0]["findings"], json["pools"][0]["findings"]);
    let rendered = workspace.poolctl(["render", "pools/customers.yaml"]).output().stdout;
    assert!(rendered.contains("- code: co-owned\n    reason: the stack only created the pool"), "{rendered}");
}

#[test]
fn entries_for_notes_and_settings_of_a_base_and_of_a_manifest_add_up() {
    let workspace = workspace(&[]);
    workspace.write(
        "base.yaml",
        "version: 1\nignore:\n  - { path: LambdaConfig, reason: owned by billing }\n  - { code: co-owned, reason: base }\n",
    );
    let manifest = format!(
        "version: 1\npool: {POOL}\nextends: base.yaml\nignore: [{{ code: unknown-member, path: LambdaConfig, reason: mine }}]\n"
    );
    workspace.write("pool.yaml", manifest);
    let rendered = workspace.poolctl(["render", "pool.yaml"]).output().expect(0).stdout;
    for entry in
        ["path: LambdaConfig\n    reason: owned by billing", "code: co-owned", "code: unknown-member"]
    {
        assert!(rendered.contains(entry), "{entry}: {rendered}");
    }
}

#[test]
fn a_tag_and_a_label_may_be_named_by_a_variable() {
    let workspace = workspace(&[
        (
            "pools/base.yaml",
            "version: 1
settings:
  UserPoolTags: { \"cost-${var:stage}\": low, \"$${x}\": literal }
groups:
  ${var:stage}-admins: { Precedence: 1, Description: Administrators }
",
        ),
        (
            "pools/customers.yaml",
            "version: 1
extends: base.yaml
pool: POOL
settings:
  UserPoolTags: { cost-prod: high }
groups:
  prod-admins: { Precedence: 2 }
",
        ),
    ]);
    let rendered = workspace.poolctl(["render", "--sources", "--var", "stage=prod"]).output();
    assert_eq!(rendered.code, Some(0), "{rendered}");
    assert_snapshot!("keys", rendered.stdout);
    let alone = workspace.poolctl(["render", "--var", "stage=prod", "pools/customers.yaml"]).output();
    workspace.write("alone.yaml", &alone.stdout);
    let again = workspace.poolctl(["render", "alone.yaml"]).output();
    assert_eq!(again.stdout, alone.stdout);
}

#[test]
fn a_reference_in_a_key_that_cannot_have_one_is_an_error() {
    let workspace = workspace(&[(
        "p.yaml",
        "version: 1
pool: POOL
settings:
  ${var:stage}: x
  UserPoolTags: { \"${var:stage}\": a, prod: b, \"${secret:KEY}\": c }
passthrough:
  New: { \"${var:stage}\": 1 }
",
    )]);
    let refused = workspace.poolctl(["validate", "--var", "stage=prod", "p.yaml"]).output();
    assert_eq!(refused.code, Some(1), "{refused}");
    assert_snapshot!("keys_wrong", refused.stdout);
}

#[test]
fn two_extended_files_must_not_contradict_each_other() {
    let base = "version: 1\nsettings: { UserPoolTags: { team: a, stage: dev } }\n";
    let mail = "version: 1\nextends: base.yaml\nsettings: { UserPoolTags: { stage: prod } }\n";
    let other = |more: &str| {
        format!(
            "version: 1\nsettings: {{ UserPoolTags: {{ team: a, stage: test{more} }} }}\nignore: [{{ code: co-owned, reason: r }}]\n"
        )
    };
    let own =
        |more: &str| format!("version: 1\nextends: [mail.yaml, other.yaml, base.yaml]\npool: POOL\n{more}");
    let run = |more: &str, settings: &str| {
        let (other, own) = (other(more), own(settings));
        let files = [("base.yaml", base), ("mail.yaml", mail), ("other.yaml", &*other), ("own.yaml", &*own)];
        workspace(&files).poolctl(["validate", "own.yaml"]).output()
    };
    let refused = run("", "");
    assert_eq!(refused.code, Some(1), "{refused}");
    assert_snapshot!("siblings", refused.stdout);
    // The file that extends both decides.
    assert_eq!(run("", "settings: { UserPoolTags: { stage: live } }\n").code, Some(0));
    // A mapping and a value are different too.
    let reset = run("", "settings: { UserPoolTags: null }\n");
    assert_eq!(reset.code, Some(0), "{reset}");
}
