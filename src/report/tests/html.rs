use super::see;
use super::shared::fleet;
use super::world::{self, plan};
use crate::manifest::Diagnostic;
use crate::plan::PlanReport;
use crate::report::{PoolEnd, PoolOutcome, Run, RunEntry, RunKind, SourceLinks, Stray, html, printed};
use serde_json::json;

fn written(run: &Run<'_>) -> String {
    let mut page = String::new();
    html::html(run, &mut page).unwrap();
    page
}

/// The page about these plans, with links.
fn page(kind: RunKind, entries: &[RunEntry<'_>]) -> String {
    let links = SourceLinks::of_form("https://github.com/acme/identity/blob/0123abc/{path}#L{line}");
    written(&Run { links: links.as_ref(), tool_version: "0.1.0", ..Run::new(kind, entries) })
}

/// What differs between pages: all but the style, the script and their digests.
fn body(page: &str) -> String {
    let (_, body) = page.split_once("<body>").unwrap();
    let (body, _) = body.rsplit_once("<script>").unwrap();
    body.replace("<li>", "\n<li>").replace("<p", "\n<p").replace("<span>", "\n<span>")
}

fn planned(plans: &[PlanReport]) -> String {
    let entries: Vec<RunEntry<'_>> = plans.iter().map(|plan| RunEntry::planned(plan, 0)).collect();
    page(RunKind::Plan, &entries)
}

#[test]
fn a_pool_is_a_row_that_opens_to_its_tree() {
    see!("html_plan", body(&planned(&[world::everything(), world::idle("staff")])));
}

#[test]
fn a_page_has_each_pool_whole_and_its_status() {
    let page = planned(&fleet());
    assert_eq!(page.matches("class=row id=").count(), fleet().len(), "{page}");
    assert!(page.contains(" data-status=\"to update\" data-region=\"eu-west-1\""), "{page}");
}

#[test]
fn what_failed_what_drifted_and_what_is_in_no_manifest_have_rows() {
    let drifted = plan(
        json!({"Name": "p", "DeletionProtection": "INACTIVE"}),
        "settings: { DeletionProtection: ACTIVE }",
    );
    let mut end = PoolEnd { outcome: PoolOutcome::Failed, ..PoolEnd::default() };
    end.error =
        Some(("DescribeUserPool eu-west-1_z: no <b>".to_owned(), Some("sign in with `aws`".to_owned())));
    let failed = RunEntry { id: "eu-west-1_z", region: "eu-west-1", file: "pools/z.yaml", plan: None, end };
    let entries = [RunEntry::compared(&drifted, 2), failed];
    let stray = Stray {
        id: "eu-west-1_y".to_owned(),
        name: Some("<i>".to_owned()),
        region: "eu-west-1".to_owned(),
        findings: plan(json!({"Name": "p", "<b>": 1}), "settings: { PoolName: p }").findings,
    };
    let mistake = Diagnostic::of_file("not-utf8", "pools/<b>.yaml", "the file is no `UTF-8` | <b>").warning();
    let run = Run {
        strays: &[stray],
        diagnostics: &[mistake],
        tool_version: "0.1.0",
        ..Run::new(RunKind::Drift, &entries)
    };
    see!("html_drift", body(&written(&run)));
}

#[test]
fn the_policy_of_a_page_is_about_its_own_style_and_script() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let page = planned(&[world::everything()]);
    let between = |open: &str, close: &str| {
        let (_, rest) = page.split_once(open).unwrap();
        rest.split_once(close).unwrap().0.to_owned()
    };
    for (open, close, directive) in
        [("<style>", "</style>", "style-src"), ("<script>", "</script>", "script-src")]
    {
        let digest = sha2::Sha256::digest(between(open, close).as_bytes());
        let hash = base64::engine::general_purpose::STANDARD.encode(digest);
        assert!(page.contains(&format!("{directive} &#39;sha256-{hash}&#39;;")), "{directive}");
    }
    assert!(page.contains("content=\"default-src &#39;none&#39;;"));
    assert_eq!(printed(&page), page, "what is printed is what the digests are of");
    assert_eq!(planned(&[world::everything()]), page, "the same run has the same page");
}
