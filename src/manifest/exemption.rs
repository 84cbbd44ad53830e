//! `unmanaged`, `ignore`, `allow` and `omit`: what a manifest leaves to others, and what it puts up with.

use std::borrow::Cow;

use time::{Date, Month};

use super::similar::similar;
use super::yaml::{ScalarMeaning, Value, YamlEntry, YamlNode};
use super::{Diagnostic, Located, Origin};
use crate::document::{Path, PathPattern};

/// The beginning of a code that is the name of a rule of the house.
pub const HOUSE: &str = "require:";
/// How many days before its end an exemption is pointed out.
const NEAR: i64 = 14;

/// What a plan makes of live settings that the manifest does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmanaged {
    /// They stay as they are, and are counted.
    #[default]
    Keep,
    /// They stay as they are, and are listed.
    Report,
}

/// An entry of `ignore` or `omit`: a setting that is treated in another way, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// The setting.
    pub path: Located<Path>,
    /// Why.
    pub reason: String,
    /// The last day of the entry; `None` if it has no end.
    pub until: Option<Date>,
}

/// An entry of `ignore` with a code: a note that somebody knows of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The code of the finding.
    pub code: Located<String>,
    /// The setting that the finding is about, or `None` for all settings.
    pub path: Option<Located<Path>>,
    /// Why.
    pub reason: String,
    /// The last day on which it applies, or `None` if it always does.
    pub until: Option<Date>,
}

/// An entry of `allow`: a risk, or the breach of a rule, that somebody accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// What is accepted.
    pub code: Located<Code>,
    /// The setting that it is limited to; `None` for all settings.
    pub path: Option<Located<Path>>,
    /// Why.
    pub reason: String,
    /// The last day of the entry; `None` if it has no end.
    pub until: Option<Date>,
}

/// What can be allowed, by its stable name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// A risk of a change.
    Risk(String),
    /// A rule that the service has across settings.
    Rule(String),
    /// A rule of the house, by its name in poolctl.yaml.
    House(String),
}

/// How an exemption stands to a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// It holds, and for a while.
    Holds,
    /// It holds, and ends within a fortnight.
    Near(Date),
    /// It no longer holds.
    Past(Date),
}

impl Term {
    /// How something that holds up to and with `until` stands to `today`.
    pub fn of(until: Option<Date>, today: Date) -> Self {
        match until {
            Some(until) if until < today => Self::Past(until),
            Some(until) if (until - today).whole_days() <= NEAR => Self::Near(until),
            _ => Self::Holds,
        }
    }

    /// Whether it no longer holds.
    pub fn is_past(self) -> bool {
        matches!(self, Self::Past(_))
    }
}

impl Code {
    /// The code of a command line: a risk's own, a rule's behind `rule:`, a rule's of the house behind `require:`.
    pub fn parse(text: &str) -> Self {
        match (text.strip_prefix("rule:"), text.strip_prefix(HOUSE)) {
            (Some(rule), _) => Self::Rule(rule.to_owned()),
            (_, Some(rule)) => Self::House(rule.to_owned()),
            _ => Self::Risk(text.to_owned()),
        }
    }
}

impl Code {
    /// The code of the findings that this is about.
    pub fn of_findings(&self) -> Cow<'_, str> {
        match self {
            Self::Risk(code) | Self::Rule(code) => Cow::Borrowed(code),
            Self::House(_) => Cow::Owned(self.to_string()),
        }
    }
}

/// Written as on the command line.
impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Risk(code) => f.write_str(code),
            Self::Rule(code) => write!(f, "rule:{code}"),
            Self::House(name) => write!(f, "{HOUSE}{name}"),
        }
    }
}

