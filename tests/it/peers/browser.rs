//! The page of a run in a browser: what a reader does with it, what it does with hostile texts, and how fast it is.

use std::sync::Arc;

use poolctl::catalogue::{Catalogue, Unknown};
use poolctl::document::{Json, Snapshot};
use poolctl::manifest::{self, Diagnostic, Origin, SourceText};
use poolctl::plan::{Options, Plan, PlanReport};
use poolctl::report::validation::Validation;
use poolctl::report::{Run, RunEntry, RunKind, SourceLinks, html};
use poolctl::rules::{self, Allows};
use poolctl::shapes::Shapes;
use serde_json::json;

use super::forms::told;
use crate::harness::Workspace;
use crate::harness::peers::browse;

/// What a page may consist of, whatever is in the pools.
const ELEMENTS: &str = "a b body br code dd del details div dl dt footer h1 h2 head header html i input ins li main mark meta \
    option output p pre script section select span style summary table tbody td title tr ul button \
    @aria-label @aria-pressed @charset @class @content @data-account @data-line @data-one @data-region @data-status @hidden @http-equiv @id \
    @lang @name @open @placeholder @role @tabindex @type @value";

/// The plan of a pool of this number: every third is as declared, every fifth is blocked.
fn plan(catalogue: &Catalogue, number: usize) -> PlanReport {
    let id = format!("eu-west-1_pool{number:02}");
    let mail = |hours: &str| {
        let lines: String = (1..40).map(|line| format!("<p>line {line} of tenant {number}</p>\n")).collect();
        format!("{lines}<p>Your code is {{####}}. It is valid for {hours}.</p>\n")
    };
    let live = json!({
        "Id": id, "Name": format!("pool-{number:02}"), "Arn": format!("arn:aws:cognito-idp:eu-west-1:11112222333{}:userpool/{id}", number % 2),
        "DeletionProtection": "ACTIVE", "UserPoolTags": {"tenant": format!("t{number}")},
        "Policies": {"PasswordPolicy": {"MinimumLength": 8, "RequireSymbols": false}},
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:111122223333:function:check"},
        "VerificationMessageTemplate": {"EmailMessage": mail("24 hours"), "EmailSubject": "Your code"},
    });
    let tags = format!("{{ tenant: t{number}, stage: prod, index: \"{number}\" }}");
    let settings = match number {
        _ if number.is_multiple_of(3) => "  DeletionProtection: ACTIVE\n".to_owned(),
        _ if number.is_multiple_of(5) => {
            format!("  LambdaConfig: {{ PreSignUp: null }}\n  UserPoolTags: {tags}\n")
        }
        _ => {
            let lines: String = mail("1 hour").lines().map(|line| format!("      {line}\n")).collect();
            format!(
                "  Policies: {{ PasswordPolicy: {{ MinimumLength: {}, RequireSymbols: true }} }}\n  UserPoolTags: {tags}\n  AutoVerifiedAttributes: [email]\n  VerificationMessageTemplate:\n    EmailSubject: Your code for tenant {number}\n    EmailMessage: |\n{lines}",
                12 + number % 5
            )
        }
    };
    let text = format!("version: 1\npool: {id}\nsettings:\n{settings}");
    let loaded = manifest::load(&format!("pools/pool-{number:02}.yaml"), text.as_bytes()).unwrap();
    let (desired, _) = rules::check(catalogue, loaded).unwrap();
    let today = time::macros::date!(2026 - 11 - 23);
    let options = Options { unknown: Unknown::Echo, today, allows: Allows::default(), is_strict: false };
    Plan::new(catalogue, Snapshot::of_pool(live.as_object().cloned().unwrap()), &desired, &options).report
}

fn written(run: &Run<'_>) -> String {
    let mut page = String::new();
    html::html(run, &mut page).unwrap();
    page
}

/// The page about so many pools.
fn page(plans: &[PlanReport], pools: usize) -> String {
    let links = SourceLinks::of_form("https://git.example.com/acme/identity/blob/0123abc/{path}#L{line}");
    let entries: Vec<RunEntry<'_>> =
        (0..pools).map(|number| RunEntry::planned(&plans[number % plans.len()], 0)).collect();
    // Links are for jobs of CI, and a fleet of this size has them there.
    written(&Run { links: links.as_ref(), ..Run::new(RunKind::Plan, &entries) })
}

