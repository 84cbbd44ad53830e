use super::see;
use super::world::{
    self, NARROW, WIDE, catalogue, desired, function, idle, live, options, plan, plan_with, template,
};
use crate::catalogue::Unknown;
use crate::plan::{Plan, PlanReport, Scope, inverse};
use crate::report::{Style, text};
use serde_json::json;

/// The colour codes as a reader of a test sees them.
fn with_codes(text: &str) -> String {
    text.replace('\u{1b}', "␛")
}

fn narrow(plan: &PlanReport) -> String {
    text::plan(plan, &NARROW)
}

fn mail(before: &str, after: &str) -> PlanReport {
    let manifest = json!({"VerificationMessageTemplate": {"EmailMessage": after}});
    plan(
        json!({"Name": "p", "VerificationMessageTemplate": {"EmailMessage": before}}),
        &format!("passthrough: {manifest}"),
    )
}

#[test]
fn a_fleet_in_80_columns() {
    let plans = [&world::everything(), &idle("staff"), &idle("p")];
    see!("fleet_80", text::plans(&plans, &NARROW));
}

#[test]
fn a_pool_in_200_columns() {
    see!("pool_200", text::plan(&world::everything(), &WIDE));
}

#[test]
fn a_pool_in_120_columns() {
    see!("pool_120", text::plan(&world::everything(), &Style { width: 120, ..NARROW }));
}

#[test]
fn every_change_has_its_place_in_one_column_or_below_its_name() {
    let plan = world::everything();
    for width in [50, 60, 80, 100, 120, 200] {
        let text = text::plan(&plan, &Style { width, ..NARROW });
        let (tree, _) = text.split_once("note unknown-member").unwrap();
        // A place ends its line: `:7`, or `pools/customers.yaml:7`.
        let place = |line: &str| {
            let (before, last) = line.rsplit_once(' ')?;
            let (_, number) = last.rsplit_once(':')?;
            number.parse::<usize>().is_ok().then(|| before.chars().count() + 1)
        };
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let (mut columns, mut below) = (Vec::new(), 0);
        let lines: Vec<&str> = tree.lines().collect();
        for (position, line) in lines.iter().enumerate() {
            let Some(column) = place(line) else { continue };
            if column > indent(line) {
                columns.push(column);
                continue;
            }
            // Its name may have its value on a line between them.
            let above = &lines[position.saturating_sub(2)..position];
            assert!(above.iter().any(|name| indent(name) + 4 == column), "{width}: {line}\n{tree}");
            below += 1;
        }
        // Structures that one line of the manifest declares have that line once.
        assert!(columns.len() + below >= 15, "{width}: {columns:?} {below}\n{tree}");
        assert!(columns.iter().all(|column| *column == columns[0]), "{width}: {columns:?}\n{tree}");
        for change in &plan.changes {
            let (line, _) = change.origin.as_ref().unwrap().line_column();
            assert!(tree.contains(&format!(":{line}\n")), "{width}: line {line} is not there\n{tree}");
        }
    }
}

#[test]
fn a_pool_in_ascii() {
    let text = text::plans(&[&world::everything()], &Style { unicode: false, ..NARROW });
    assert!(text.is_ascii());
    see!("pool_ascii", text);
}

#[test]
fn a_pool_in_colour() {
    let style = Style { color: true, ..NARROW };
    see!("pool_colour", with_codes(&text::plans(&[&world::everything(), &idle("staff")], &style)));
}

#[test]
fn colours_only_repeat_what_the_signs_say() {
    let colour = text::plan(&world::everything(), &Style { color: true, ..NARROW });
    assert_eq!(world::without_colours(&colour), narrow(&world::everything()));
}

#[test]
fn strings_are_bare_where_nothing_else_could_be_meant() {
    let tags = json!({
        "plain": "identity", "number": "4711", "exponent": "1e3", "boolean": "true", "null": "null",
        "empty": "", "blank at the end": "x ", "arrow": "a -> b", "a.b/c": "dotted", "escape": "\u{1b}[2Jx",
        "bracket": "[x]", "long": "x".repeat(100),
    });
    let adds = plan(
        json!({"Name": "p"}),
        &format!("settings: {{ PoolName: p }}\npassthrough: {}", json!({"UserPoolTags": tags})),
    );
    see!("strings", narrow(&adds));
}

#[test]
fn one_changed_line_of_a_long_mail_costs_ten_lines_at_most() {
    let text = narrow(&mail(&template("24 hours"), &template("1 hour")));
    see!("mail_one_line", text);
    let (_, tree) = text.split_once("EmailMessage").unwrap();
    assert!(tree.split("note:").next().unwrap().trim_end().lines().count() <= 10);
}