/// Reads `unmanaged`; what is wrong with it goes to `errors`.
pub(super) fn unmanaged(entry: &YamlEntry, errors: &mut Vec<Diagnostic>) -> Unmanaged {
    let words = ["keep", "report"];
    let text = entry.value.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    match text {
        "keep" => Unmanaged::Keep,
        "report" => Unmanaged::Report,
        text => {
            let help = match similar(text, words) {
                Some(word) => format!("did you mean `{word}`?"),
                None => "write `keep`, or `report` to list all unmanaged settings".to_owned(),
            };
            let message = "`unmanaged` must be `keep` or `report`";
            let error = Diagnostic::error("unmanaged", message, entry.value.origin.clone(), "neither");
            errors.push(error.help(help));
            Unmanaged::Keep
        }
    }
}

/// Reads `ignore`: settings that others manage, and codes that are acknowledged. Errors go to `errors`.
pub(super) fn ignores(
    list: &'static str,
    node: YamlNode,
    errors: &mut Vec<Diagnostic>,
) -> (Vec<Exemption>, Vec<Acknowledgement>) {
    let mut reader = EntryReader { list, keys: &["path", "code", "reason", "until"], errors };
    let (mut exemptions, mut acknowledgements) = (Vec::new(), Vec::new());
    for node in reader.nodes(node) {
        let origin = node.origin.clone();
        let Some(fields) = reader.fields(node) else { continue };
        match fields.said.iter().any(|said| said == "code") {
            true => acknowledgements.extend(reader.acknowledgement(fields, &origin)),
            false => exemptions.extend(reader.exemption(fields, &origin)),
        }
    }
    (exemptions, acknowledgements)
}

/// Reads `omit`; what is wrong with it goes to `errors`.
pub(super) fn exemptions(list: &'static str, node: YamlNode, errors: &mut Vec<Diagnostic>) -> Vec<Exemption> {
    let mut reader = EntryReader { list, keys: &["path", "reason", "until"], errors };
    let nodes = reader.nodes(node);
    let read = |node: YamlNode| {
        let origin = node.origin.clone();
        let fields = reader.fields(node)?;
        reader.exemption(fields, &origin)
    };
    nodes.into_iter().filter_map(read).collect()
}

/// Reads `allow`; what is wrong with it goes to `errors`.
pub(super) fn allows(node: YamlNode, errors: &mut Vec<Diagnostic>) -> Vec<Allow> {
    let mut reader =
        EntryReader { list: "allow", keys: &["risk", "rule", "path", "reason", "until"], errors };
    let nodes = reader.nodes(node);
    nodes.into_iter().filter_map(|node| reader.allow(node)).collect()
}

/// Reads the `reason` and the `until` of something called `list`; what is wrong with them goes to `errors`.
pub(super) fn term(
    list: &'static str,
    members: Vec<YamlEntry>,
    errors: &mut Vec<Diagnostic>,
) -> (Option<String>, Option<Date>) {
    let mut reader = EntryReader { list, keys: &["reason", "until"], errors };
    let mut fields = Fields::default();
    members.iter().for_each(|member| reader.field(member, &mut fields));
    (fields.reason, fields.until)
}

/// Reads the entries of one list.
struct EntryReader<'a> {
    list: &'static str,
    keys: &'static [&'static str],
    errors: &'a mut Vec<Diagnostic>,
}

/// What an entry may say, as far as it is sound.
#[derive(Default)]
struct Fields {
    code: Option<Located<Code>>,
    acknowledged: Option<Located<String>>,
    path: Option<Located<Path>>,
    reason: Option<String>,
    until: Option<Date>,
    /// The keys that stand there, be it with a wrong value.
    said: Vec<String>,
}

