//! The accepted risks and rules: from the command line and from the manifest's `allow`.

use std::str::FromStr;

use time::Date;

use super::close::close;
use super::cross;
use super::tag::PoolTag;
use crate::catalogue::Catalogue;
use crate::document::{Path, PathError};
use crate::manifest::{Allow, Code, Origin, Term, similar};

/// The risks and rules that the command line accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allows(Vec<Flag>);

/// One code of the command line, for one path or for all.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Flag {
    code: Code,
    path: Option<Path>,
}

/// Why a risk or a broken rule does not block the plan.
#[derive(Clone, Debug, PartialEq)]
pub enum AllowedBy {
    /// The command line, which says this.
    Flag(String),
    /// The manifest.
    Manifest {
        /// The place of the code in it.
        origin: Origin,
        /// The reason that it gives.
        reason: String,
    },
}

/// The error of an invalid `--allow`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllowError {
    /// There is no code before a comma, or after it.
    #[error(
        "a code is missing; write the code of a risk as a plan names it, several with one comma between them"
    )]
    Missing,
    /// There is no such risk.
    #[error("there is no risk `{0}`; {1}")]
    Unknown(String, String),
    /// There is no such rule.
    #[error("there is no rule `{0}`; {1}")]
    Rule(String, String),
    /// What follows the `@` is no path.
    #[error(transparent)]
    Path(#[from] PathError),
}

/// A path of the command line that is not a setting of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// What was typed, code and path.
    pub flag: String,
    /// The path.
    pub path: Path,
    /// What was most likely meant.
    pub close: Option<Path>,
    /// Whether no pool can have it: risks and rules are of settings that the model has at the top. Deeper
    /// down a live pool may have members that are newer.
    pub is_nowhere: bool,
}

impl Allows {
    /// The paths that are no settings.
    pub fn slips(&self, catalogue: &Catalogue) -> Vec<Slip> {
        let with_path = self.0.iter().filter_map(|flag| Some((flag, flag.path.as_ref()?)));
        let unknown =
            with_path.filter(|(_, path)| catalogue.setting(path).is_none() && !PoolTag::is_word_path(path));
        let slip = |(flag, path): (&Flag, &Path)| Slip {
            flag: flag.to_string(),
            path: path.clone(),
            close: close(catalogue, path),
            is_nowhere: catalogue.setting(&path.prefix(1)).is_none(),
        };
        unknown.map(slip).collect()
    }

    /// The codes with a path, as they are typed, for which nothing was found by `places`, each with the places where the
    /// code was found.
    pub fn unused(&self, places: impl Fn(&str) -> Vec<Path>) -> Vec<(String, Vec<Path>)> {
        let unused = self.0.iter().filter_map(|flag| {
            let path = flag.path.as_ref()?;
            let found = places(&flag.code.of_findings());
            (!found.iter().any(|at| at.overlaps(path))).then(|| (flag.to_string(), found))
        });
        unused.collect()
    }

    /// Each code as it is typed.
    pub fn flags(&self) -> Vec<String> {
        self.0.iter().map(Flag::to_string).collect()
    }

    /// The names of the rules of the house among the codes.
    pub fn houses(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter_map(|flag| if let Code::House(name) = &flag.code { Some(name.as_str()) } else { None })
    }

    /// All of several.
    pub fn all<'a>(several: impl IntoIterator<Item = &'a Self>) -> Self {
        Self(several.into_iter().flat_map(|allows| allows.0.iter().cloned()).collect())
    }
}