#[test]
fn a_mail_on_one_line_is_cut_down_to_what_changes() {
    let filler = "<tr><td class=\"x\">cell</td></tr>".repeat(300);
    let page =
        |hours: &str, foot: &str| format!("<html>{filler}valid for {hours}{filler}<i>{foot}</i></html>");
    let text = narrow(&mail(&page("24 hours", "2024"), &page("1 hour", "2025")));
    assert!(text.len() < 1000, "{}", text.len());
    see!("mail_minified", text);
}

#[test]
fn what_is_invisible_in_a_text_is_seen_where_it_changes() {
    let before = "Hi \nunchanged\t\u{a0}\ncode\there\r\nzero\u{200b}width\nlast";
    let after = "Hi\nunchanged\t\u{a0}\n\tcode here\nzerowidth\nlast\n";
    see!("invisible", narrow(&mail(before, after)));
    see!("invisible_ascii", text::plan(&mail(before, after), &Style { unicode: false, ..NARROW }));
    see!("newline_only", narrow(&mail("Hi {####}", "Hi {####}\n")));
}

#[test]
fn texts_that_come_and_go() {
    let gone = plan(
        json!({"Name": "p", "SmsAuthenticationMessage": "Your code is {####}", "VerificationMessageTemplate": {"EmailMessage": template("1 hour"), "EmailSubject": "s"}}),
        "settings:\n  SmsAuthenticationMessage: null\n  VerificationMessageTemplate: { EmailMessage: ~ }",
    );
    see!("text_gone", narrow(&gone));
    let message = json!({"VerificationMessageTemplate": {"EmailMessage": template("1 hour"), "EmailMessageByLink": "x".repeat(20_000)}});
    see!("text_new", narrow(&plan(json!({"Name": "p"}), &format!("passthrough: {message}"))));
    see!("text_rewritten", narrow(&mail("one\ntwo\nthree\n", "eins\nzwei\ndrei\nvier\n")));
}

#[test]
fn sets_show_who_joins_and_who_leaves() {
    let pool = json!({
        "Name": "p",
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
        "DcrConfiguration": {"EnableStatus": "Enabled", "AllowedScopes": ["openid"]},
    });
    let manifest = "settings:
  AutoVerifiedAttributes: []
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD, WEB_AUTHN] } }
  DcrConfiguration: { AuthenticatedGrantTypes: [code], OpenDcrGrantTypes: [] }";
    see!("sets", narrow(&plan(pool, manifest)));
}

#[test]
fn structures_that_come_and_go_and_values_of_any_shape() {
    let pool = json!({
        "Name": "p",
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false},
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111122223333:role/sms"},
        "LambdaConfig": {"CustomSMSSender": {"LambdaVersion": "V1_0", "LambdaArn": function("sms")}, "KMSKeyID": "k"},
    });
    let manifest = "settings:
  DeviceConfiguration: null
  LambdaConfig: null
  EmailConfiguration: { EmailSendingAccount: DEVELOPER, SourceArn: 'arn:aws:ses:eu-west-1:111122223333:identity/x@example.com' }
  SmsConfiguration: { ExternalId: a-secret }
passthrough:
  Fresh: [1, two, { three: ~ }]
  Wide: { A: { B: 0.10, C: 12345678901234567890123 } }
  List: [aaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccc]";
    see!("structures", narrow(&plan(pool, manifest)));
}

#[test]
fn every_kind_of_conflict_is_in_the_tree_and_below_it() {
    let pool = json!({"Name": "p", "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111122223333:role/sms"}, "Newer": 1, "LambdaConfig": {"NewTrigger": "x"}});
    let manifest = "settings:
  MfaConfiguration: OPTIONAL
  SmsConfiguration: null
  DeletionProtection: ACTIVE
  LambdaConfig:
    PreTokenGenerationConfig: { LambdaVersion: V2_0 }";
    see!("conflicts", text::plans(&[&plan_with(pool, manifest, Unknown::Stop), &idle("staff")], &NARROW));
}

#[test]
fn a_conflicts_line_does_not_show_the_secret_beside_it() {
    let secret = "correct-horse";
    let refused = plan(
        json!({"Name": "p", "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111122223333:role/sms"}}),
        &format!("settings: {{ SmsConfiguration: {{ ExternalId: {secret} }}, MfaConfiguration: ON }}"),
    );
    let text = narrow(&refused);
    assert!(!text.contains(secret));
    see!("conflict_beside_secret", text);
}

