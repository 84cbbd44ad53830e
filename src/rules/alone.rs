//! The findings of a manifest alone, without the pool: the rules that it certainly breaks, and its expired
//! entries.

use std::collections::HashSet;

use time::Date;

use super::cross::{self, Breach, View};
use super::house::{self, HouseBreach, HouseRule};
use super::{Allows, Desired, Permits, Want, terms};
use crate::catalogue::Catalogue;
use crate::document::Path;
use crate::manifest::write::{self, Yaml};
use crate::manifest::{Code, Diagnostic, Origin};

/// The findings of a manifest on this day that do not depend on the pool.
///
/// A rule that would block the plan is an error, any other a warning. A rule that the manifest's own `allow`
/// accepts is not reported.
pub(super) fn findings(
    catalogue: &Catalogue,
    desired: &Desired,
    today: Date,
    require: &[HouseRule],
) -> Vec<Diagnostic> {
    let flags = Allows::default();
    let permits = Permits::new(&desired.allow, &flags, today);
    let pool = View::of_declared(catalogue, desired);
    let documents = pool.declared_documents(desired);
    let breaches = cross::breaches_of_declared(&pool, &documents);
    let broken = breaches.iter().filter_map(|breach| of_breach(breach, desired, &permits));
    let house = house::judge_declared(require, &pool, &documents);
    let house = house.iter().filter_map(|breach| of_house(breach, desired, &permits));
    let unknown = house::unknown_allows(require, &desired.allow);
    let endings = terms::endings(desired, today).into_iter().map(of_ending);
    broken.chain(house).chain(unknown).chain(endings).collect()
}

/// A breach, at the settings that bring it about.
fn of_breach(breach: &Breach, desired: &Desired, permits: &Permits<'_>) -> Option<Diagnostic> {
    let rule = breach.rule;
    let declared = declared(breach, desired);
    let code = Code::Rule(rule.code.to_owned());
    let is_allowed = declared.iter().any(|(path, _)| permits.find(&code, Some(path)).is_some());
    let mut places = declared.into_iter().filter_map(|(path, origin)| Some((path, origin?)));
    let (cause, place) = places.next().filter(|_| !is_allowed)?;
    // A rule of one document is accepted for that alone.
    let path = if breach.root.is_root() {
        String::new()
    } else {
        format!("path: {}, ", write::inline(&Yaml::Scalar(cause.to_string().into())))
    };
    let finding = Diagnostic::error(rule.code, breach.text.clone(), place.clone(), "declared here");
    let finding = match places.next() {
        Some((path, other)) => finding.related(other.clone(), format!("`{path}` is declared here")),
        None => finding,
    };
    Some(match rule.refuses() {
        true => finding.help(format!(
            "{}; if the rule no longer applies, add `- {{ rule: {}, {path}reason: … }}` to `allow`",
            rule.remedy, rule.code
        )),
        false => finding.warning().help(rule.remedy),
    })
}

/// A rule of the house that the manifest breaks, whatever the pool is.
fn of_house(breach: &HouseBreach<'_>, desired: &Desired, permits: &Permits<'_>) -> Option<Diagnostic> {
    let code = Code::House(breach.rule.name.clone());
    let is_exempt = permits.find(&code, Some(&breach.path)).is_some();
    let want = desired.wants.iter().filter(|_| !is_exempt).find(|want| want.path.overlaps(&breach.path))?;
    let finding = Diagnostic::error(code.to_string(), breach.text(), want.origin.clone()?, "declared here");
    let path = write::inline(&Yaml::Scalar(breach.path.to_string().into()));
    let exempt = format!("`- {{ risk: {code}, path: {path}, reason: …, until: … }}`");
    let finding = finding.related(breach.rule.origin.clone(), "the rule");
    Some(finding.help(format!("change the value, or add {exempt} to `allow`")))
}

/// The settings of a manifest that a rule is about, the likeliest cause first, each with its place.
fn declared<'a>(breach: &Breach, desired: &'a Desired) -> Vec<(&'a Path, Option<&'a Origin>)> {
    let (mut declared, mut seen) = (Vec::new(), HashSet::new());
    for setting in breach.about() {
        let wants = desired.wants.iter().filter(|want| want.path.overlaps(&setting));
        let mut new: Vec<&Want> = wants.filter(|want| seen.insert(&want.path)).collect();
        new.sort_by_key(|want| !want.value.as_ref().is_some_and(|value| breach.is_at(value)));
        declared.extend(new.into_iter().map(|want| (&want.path, want.origin.as_ref())));
    }
    declared
}