/// Reads `CODE`, `CODE@PATH` or `rule:CODE`, or several with commas between them.
impl FromStr for Allows {
    type Err = AllowError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        split(text).into_iter().map(Flag::from_str).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Flag {
    type Err = AllowError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (code, path) = match text.split_once('@') {
            Some((code, path)) => (code, Some(path.parse()?)),
            None => (text, None),
        };
        let code = Code::parse(code);
        match &code {
            Code::Risk(name) if name.is_empty() => Err(AllowError::Missing),
            Code::Risk(name) if !is_risk(name) => Err(AllowError::Unknown(name.clone(), risk_help(name))),
            Code::Rule(name) if !is_rule(name) => Err(AllowError::Rule(name.clone(), rule_help(name))),
            _ => Ok(Self { code, path }),
        }
    }
}

impl std::fmt::Display for Flag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{}@{path}", self.code),
            None => write!(f, "{}", self.code),
        }
    }
}

/// The parts between commas; one inside a quoted name does not part.
fn split(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
    .collect()
}

/// Whether the catalogue has a risk of this name.
pub(super) fn is_risk(code: &str) -> bool {
    Catalogue::risks().iter().any(|risk| risk.code == code)
}

/// The help for an unknown risk.
pub(super) fn risk_help(code: &str) -> String {
    let codes = || Catalogue::risks().iter().map(|risk| risk.code);
    match similar(code, codes()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "a plan names the risk that blocks it; `poolctl explain` lists all".to_owned(),
    }
}

/// Whether there is a rule of the service's with this code.
pub(super) fn is_rule(code: &str) -> bool {
    cross::all().any(|rule| rule.code == code)
}

/// The help for an unknown rule.
pub(super) fn rule_help(code: &str) -> String {
    match similar(code, cross::all().map(|rule| rule.code)) {
        Some(close) => format!("did you mean `rule:{close}`?"),
        None => "write `rule:` followed by the code that the conflict names".to_owned(),
    }
}

/// What is accepted in a plan: the entries of its manifest that hold, and the command line.
#[derive(Clone, Copy, Debug)]
pub struct Permits<'a> {
    entries: &'a [Allow],
    flags: &'a Allows,
    today: Date,
    /// Whether an entry has to name the very setting.
    is_exact: bool,
}

impl<'a> Permits<'a> {
    /// What these entries, as far as they hold on this day, and this command line let through.
    pub fn new(entries: &'a [Allow], flags: &'a Allows, today: Date) -> Self {
        Self { entries, flags, today, is_exact: false }
    }

    /// The same, without the entries that name no path or one around the setting.
    pub fn exact(self) -> Self {
        Self { is_exact: true, ..self }
    }