/// A manifest with problems, one of which is about a line that is markup.
fn invalid() -> String {
    let text =
        "version: 1\npool: eu-west-1_a\nsettings:\n  UserPoolTags: { \"<img src=x onerror=alert(1)>\": 1 }\n";
    let source = Arc::new(SourceText::new("pools/<b>.yaml".to_owned(), text.to_owned()));
    let start = text.find("1 }").unwrap();
    let at = Origin { source, span: start..start + 1 };
    let findings = [
        Diagnostic::error("quote", "`<i>stage</i>` is text, and 1 a number", at, "<u>here</u>")
            .help("write `\"1\"`"),
        Diagnostic::of_file("pool-twice", "pools/\"o.yaml", "the pool has a manifest <b>already</b>")
            .warning(),
    ];
    let links = SourceLinks::of_form("https://git.example.com/acme/identity/blob/0123abc/{path}#L{line}");
    let validation = Validation {
        findings: &findings,
        manifests: 3,
        files: &[],
        strict: false,
        folder: "",
        links: links.as_ref(),
    };
    html::validated(&validation, "0.1.0")
}

/// Texts of what HTML stumbles over.
fn hostile() -> Vec<String> {
    let pieces = [
        "<script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' onfocus='alert(1)' autofocus='",
        "</code></details></div><h1>x</h1>",
        "</pre><iframe src=https://evil.example>",
        "<!-- <b> --> ]]>",
        "</style><style>*{display:none}</style>",
        "javascript:alert(1)",
        "&lt;svg/onload=alert(1)&gt;<svg/onload=alert(1)>",
        "`<b>`",
        "pools/<a href=\"javascript:alert(1)\">.yaml",
        "</title><base href=https://evil.example>",
        "<meta http-equiv=refresh content=0;url=https://evil.example>",
        "<form action=https://evil.example><input>",
    ];
    pieces.map(|piece| format!("{piece} {piece}")).to_vec()
}

#[test]
fn a_reader_finds_opens_and_follows_and_no_text_is_markup() {
    let (catalogue, workspace) = (Catalogue::new(Shapes::bundled()), Workspace::new());
    let plans: Vec<PlanReport> = (1..=30).map(|number| plan(&catalogue, number)).collect();
    workspace.write("fleet.html", page(&plans, 30));
    let large = page(&plans, 1000);
    assert!(large.len() < 3 << 20, "the page of 1,000 pools has {} bytes", large.len());
    workspace.write("large.html", large);
    workspace.write("hostile.html", told(&catalogue, &hostile(), RunKind::Plan, written));
    workspace.write("invalid.html", invalid());
    let seen = browse(&workspace);
    let nothing = json!([]);
    assert_eq!(seen["console"], nothing, "no policy is broken, and no script fails");
    assert_eq!(seen["requests"], nothing, "nothing is loaded");
    let fleet = &seen["fleet"];
    for (what, expected) in [
        ("rows", json!(30)),
        ("opened", json!(0)),
        ("by_name", json!([1, "1 of 30 pools"])),
        ("by_setting", json!([16, "16 of 30 pools"])),
        ("by_code", json!([4, "4 of 30 pools"])),
        ("by_nothing", json!([0, "0 of 30 pools"])),
        ("cleared", json!(30)),
        ("blocked", json!(4)),
        ("by_count", json!(10)),
        ("axe", nothing.clone()),
        ("all_closed", json!(0)),
        ("slash", json!("q")),
        ("linked", json!(true)),
        ("dark", json!(["rgb(255, 255, 255)", "rgb(13, 17, 23)"])),
        ("narrow", json!([true, true])),
        ("printed", json!([false, 0])),
        ("by_keyboard", json!(["SUMMARY", 1, "solid"])),
        ("line", json!("https://git.example.com/acme/identity/blob/0123abc/pools/pool-04.yaml#L4")),
        ("followed", json!("https://git.example.com/acme/identity/blob/0123abc/pools/pool-04.yaml")),
    ] {
        assert_eq!(fleet[what], expected, "{what} of {fleet}");
    }
    assert_eq!(seen["plain"], json!({ "bar": false, "text": true }));
    for name in ["hostile", "invalid"] {
        assert_eq!((&seen[name]["scripts"], &seen[name]["axe"]), (&json!(1), &nothing), "{name}");
        let strange = |element: &&Json| {
            let text = element.as_str().unwrap();
            !ELEMENTS.split_whitespace().any(|known| known == text) && !["href #", "href h"].contains(&text)
        };
        let found: Vec<&Json> = seen[name]["of"].as_array().unwrap().iter().filter(strange).collect();
        assert_eq!(found, [&Json::Null; 0], "{name}");
    }
    let large = &seen["large"];
    assert_eq!(large["rows"], 33);
    // On an idle machine a tenth of this; the tests share it.
    assert!(large["interactive"].as_f64().unwrap() < 10_000.0, "{large}");
    println!("{large}");
}