#[test]
fn warnings_and_notes_are_short() {
    let pool = json!({"Name": "p", "AcrConfiguration": {"Level1": {"AcrValue": "a"}}, "New": 1, "Newer": 2, "UserPoolTags": {"aws:cloudformation:stack-name": "s"}});
    let manifest = "omit:
  - { path: AcrConfiguration, reason: pool is on LITE }
  - { path: LambdaConfig.PreSignUp, reason: gone }
settings: { DeletionProtection: ACTIVE }";
    see!("notes", narrow(&plan_with(pool.clone(), manifest, Unknown::Omit)));
    let nothing_else = manifest.replace("ACTIVE", "INACTIVE");
    see!("notes_idle", narrow(&plan_with(pool, &nothing_else, Unknown::Echo)));
}

#[test]
fn what_others_wrote_cannot_play_with_the_terminal() {
    let evil = "\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\r\n\u{202e}gnp";
    let pool = json!({"Name": evil, "UserPoolTags": {evil: evil, "aws:cloudformation:stack-name": evil}, evil: {evil: 1}});
    let plan = plan(pool, "settings: { UserPoolTags: { stage: dev } }");
    see!("hostile", text::plans(&[&plan, &idle(evil)], &NARROW));
}

#[test]
fn a_replica_names_its_region() {
    let mut wants = desired("pools/p.yaml", "settings: { DeletionProtection: ACTIVE }");
    wants.subject.region = "us-west-2".to_owned();
    let plan = Plan::new(catalogue(), live(json!({"Name": "p"})), &wants, &options(Unknown::Echo)).report;
    assert!(narrow(&plan).starts_with("~ p   eu-west-1_a1B2c3D4E in us-west-2   pools/p.yaml\n"));
}

#[test]
fn a_plan_that_no_manifest_asks_for_has_no_places() {
    let now = json!({"Name": "p", "UserPoolTags": {"a": "2"}, "UserPoolTier": "PLUS"});
    let before = json!({"Name": "p", "UserPoolTags": {"a": "1"}, "UserPoolTier": "LITE"});
    let frame = desired("backup.json", "");
    let wants = inverse(catalogue(), frame, &live(now.clone()), &live(before), Scope::Whole);
    see!("restore", narrow(&Plan::new(catalogue(), live(now), &wants, &options(Unknown::Echo)).report));
}

#[test]
fn the_last_line_says_what_it_comes_to() {
    let change = plan(json!({"Name": "p"}), "settings: { DeletionProtection: ACTIVE }");
    let refused = plan(json!({"Name": "p"}), "settings: { PoolName: null }");
    let idle = idle("p");
    for (plans, said) in [
        (vec![], "No changes: there is no pool to plan for.\n"),
        (vec![&idle], "No changes. The pool is as declared.\n"),
        (vec![&idle, &idle, &idle], "No changes. All 3 pools are as declared.\n"),
        (vec![&change], "Plan: 1 pool to update. 1 change.\n"),
        (vec![&change, &idle, &change], "Plan: 2 pools to update, 1 unchanged. 2 changes.\n"),
        (
            vec![&change, &refused, &idle],
            "Plan: 1 pool to update, 1 blocked, 1 unchanged. 1 change, 1 conflict.\nBlocked by 1 conflict (above).\n",
        ),
        (
            vec![&refused, &refused],
            "Plan: 2 pools blocked. 0 changes, 2 conflicts.\nBlocked by 2 conflicts (above).\n",
        ),
    ] {
        assert_eq!(text::summary(&plans, plans.len(), &NARROW), said);
    }
}

#[test]
fn the_exact_request_hides_secrets_and_stays_json() {
    let pool = json!({
        "Name": "a\u{9b}\u{202e}é", "SmsConfiguration": {"SnsCallerArn": "a", "ExternalId": "first-secret", "EumsSms": {"ExternalId": "other-secret"}},
        "Newer": {"N": 0.1},
    });
    let plan = world::whole(
        pool,
        "settings: { DeletionProtection: ACTIVE }\npassthrough: { Wide: 12345678901234567890123 }",
    );
    let requests = text::request(catalogue(), &plan);
    let [request] = requests.as_slice() else { panic!("one call") };
    see!("request", format!("{}\n{}", request.masked.as_deref().unwrap(), request.body));
    let read: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(read["PoolName"], "a\u{9b}\u{202e}é");
    assert_eq!(read["Wide"].to_string(), "12345678901234567890123");
    let open = text::request(
        catalogue(),
        &world::whole(json!({"Name": "p"}), "settings: { DeletionProtection: ACTIVE }"),
    );
    assert_eq!(open[0].masked, None);
}
