//! Checks the entries of `ignore`, `allow` and `omit`: known names, no duplicates, no conflict with the settings.

use std::collections::HashMap;

use super::acknowledge;
use super::allow::{is_risk, is_rule, risk_help, rule_help};
use super::close::close;
use super::tag::PoolTag;
use super::value::Checker;
use super::want::Want;
use crate::catalogue::{Alias, Catalogue, Field, Foreign, MFA_DOCUMENT};
use crate::document::{Path, PathPattern, Seg};
use crate::manifest::{
    Acknowledgement, Allow, Code, Diagnostic, Exemption, LabelledEntry, Located, Manifest, Origin,
};

/// Reports every mistake in the entries of `ignore`, `omit` and `allow`.
pub(super) fn check(checker: &mut Checker<'_>, wants: &[Want], manifest: &Manifest) {
    let aliases = checker.catalogue.aliases().iter().map(Alias::paths).collect();
    let mut check = PoolCheck { checker, wants, entries: &manifest.entries, aliases };
    check.list("ignored", &manifest.ignore);
    check.list("omitted", &manifest.omit);
    for omit in &manifest.omit {
        let ignore = manifest.ignore.iter().find(|ignore| check.is_one(&ignore.path.value, &omit.path.value));
        if let Some(ignore) = ignore {
            let path = &omit.path.value;
            let message = format!(
                "`{path}` is both ignored, which keeps it in requests, and omitted, which leaves it out"
            );
            check.twice(message, (&omit.path.origin, "omitted here"), (&ignore.path.origin, "ignored here"));
        }
    }
    check.watched(&manifest.watch, &manifest.ignore);
    check.acknowledged(&manifest.acknowledge);
    check.allows(&manifest.allow);
}

/// Whether two paths overlap, of which either may have a pattern as its label; both names of one setting count as the
/// same path.
pub fn overlap(catalogue: &Catalogue, a: &Path, b: &Path) -> bool {
    let [a, b] = [a, b].map(|path| name(catalogue, path));
    PathPattern::overlap(a, b)
}

/// The one path of a setting that has two names.
fn name<'p>(catalogue: &'p Catalogue, path: &'p Path) -> &'p Path {
    let mut aliases = catalogue.aliases().iter().map(Alias::paths);
    aliases.find(|(legacy, _)| *legacy == path).map_or(path, |(_, truth)| truth)
}

struct PoolCheck<'a, 'b> {
    checker: &'a mut Checker<'b>,
    wants: &'a [Want],
    entries: &'a [LabelledEntry],
    /// The settings that have two names: the older and the newer path.
    aliases: Vec<(&'a Path, &'a Path)>,
}

impl PoolCheck<'_, '_> {
    fn list(&mut self, done: &str, entries: &[Exemption]) {
        let mut named: HashMap<Path, &Exemption> = HashMap::new();
        for entry in entries {
            let (path, origin) = (&entry.path.value, &entry.path.origin);
            // One entry may cover another, which has its own reason and its own end.
            let first = *named.entry(self.name(path).clone()).or_insert(entry);
            if done == "ignored" {
                self.may_exist(&entry.path);
            } else {
                if let Some((message, help)) = self.not_to_omit(path) {
                    let error = Diagnostic::error("omit", message, origin.clone(), "cannot be omitted");
                    self.checker.report(error.help(help));
                    continue;
                }
                self.resembles(&entry.path);
            }
            if let Some(declared) = self.declared(path) {
                let message = format!("`{path}` is both declared and {done}");
                match declared {
                    Some(declared) => {
                        self.twice(message, (origin, &format!("{done} here")), (&declared, "declared here"));
                    }
                    None => self.report(&message, origin, "keep one of the two"),
                }
            }
            if !std::ptr::eq(first, entry) {
                let message = format!("`{path}` is {done} twice");
                let label = format!("`{}` is {done} here", first.path.value);
                self.twice(message, (origin, &format!("{done} again here")), (&first.path.origin, &label));
            }
        }
    }