fn of_ending(ending: terms::Ending<'_>) -> Diagnostic {
    let at = ending.origin.clone();
    Diagnostic::error(ending.code, ending.text, at, "this entry").warning().help(terms::REMEDY)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use crate::catalogue::Catalogue;
    use crate::manifest::{Diagnostic, Severity, load};
    use crate::rules::check_alone;
    use crate::shapes::Shapes;

    /// What is wrong with these keys of a manifest, as `severity code @ text, text`.
    fn wrong(body: &str) -> Vec<String> {
        let text = format!("version: 1\npool: eu-west-1_a\n{body}\n");
        let manifest = load("m.yaml", text.as_bytes()).unwrap();
        let today = date!(2026 - 11 - 23);
        let checked = check_alone(&Catalogue::new(Shapes::bundled()), manifest, today, &[]);
        let line = |finding: &Diagnostic| {
            let places = finding.label.iter().chain(&finding.related).map(|(origin, _)| origin.text());
            let word = if finding.severity == Severity::Error { "error" } else { "warning" };
            format!("{word} {} @ {}", finding.code, places.collect::<Vec<_>>().join(", "))
        };
        checked.map_or_else(|findings| findings, |(_, warnings)| warnings).iter().map(line).collect()
    }

    const OTP: &str = "settings: { MfaConfiguration: ON, Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP] } } }";

    #[test]
    fn what_a_plan_would_refuse_is_an_error_and_what_it_would_warn_of_a_warning() {
        for (body, expected) in [
            (OTP, &["error mfa-with-otp-sign-in @ [, ON"] as &[&str]),
            (
                "settings: { UserPoolTier: LITE, UserPoolAddOns: { AdvancedSecurityMode: AUDIT } }",
                &["warning threat-protection-tier @ AUDIT, LITE"],
            ),
            (
                "settings: { EmailMfaConfiguration: {}, EmailConfiguration: null }",
                &["error email-mfa-on-built-in-sender @ {, null"],
            ),
        ] {
            assert_eq!(wrong(body), expected, "{body}");
        }
    }

    #[test]
    fn what_the_file_does_not_decide_is_not_told() {
        for body in [
            "settings: { MfaConfiguration: ON }",
            "settings: { UserPoolAddOns: { AdvancedSecurityMode: AUDIT } }",
            "settings: { UserPoolTier: PLUS, UserPoolAddOns: { AdvancedSecurityMode: AUDIT } }",
            "settings: { EmailMfaConfiguration: {} }",
        ] {
            assert_eq!(wrong(body), [""; 0], "{body}");
        }
    }

    #[test]
    fn a_mistake_elsewhere_hides_nothing_and_a_wrong_value_decides_nothing() {
        let tier = "UserPoolAddOns: { AdvancedSecurityMode: AUDIT }";
        let beside = format!("settings: {{ PoolNam: x, UserPoolTier: LITE, {tier} }}");
        assert_eq!(
            wrong(&beside),
            ["error unknown-setting @ PoolNam", "warning threat-protection-tier @ AUDIT, LITE"]
        );
        let wrong_tier = format!("settings: {{ UserPoolTier: LITTLE, {tier} }}");
        assert_eq!(wrong(&wrong_tier), ["error enum @ LITTLE"]);
    }

    #[test]
    fn what_the_manifest_allows_is_not_told_until_the_day_is_over() {
        let allow = |more: &str| format!("{OTP}\nallow: [{{ rule: mfa-with-otp-sign-in, reason: r{more} }}]");
        assert_eq!(wrong(&allow("")), [""; 0]);
        assert_eq!(wrong(&allow(", path: Policies")), [""; 0]);
        assert_eq!(wrong(&allow(", path: UserPoolTier")), ["error mfa-with-otp-sign-in @ [, ON"]);
        assert_eq!(
            wrong(&allow(", until: 2026-11-22")),
            ["error mfa-with-otp-sign-in @ [, ON", "warning allow-expired @ mfa-with-otp-sign-in"]
        );
        assert_eq!(wrong(&allow(", until: 2026-11-30")), ["warning until-near @ mfa-with-otp-sign-in"]);
    }
}
