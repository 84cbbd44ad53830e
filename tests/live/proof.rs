//! The measurement against the sandbox, whose answers are known: what it finds is what is there.

use std::collections::BTreeSet;

use poolctl::sandbox::Omission;
use poolctl::shapes::Shapes;

use crate::findings::{Report, Verdict};
use crate::members::MEMBERS;
use crate::stage::{EXTERNAL_ID, Stage};

/// Everything that the measurement makes: omission, strangers, factors, SMS, e-mail, the rest.
const POOLS: u64 = 6;

/// Measures a sandbox; fails unless all findings have one of these verdicts and nothing else was touched.
fn measured(omission: Omission, fitting: [Verdict; 2]) -> Report {
    let stage = Stage::new(omission, &[]);
    let before = stage.files();
    let report = stage.measure();
    println!("{report}");
    let wrong = report.findings.iter().filter(|finding| !fitting.contains(&finding.verdict()));
    let wrong: Vec<String> = wrong.map(|finding| format!("{}: {:?}", finding.sent, finding.found)).collect();
    assert!(wrong.is_empty(), "not as the sandbox is known to be: {wrong:#?}");
    assert!(report.missing.is_empty() && report.left.is_empty());

    assert_eq!(stage.files(), before, "exactly what was made is deleted, and nothing else touched");
    assert_eq!((stage.calls("CreateUserPool"), stage.calls("DeleteUserPool")), (POOLS, POOLS));
    assert_eq!(stage.calls("ListUserPools"), 0, "a pool is never looked for");
    let said = stage.said.borrow().join("\n");
    assert!(said.ends_with("deleted 6 of 6 pools"), "{said}");
    for text in [report.to_string(), report.json().to_string(), said] {
        assert!(!text.contains(EXTERNAL_ID), "{text}");
    }
    report
}

/// What the findings say of members that were left out.
fn left_out(report: &Report, verdict: Verdict) -> Vec<&str> {
    let omissions = report.findings.iter().filter(|finding| finding.experiment == "omission");
    let fitting = omissions.filter(|finding| finding.verdict() == verdict);
    fitting.map(|finding| finding.sent.trim_start_matches("no ")).collect()
}

/// The members of which the documentation and the measurements that people published say different things.
const CONTESTED: [&str; 11] = [
    "Policies.PasswordPolicy",
    "Policies.SignInPolicy",
    "Policies",
    "DeletionProtection",
    "UserAttributeUpdateSettings",
    "EmailConfiguration",
    "UserPoolTags",
    "AccountRecoverySetting",
    "MfaConfiguration",
    "IssuerConfiguration",
    "KeyConfiguration",
];

#[test]
fn a_service_that_does_as_documented_is_found_out() {
    let report = measured(Omission::Documented, [Verdict::AsExpected, Verdict::AsDocumented]);
    assert_eq!(left_out(&report, Verdict::AsDocumented), CONTESTED);
    let found = |sent: &str| {
        report.findings.iter().find(|finding| finding.sent == sent).unwrap().found.clone().unwrap()
    };
    assert_eq!(found("no UserPoolTags"), "becomes {}");
    assert_eq!(found("no MfaConfiguration"), r#"becomes "OFF""#);
    assert_eq!(found("no LambdaConfig"), "becomes {}");
    assert_eq!(found("no DeviceConfiguration"), "gone");
    assert_eq!(found("no UserPoolTier"), "kept");
}

#[test]
fn a_service_that_does_as_people_have_measured_is_found_out() {
    let report = measured(Omission::Measured, [Verdict::AsExpected, Verdict::AsMeasured]);
    assert_eq!(left_out(&report, Verdict::AsMeasured), CONTESTED);
    for finding in report.findings.iter().filter(|finding| finding.verdict() == Verdict::AsMeasured) {
        assert_eq!(finding.found.as_deref(), Ok("kept"), "{}", finding.sent);
    }
}

#[test]
fn no_member_of_the_update_is_forgotten() {
    let shapes = Shapes::bundled();
    let update = shapes.input("UpdateUserPool").unwrap();
    let mut members: BTreeSet<&str> = update.members.iter().map(|(name, _)| *name).collect();
    members.remove("UserPoolId");
    let halves: Vec<String> = shapes
        .member(update, "Policies")
        .unwrap()
        .members
        .iter()
        .map(|(half, _)| format!("Policies.{half}"))
        .collect();
    members.extend(halves.iter().map(String::as_str));
    assert_eq!(MEMBERS.iter().map(|case| case.member).collect::<BTreeSet<_>>(), members);
}