    /// Warns of branches that are watched although an entry ignores all that they may have.
    fn watched(&mut self, watch: &[&'static str], ignore: &[Exemption]) {
        for branch in watch {
            let any = Path::members([*branch, "*"]);
            let is_whole = |path: &Path| any.is_within(path);
            let Some(entry) = ignore.iter().find(|entry| is_whole(&entry.path.value)) else { continue };
            let message = format!("`{branch}` is both watched and ignored, so drift reports nothing of it");
            let finding =
                Diagnostic::error("watch-ignored", message, entry.path.origin.clone(), "ignored here");
            let help = format!("delete `{branch}` from `watch`, or ignore less of it");
            self.checker.report(finding.warning().help(help));
        }
    }

    /// The place of the setting or document that the manifest declares at or in `path`, or around it.
    fn declared(&self, path: &Path) -> Option<Option<Origin>> {
        let want = self.wants.iter().find(|want| self.is_one(&want.path, path));
        let is_in = |entry: &&LabelledEntry| entry.path().is_within(path);
        let entry = || self.entries.iter().find(is_in);
        want.map(|want| want.origin.clone()).or_else(|| entry().map(|entry| Some(entry.origin.clone())))
    }

    /// Why a path cannot be left out of a request, and the remedy.
    fn not_to_omit(&self, at: &Path) -> Option<(String, String)> {
        let catalogue = self.checker.catalogue;
        let head = at.head().unwrap_or_default();
        let help = match catalogue.foreign(head) {
            Some(Foreign::Renamed(setting)) => Some(format!("write `{setting}`, its name in requests")),
            Some(Foreign::ReadOnly) => Some("delete the entry".to_owned()),
            None if *at == Path::members([MFA_DOCUMENT]) => {
                Some("name a member of the MFA document".to_owned())
            }
            None => (!catalogue.is_sendable(head)).then(|| "delete the entry".to_owned()),
        };
        if let Some(help) = help {
            return Some((format!("no request contains `{at}`"), help));
        }
        let place = catalogue.locate(at);
        if place.resource.branch.is_some() && place.path.is_root() {
            let message = format!("`{at}` is not a setting that a request can leave out");
            return Some((message, "name a setting inside it".to_owned()));
        }
        if catalogue.setting(at).is_some_and(|field| field.row.is_some_and(|row| row.always_sent)) {
            let message =
                format!("`{at}` is always sent, because a request without it may change it, or is refused");
            return Some((message, "delete the entry".to_owned()));
        }
        if !matches!(at.segs().last(), Some(Seg::Member(_))) {
            let help = "name a member inside the element, or the whole list".to_owned();
            return Some((format!("`{at}` is an element of a list, and lists are sent whole"), help));
        }
        let around = at.parent().filter(|_| {
            let is_needed = |field: &Field<'_>| field.required || field.row.is_some_and(|row| row.needed);
            catalogue.setting(at).is_some_and(|field| is_needed(&field))
        })?;
        let message = format!("`{around}` cannot be sent without `{at}`");
        let whole = around.segs().iter().all(|seg| matches!(seg, Seg::Member(_)));
        let help =
            if whole { format!("omit the whole of `{around}`") } else { "delete the entry".to_owned() };
        Some((message, help))
    }

    fn acknowledged(&mut self, entries: &[Acknowledgement]) {
        for (position, entry) in entries.iter().enumerate() {
            if let Some(mistake) = acknowledge::mistake(entry) {
                self.checker.report(mistake);
            }
            if let Some(path) = &entry.path {
                self.may_exist(path);
            }
            let path = entry.path.as_ref().map(|path| &path.value);
            let code = &entry.code;
            let covers = |first: &&Acknowledgement| {
                acknowledge::covers(first, &code.value, path)
                    || acknowledge::covers(
                        entry,
                        &first.code.value,
                        first.path.as_ref().map(|path| &path.value),
                    )
            };
            if let Some(first) = entries[..position].iter().find(covers) {
                let message = format!("`{}` is acknowledged twice: one entry covers the other", code.value);
                let first = (&first.code.origin, "acknowledged here");
                self.twice(message, (&code.origin, "acknowledged again here"), first);
            }
        }
    }

    fn allows(&mut self, allows: &[Allow]) {
        for (position, allow) in allows.iter().enumerate() {
            let Located { value: code, origin } = &allow.code;
            match code {
                Code::Risk(name) if !is_risk(name) => {
                    let message = format!("there is no risk `{name}`");
                    let error = Diagnostic::error("unknown-code", message, origin.clone(), "unknown");
                    self.checker.report(error.help(risk_help(name)));
                }
                Code::Rule(name) if !is_rule(name) => {
                    let message = format!("there is no rule `{name}`");
                    let error = Diagnostic::error("unknown-code", message, origin.clone(), "unknown");
                    self.checker.report(error.help(rule_help(name)));
                }
                _ => {}
            }
            if let Some(path) = allow.path.as_ref().filter(|path| !PoolTag::is_word_path(&path.value)) {
                self.exists(path);
            }
            let covers = |first: &Allow| match (&first.path, &allow.path) {
                (Some(first), Some(path)) => first.value.overlaps(&path.value),
                _ => true,
            };
            if let Some(first) =
                allows[..position].iter().find(|first| first.code.value == *code && covers(first))
            {
                let message = format!("`{code}` is allowed twice");
                self.twice(message, (origin, "allowed again here"), (&first.code.origin, "allowed here"));
            }
        }
    }

    /// The one path of a setting that has two names.
    fn name<'p>(&'p self, path: &'p Path) -> &'p Path {
        self.aliases.iter().find(|(legacy, _)| *legacy == path).map_or(path, |(_, truth)| truth)
    }

    fn is_one(&self, a: &Path, b: &Path) -> bool {
        PathPattern::overlap(self.name(a), self.name(b))
    }

    /// Reports a path that looks like a setting's and is none. Any other may be one that is newer than the
    /// model: a live pool may have it, and the plan tells where it has not.
    fn may_exist(&mut self, at: &Located<Path>) {
        let catalogue = self.checker.catalogue;
        let is_foreign = catalogue.foreign(at.value.head().unwrap_or_default()).is_some();
        if is_foreign || close(catalogue, &at.value).is_some() {
            self.exists(at);
        }
    }

    /// Reports a path that is no setting, unless the manifest itself passes it through.
    fn exists(&mut self, at: &Located<Path>) {
        let path = &at.value;
        let passed = self.wants.iter().any(|want| want.path.overlaps(path));
        if passed || self.checker.catalogue.setting(path).is_some() {
            return;
        }
        let error = Diagnostic::error(
            "unknown-setting",
            format!("Cognito has no setting `{path}`"),
            at.origin.clone(),
            "unknown",
        );
        let help = close(self.checker.catalogue, path).map_or_else(
            || {
                "write the path as a plan shows it; members that poolctl does not know stay as they are without an entry"
                    .to_owned()
            },
            |close| format!("did you mean `{close}`?"),
        );
        self.checker.report(error.help(help));
    }

    /// What is omitted is often new, so a path that the model does not have is no error; but where it
    /// looks like a misspelt one, that is worth a word.
    fn resembles(&mut self, at: &Located<Path>) {
        let path = &at.value;
        if self.checker.catalogue.setting(path).is_some() {
            return;
        }
        if let Some(close) = close(self.checker.catalogue, path) {
            let message = format!("this version knows no setting `{path}`");
            let finding = Diagnostic::error("unknown-setting", message, at.origin.clone(), "unknown");
            self.checker.report(finding.warning().help(format!("did you mean `{close}`?")));
        }
    }

    fn twice(&mut self, message: String, at: (&Origin, &str), other: (&Origin, &str)) {
        let error = Diagnostic::error("declared-twice", message, at.0.clone(), at.1);
        self.checker.report(error.related(other.0.clone(), other.1).help("keep one of the two"));
    }

    fn report(&mut self, message: &str, at: &Origin, help: &str) {
        self.checker.report(Diagnostic::error("declared-twice", message, at.clone(), "here").help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::Catalogue;
    use crate::manifest::{Diagnostic, load};
    use crate::rules::check;
    use crate::shapes::Shapes;

    /// What is wrong with these keys of a manifest, as `message @ text: help`.
    fn wrong(body: &str) -> Vec<String> {
        let text = format!("version: 1\npool: eu-west-1_a\n{body}\n");
        let line = |finding: &Diagnostic| {
            let (origin, _) = finding.label.as_ref().unwrap();
            format!("{} @ {}: {}", finding.message, origin.text(), finding.help.as_deref().unwrap_or("-"))
        };
        let checked = check(&Catalogue::new(Shapes::bundled()), load("m.yaml", text.as_bytes()).unwrap());
        checked.map_or_else(|findings| findings, |(_, warnings)| warnings).iter().map(line).collect()
    }

    #[test]
    fn entries_speak_of_what_there_is_once_and_not_against_the_settings() {
        for (body, expected) in [
            (
                "ignore: [{ path: LambdaConfig.PreSignup, reason: r }]",
                "Cognito has no setting `LambdaConfig.PreSignup` @ LambdaConfig.PreSignup: did you mean `LambdaConfig.PreSignUp`?",
            ),
            (
                "ignore: [{ path: Polices.PasswordPolicy, reason: r }]",
                "Cognito has no setting `Polices.PasswordPolicy` @ Polices.PasswordPolicy: did you mean `Policies.PasswordPolicy`?",
            ),
            (
                "ignore: [{ path: Name, reason: r }]",
                "Cognito has no setting `Name` @ Name: did you mean `PoolName`?",
            ),
            (
                "allow: [{ risk: tag-removal, path: Zebra, reason: r }]",
                "Cognito has no setting `Zebra` @ Zebra: write the path as a plan shows it; members that poolctl does not know stay as they are without an entry",
            ),
            (
                "omit: [{ path: clients.web.branding.Settings, reason: r }]",
                "`clients.web.branding.Settings` is always sent, because a request without it may change it, or is refused @ clients.web.branding.Settings: delete the entry",
            ),
            (
                "omit: [{ path: AcrConfigurations, reason: r }]",
                "this version knows no setting `AcrConfigurations` @ AcrConfigurations: did you mean `AcrConfiguration`?",
            ),
            (
                "allow: [{ risk: trigger-remove, reason: r }]",
                "there is no risk `trigger-remove` @ trigger-remove: did you mean `trigger-removal`?",
            ),
            (
                "allow: [{ rule: MFA, reason: r }]",
                "there is no rule `MFA` @ MFA: write `rule:` followed by the code that the conflict names",
            ),
            (
                "settings: { LambdaConfig: { PreSignUp: ~ } }\nignore: [{ path: LambdaConfig, reason: r }]",
                "`LambdaConfig` is both declared and ignored @ LambdaConfig: keep one of the two",
            ),
            (
                "settings: { LambdaConfig: ~ }\nignore: [{ path: LambdaConfig.PreSignUp, reason: r }]",
                "`LambdaConfig.PreSignUp` is both declared and ignored @ LambdaConfig.PreSignUp: keep one of the two",
            ),
            (
                "settings: { VerificationMessageTemplate: { EmailSubject: x } }\nomit: [{ path: EmailVerificationSubject, reason: r }]",
                "`EmailVerificationSubject` is both declared and omitted @ EmailVerificationSubject: keep one of the two",
            ),
            (
                "clients: { tf-web: { CallbackURLs: [] } }\nignore: [{ path: clients.tf-*, reason: r }]",
                "`clients[\"tf-*\"]` is both declared and ignored @ clients.tf-*: keep one of the two",
            ),
            (
                "ignore: [{ path: clients.tf-*, reason: r }, { path: 'clients[\"tf-*\"]', reason: r }]",
                "`clients[\"tf-*\"]` is ignored twice @ 'clients[\"tf-*\"]': keep one of the two",
            ),
            (
                "ignore: [{ path: EmailVerificationSubject, reason: r }, { path: VerificationMessageTemplate.EmailSubject, reason: r }]",
                "`VerificationMessageTemplate.EmailSubject` is ignored twice @ VerificationMessageTemplate.EmailSubject: keep one of the two",
            ),
            (
                "ignore: [{ path: UserPoolTags.a, reason: r }]\nomit: [{ path: UserPoolTags, reason: r }]",
                "`UserPoolTags` is both ignored, which keeps it in requests, and omitted, which leaves it out @ UserPoolTags: keep one of the two",
            ),
            (
                "allow: [{ risk: tag-removal, reason: r }, { risk: tag-removal, path: UserPoolTags.a, reason: s }]",
                "`tag-removal` is allowed twice @ tag-removal: keep one of the two",
            ),
        ] {
            assert_eq!(wrong(body), [expected], "{body}");
        }
    }

    #[test]
    fn what_is_apart_may_stand_side_by_side() {
        for body in [
            "ignore: [{ path: UserPoolTags.a, reason: r }, { path: 'UserPoolTags[\"a.b\"]', reason: r }]",
            "settings: { LambdaConfig: { PreSignUp: ~ } }\nignore: [{ path: LambdaConfig.CustomMessage, reason: r }]",
            "omit: [{ path: BrandNew, reason: r }]",
            "ignore: [{ path: clients.tf-web.CallbackURLs, reason: r }, { path: clients.tf-*, reason: r }]",
            "ignore: [{ path: 'clients.*.CallbackURLs', reason: r }, { path: clients.web, reason: r }]",
            "ignore: [{ path: UserPoolTags.a, reason: r }, { path: UserPoolTags, reason: r }]",
            "clients: { web: { CallbackURLs: [] } }\nignore: [{ path: clients.tf-*, reason: r }, { path: 'clients.w*.LogoutURLs', reason: r }]",
            "passthrough: { LambdaConfig: { RiskScoring: ~ } }\nallow: [{ risk: trigger-removal, path: LambdaConfig.RiskScoring, reason: r }]",
            "allow: [{ risk: tag-removal, path: UserPoolTags.a, reason: r }, { risk: tag-removal, path: UserPoolTags.b, reason: s }, { rule: mfa-without-factor, reason: t }]",
        ] {
            assert_eq!(wrong(body), [""; 0], "{body}");
        }
    }
}