impl EntryReader<'_> {
    fn nodes(&mut self, node: YamlNode) -> Vec<YamlNode> {
        let blank = node.scalar().is_some_and(|scalar| scalar.meaning() == ScalarMeaning::Blank);
        match node.value {
            Value::Sequence(nodes) => return nodes,
            _ if blank => self.error("has no entries", node.origin, "no value", self.example()),
            _ => self.error("must be a list", node.origin, "not a list", self.example()),
        }
        Vec::new()
    }

    fn acknowledgement(&mut self, fields: Fields, origin: &Origin) -> Option<Acknowledgement> {
        self.needs(&["reason"], &fields, origin);
        let is_broken = fields.path.is_none() && fields.said.iter().any(|said| said == "path");
        let Fields { acknowledged, path, reason, until, .. } = fields;
        // Without its path, the entry would be about every setting.
        let acknowledged = acknowledged.filter(|_| !is_broken);
        Some(Acknowledgement { code: acknowledged?, path, reason: reason.unwrap_or_default(), until })
    }

    fn exemption(&mut self, fields: Fields, origin: &Origin) -> Option<Exemption> {
        self.needs(&["path", "reason"], &fields, origin);
        // With something wrong elsewhere, the path is still good for finding out whether it is sound.
        Some(Exemption { path: fields.path?, reason: fields.reason.unwrap_or_default(), until: fields.until })
    }

    fn allow(&mut self, node: YamlNode) -> Option<Allow> {
        let origin = node.origin.clone();
        let fields = self.fields(node)?;
        let said = |key: &str| fields.said.iter().any(|said| said == key);
        match (said("risk"), said("rule")) {
            (false, false) => self.needs(&["risk"], &fields, &origin),
            (true, true) => {
                let help = "write one entry for the risk and one for the rule".to_owned();
                self.error("needs either `risk` or `rule` in an entry", origin.clone(), "both", help);
                return None;
            }
            _ => {}
        }
        // An exemption of the house ends: whoever wants none for ever changes the rule.
        let is_house = matches!(&fields.code, Some(Located { value: Code::House(_), .. }));
        let needed: &[&str] = if is_house { &["reason", "until"] } else { &["reason"] };
        self.needs(needed, &fields, &origin);
        let reason = fields.reason.unwrap_or_default();
        Some(Allow { code: fields.code?, path: fields.path, reason, until: fields.until })
    }

    fn fields(&mut self, node: YamlNode) -> Option<Fields> {
        let Value::Mapping(entries) = node.value else {
            self.error("needs entries that are mappings", node.origin, "not a mapping", self.example());
            return None;
        };
        let mut fields = Fields::default();
        for entry in entries {
            self.field(&entry, &mut fields);
            fields.said.push(entry.key);
        }
        Some(fields)
    }

    /// Reads one key of an entry, or says what is wrong with it.
    fn field(&mut self, entry: &YamlEntry, fields: &mut Fields) {
        let key = entry.key.as_str();
        if !self.keys.contains(&key) {
            let help = match similar(key, self.keys.iter().copied()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("the keys are {}", self.keys.join(", ")),
            };
            self.error(
                &format!("has an entry with the unknown key `{key}`"),
                entry.origin.clone(),
                "unknown",
                help,
            );
            return;
        }
        let Some(text) = self.text(entry) else { return };
        let located = entry.value.origin.clone();
        match key {
            "reason" => fields.reason = Some(text),
            "code" => fields.acknowledged = Some(Located { value: text, origin: located }),
            "risk" => {
                let is_house = text.starts_with(HOUSE);
                let value = if is_house { Code::parse(&text) } else { Code::Risk(text) };
                fields.code = Some(Located { value, origin: located });
            }
            "rule" => fields.code = Some(Located { value: Code::Rule(text), origin: located }),
            "path" => match text.parse() {
                Ok(value) if self.list != "ignore" && PathPattern::is_pattern(&value) => {
                    let help = "write one entry per label; only `ignore` takes patterns".to_owned();
                    self.error("cannot have a pattern in a path", located, "a pattern", help);
                }
                Ok(value) => fields.path = Some(Located { value, origin: located }),
                Err(wrong) => {
                    self.errors.push(Diagnostic::error(self.list, format!("{wrong}"), located, "here"));
                }
            },
            _ => match date(&text) {
                Some(date) => fields.until = Some(date),
                None => {
                    let help = "write the last day of the entry, such as `2027-01-31`".to_owned();
                    self.error("has an `until` that is not a date", located, "not a date", help);
                }
            },
        }
    }

    /// The text of a key's value, which must say something.
    fn text(&mut self, entry: &YamlEntry) -> Option<String> {
        let help = || match entry.key.as_str() {
            "reason" => "write the reason, for later readers".to_owned(),
            _ => self.example(),
        };
        match entry.value.scalar() {
            Some(scalar) if scalar.meaning() == ScalarMeaning::Null || scalar.text.trim().is_empty() => {
                let help = help();
                let wrong = format!("has a `{}` without a value", entry.key);
                self.error(&wrong, entry.origin.clone(), "no value", help);
                None
            }
            Some(scalar) if entry.key == "reason" && ["…", "..."].contains(&scalar.text.trim()) => {
                let help = "write the reason, for later readers".to_owned();
                self.error(
                    "has a placeholder as its `reason`",
                    entry.value.origin.clone(),
                    "placeholder",
                    help,
                );
                None
            }
            // A reason may be a ticket's number; the rest are names.
            Some(scalar) if entry.key == "reason" || scalar.meaning() == ScalarMeaning::Text => {
                Some(scalar.text.clone())
            }
            _ => {
                let help = help();
                let wrong = format!("has a `{}` that is not a text", entry.key);
                self.error(&wrong, entry.value.origin.clone(), "not a text", help);
                None
            }
        }
    }

    fn needs(&mut self, keys: &[&str], fields: &Fields, origin: &Origin) {
        for key in keys.iter().filter(|key| !fields.said.iter().any(|said| said == *key)) {
            let wrong = format!("has an entry without a `{key}`");
            self.error(&wrong, origin.clone(), "this one", self.example());
        }
    }

    fn error(&mut self, wrong: &str, at: Origin, label: &str, help: String) {
        let message = format!("`{}` {wrong}", self.list);
        self.errors.push(Diagnostic::error(self.list, message, at, label).help(help));
    }

    fn example(&self) -> String {
        match self.list {
            "allow" => "write `- { risk: trigger-removal, reason: why that is fine }`; add `path` to accept it at one setting, and `until` for a limited time",
            "ignore" => "write `- { path: LambdaConfig.PostConfirmation, reason: who manages it }`, or `- { code: co-owned, reason: why it is known }` for a note; add `until` for a limited time",
            "remove" => "write `{ remove: true, reason: why it goes }`; add `until` for a limited time",
            _ => "write `- { path: AcrConfiguration, reason: why it must not be sent }`",
        }
        .to_owned()
    }
}