    /// What lets this through at this setting, the manifest before the command line. A permit for a
    /// setting holds for what lies inside it; one for none in particular holds everywhere.
    pub fn find(&self, code: &Code, at: Option<&Path>) -> Option<AllowedBy> {
        let covers =
            |path: Option<&Path>| path.is_none_or(|outer| at.is_some_and(|inner| inner.is_within(outer)));
        let entry = self.entries.iter().find(|entry| {
            let path = entry.path.as_ref().map(|path| &path.value);
            let is_named = if self.is_exact { path.is_some() && path == at } else { covers(path) };
            entry.code.value == *code && is_named && !Term::of(entry.until, self.today).is_past()
        });
        if let Some(Allow { code, reason, .. }) = entry {
            return Some(AllowedBy::Manifest { origin: code.origin.clone(), reason: reason.clone() });
        }
        let flag = self.flags.0.iter().find(|flag| flag.code == *code && covers(flag.path.as_ref()))?;
        Some(AllowedBy::Flag(flag.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::load;
    use crate::shapes::Shapes;
    use time::macros::date;

    fn allows(text: &str) -> Allows {
        text.parse().unwrap()
    }

    fn permit(flags: &str, code: &str, at: &str) -> Option<AllowedBy> {
        let flags = allows(flags);
        let permits = Permits::new(&[], &flags, date!(2026 - 11 - 23));
        permits.find(&Code::parse(code), at.parse().ok().as_ref())
    }

    #[test]
    fn a_flag_lets_through_its_code_at_its_path_and_inside_it() {
        let flags =
            r#"trigger-removal@LambdaConfig, rule:mfa-without-factor,tag-removal@UserPoolTags["a,b"]"#;
        for (code, at, expected) in [
            ("trigger-removal", "LambdaConfig", true),
            ("trigger-removal", "LambdaConfig.PreSignUp", true),
            ("trigger-removal", "LambdaConfigs.PreSignUp", false),
            ("trigger-removal", "", false),
            ("trigger-added", "LambdaConfig.PreSignUp", false),
            ("rule:mfa-without-factor", "MfaConfiguration", true),
            ("rule:mfa-without-factor", "", true),
            ("mfa-without-factor", "MfaConfiguration", false),
            ("tag-removal", r#"UserPoolTags["a,b"]"#, true),
            ("tag-removal", "UserPoolTags.a", false),
            ("tag-removal", "UserPoolTags", false),
        ] {
            assert_eq!(permit(flags, code, at).is_some(), expected, "{code} at {at}");
        }
        assert_eq!(
            permit(flags, "trigger-removal", "LambdaConfig.PreSignUp"),
            Some(AllowedBy::Flag("trigger-removal@LambdaConfig".to_owned()))
        );
    }

    #[test]
    fn what_allows_nothing_says_what_would() {
        let message = |text: &str| text.parse::<Allows>().unwrap_err().to_string();
        assert_eq!(
            message("trigger-remval"),
            "there is no risk `trigger-remval`; did you mean `trigger-removal`?"
        );
        assert_eq!(
            message("nothing-like-it"),
            "there is no risk `nothing-like-it`; a plan names the risk that blocks it; `poolctl explain` lists all"
        );
        assert!(message("").starts_with("a code is missing; "));
        assert!(message("tag-removal,").starts_with("a code is missing; "));
        assert!(message("rule:").starts_with("there is no rule ``; write `rule:`"));
        assert!(message("tag-removal@").contains("is not a path: it is empty"));
    }

    #[test]
    fn a_path_that_is_no_setting_is_a_slip_at_the_top_and_a_guess_deeper_down() {
        let catalogue = Catalogue::new(Shapes::bundled());
        let slips = |text: &str| -> Vec<(String, bool)> {
            let told =
                |slip: Slip| (slip.close.map_or("-".to_owned(), |close| close.to_string()), slip.is_nowhere);
            allows(text).slips(&catalogue).into_iter().map(told).collect()
        };
        assert_eq!(
            slips("tag-removal,trigger-removal@LambdaConfig.PreSignUp,tag-removal@UserPoolTags.a"),
            []
        );
        for (flag, close, is_nowhere) in [
            ("trigger-removal@LambdaConfigs", "LambdaConfig", true),
            ("trigger-removal@Zebra.PreSignUp", "-", true),
            ("trigger-removal@LambdaConfig.PreSignup", "LambdaConfig.PreSignUp", false),
            ("trigger-removal@LambdaConfig.Zebra", "-", false),
        ] {
            assert_eq!(slips(flag), [(close.to_owned(), is_nowhere)], "{flag}");
        }
    }

    #[test]
    fn the_manifest_lets_through_until_its_day_is_over() {
        let text = "version: 1\npool: eu-west-1_a\nallow: [{ risk: tag-removal, path: UserPoolTags.a, reason: retired, until: 2026-11-23 }]\n";
        let manifest = load("m.yaml", text.as_bytes()).unwrap();
        let at: Path = "UserPoolTags.a".parse().unwrap();
        let flags = allows("tag-removal");
        let found =
            |today| Permits::new(&manifest.allow, &flags, today).find(&Code::parse("tag-removal"), Some(&at));
        assert!(
            matches!(found(date!(2026 - 11 - 23)), Some(AllowedBy::Manifest { reason, .. }) if reason == "retired")
        );
        assert_eq!(found(date!(2026 - 11 - 24)), Some(AllowedBy::Flag("tag-removal".to_owned())));
    }
}