/// The day of a text such as `2030-06-30`; `None` if it is written in another way.
pub fn date(text: &str) -> Option<Date> {
    let mut parts = text.trim().split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, len: usize| part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::load;
    use time::macros::date;

    /// What is wrong with these keys of a manifest, as `message @ text: help`.
    fn wrong(body: &str) -> Vec<String> {
        let text = format!("version: 1\npool: eu-west-1_a\n{body}\n");
        let line = |finding: &Diagnostic| {
            let (origin, _) = finding.label.as_ref().unwrap();
            format!("{} @ {}", finding.message, origin.text())
        };
        load("m.yaml", text.as_bytes()).unwrap().findings.iter().map(line).collect()
    }

    #[test]
    fn every_mistake_of_an_entry_is_said_at_once() {
        for (body, expected) in [
            ("ignore: x", &["`ignore` must be a list @ x"] as &[&str]),
            ("ignore:", &["`ignore` has no entries @ "]),
            ("ignore: [x]", &["`ignore` needs entries that are mappings @ x"]),
            (
                "ignore: [{}]",
                &[
                    "`ignore` has an entry without a `path` @ {",
                    "`ignore` has an entry without a `reason` @ {",
                ],
            ),
            (
                "ignore: [{ path: , reason: ' ', until: tomorrow, untill: x }]",
                &[
                    "`ignore` has a `path` without a value @ path",
                    "`ignore` has a `reason` without a value @ reason",
                    "`ignore` has an `until` that is not a date @ tomorrow",
                    "`ignore` has an entry with the unknown key `untill` @ untill",
                ],
            ),
            ("ignore: [{ code: a, reason: … }]", &["`ignore` has a placeholder as its `reason` @ …"]),
            ("omit: [{ path: A, reason: ... }]", &["`omit` has a placeholder as its `reason` @ ..."]),
            ("allow: [{ risk: a, reason: '…' }]", &["`allow` has a placeholder as its `reason` @ '…'"]),
            ("omit: [{ path: [a], reason: r }]", &["`omit` has a `path` that is not a text @ ["]),
            (
                "omit: [{ risk: x, path: A, reason: r }]",
                &["`omit` has an entry with the unknown key `risk` @ risk"],
            ),
            ("allow: [{ path: A, reason: r }]", &["`allow` has an entry without a `risk` @ {"]),
            (
                "allow: [{ risk: a, rule: b, reason: r }]",
                &["`allow` needs either `risk` or `rule` in an entry @ {"],
            ),
            ("allow: [{ risk: a }]", &["`allow` has an entry without a `reason` @ {"]),
            (
                "allow: [{ risk: a, path: 'clients.tf-*', reason: r }]",
                &["`allow` cannot have a pattern in a path @ 'clients.tf-*'"],
            ),
            ("unmanaged: repot", &["`unmanaged` must be `keep` or `report` @ repot"]),
        ] {
            assert_eq!(wrong(body), expected, "{body}");
        }
    }

    #[test]
    fn a_date_is_written_in_one_way() {
        assert_eq!(date("2028-02-29"), Some(date!(2028 - 02 - 29)));
        for text in ["2027-02-29", "2027-13-01", "27-01-01", "2027-1-1", "2027-01-01T00:00", "+027-01-01", ""]
        {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn the_last_day_still_counts_and_a_fortnight_is_near() {
        let today = date!(2026 - 11 - 23);
        for (until, term) in [
            (None, Term::Holds),
            (Some(date!(2026 - 12 - 08)), Term::Holds),
            (Some(date!(2026 - 12 - 07)), Term::Near(date!(2026 - 12 - 07))),
            (Some(today), Term::Near(today)),
            (Some(date!(2026 - 11 - 22)), Term::Past(date!(2026 - 11 - 22))),
        ] {
            assert_eq!(Term::of(until, today), term, "{until:?}");
        }
    }

    #[test]
    fn an_entry_says_what_until_when_and_why() {
        let text = "version: 1\npool: eu-west-1_a\nunmanaged: report\nignore: [{ path: LambdaConfig.PreSignUp, reason: theirs, until: 2027-01-31 }]\nallow: [{ rule: mfa-factor, reason: known }, { risk: tag-removal, path: UserPoolTags.a, reason: old, until: '2027-01-31' }]\n";
        let manifest = load("m.yaml", text.as_bytes()).unwrap();
        assert_eq!(manifest.findings, []);
        assert_eq!(manifest.unmanaged, Unmanaged::Report);
        let ignore = &manifest.ignore[0];
        assert_eq!(ignore.path.value.to_string(), "LambdaConfig.PreSignUp");
        assert_eq!((ignore.reason.as_str(), ignore.until), ("theirs", Some(date!(2027 - 01 - 31))));
        let codes: Vec<String> = manifest.allow.iter().map(|allow| allow.code.value.to_string()).collect();
        assert_eq!(codes, ["rule:mfa-factor", "tag-removal"]);
        assert_eq!(manifest.allow[1].until, Some(date!(2027 - 01 - 31)));
    }
}
