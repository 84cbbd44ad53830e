//! The conditions of rules, and what a value that breaks one has.

use crate::document::address::UrlAddress;
use crate::document::{Json, json};
use crate::rules::meaning::SettingMeaning;

/// What must be true of a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// It has this value.
    Is(Json),
    /// It has one of these values.
    In(Vec<Json>),
    /// It is a number that is not smaller.
    Min(i64),
    /// It is a number that is not greater.
    Max(i64),
    /// It is a list, or a map, with all of these elements or keys.
    Has(Vec<Json>),
    /// It is a list, or a map, with none of these elements or keys.
    Lacks(Vec<Json>),
    /// It is a URL, or a list of them, of which each leads where the rule says.
    Each(UrlRule),
    /// It has a value, be it a default.
    Present,
    /// It has no value but a default.
    Absent,
}

/// Where URLs may lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrlRule {
    /// The schemes, in small letters; empty for all.
    pub schemes: Vec<String>,
    /// The hosts of `http` and `https`; empty for all.
    pub hosts: Vec<HostPattern>,
}

/// A host, or all hosts below one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPattern {
    /// The host, in small letters.
    pub host: String,
    /// Whether it is about the hosts below this one, and not about itself.
    pub is_below: bool,
    /// The port; `None` for that of the scheme.
    pub port: Option<u16>,
    /// Whether any port will do.
    pub any_port: bool,
}

/// What a setting has that breaks a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleFound {
    /// The value; `None` if it has none.
    pub value: Option<Json>,
    /// Whether the value is a default.
    pub is_default: bool,
    /// The elements that should not be there, or that should and are not.
    pub elements: Vec<Json>,
}

/// What a judgement comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Judgement {
    Holds,
    Unknown,
    Broken(RuleFound),
}

impl HostPattern {
    fn takes(&self, address: &UrlAddress) -> bool {
        let Some(host) = &address.host else { return false };
        let is_host = match self.is_below {
            true => {
                host.strip_suffix(&self.host).is_some_and(|below| below.len() > 1 && below.ends_with('.'))
            }
            false => *host == self.host,
        };
        is_host && (self.any_port || self.port == address.port)
    }
}

impl std::fmt::Display for HostPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let below = if self.is_below { "*." } else { "" };
        write!(f, "{below}{}", self.host)?;
        match self.port {
            _ if self.any_port => f.write_str(":*"),
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl UrlRule {
    fn takes(&self, url: &Json) -> bool {
        let Some(address) = url.as_str().and_then(UrlAddress::parse) else { return false };
        let is_scheme = self.schemes.is_empty() || self.schemes.contains(&address.scheme);
        // Other schemes than those of browsers lead to no host: whoever lists one takes all of it.
        let is_free = self.hosts.is_empty() || !address.is_web() && !self.schemes.is_empty();
        is_scheme && (is_free || self.hosts.iter().any(|host| host.takes(&address)))
    }
}

impl Condition {
    /// Whether a setting with this meaning keeps the condition.
    pub(super) fn judge(&self, meaning: SettingMeaning) -> Judgement {
        let (value, is_default) = match meaning {
            SettingMeaning::Unknown => return Judgement::Unknown,
            SettingMeaning::Known(value) => (Some(value), false),
            SettingMeaning::Default(value) => (Some(value), true),
            SettingMeaning::Absent => (None, false),
        };
        let known = value.as_ref();
        let number = known.and_then(Json::as_f64);
        let is = |wanted: &Json| known.is_some_and(|value| json::same(value, wanted));
        let (holds, elements) = match self {
            Self::Is(wanted) => (is(wanted), Vec::new()),
            Self::In(wanted) => (wanted.iter().any(is), Vec::new()),
            Self::Min(least) => (number.is_some_and(|number| number >= *least as f64), Vec::new()),
            Self::Max(most) => (number.is_some_and(|number| number <= *most as f64), Vec::new()),
            Self::Has(wanted) => {
                let own = elements(known);
                let missing: Vec<Json> = wanted.iter().filter(|one| !own.contains(one)).cloned().collect();
                (missing.is_empty(), missing)
            }
            Self::Lacks(unwanted) => {
                let own = elements(known);
                let there: Vec<Json> = unwanted.iter().filter(|one| own.contains(one)).cloned().collect();
                (there.is_empty(), there)
            }
            Self::Each(rule) => {
                let strays: Vec<Json> = elements(known).into_iter().filter(|url| !rule.takes(url)).collect();
                (strays.is_empty(), strays)
            }
            Self::Present => (known.is_some_and(|value| !is_empty(value)), Vec::new()),
            Self::Absent => (is_default || known.is_none_or(is_empty), Vec::new()),
        };
        if holds { Judgement::Holds } else { Judgement::Broken(RuleFound { value, is_default, elements }) }
    }

    /// Whether a setting that broke it is further from it by now.
    pub fn is_worse(&self, before: &RuleFound, after: &RuleFound) -> bool {
        let number = |found: &RuleFound| found.value.as_ref().and_then(Json::as_f64);
        match self {
            Self::Min(_) => number(after) < number(before),
            Self::Max(_) => {
                number(after).is_none_or(|after| number(before).is_some_and(|before| after > before))
            }
            Self::Has(_) | Self::Lacks(_) | Self::Each(_) => {
                after.elements.iter().any(|element| !before.elements.contains(element))
            }
            Self::Is(_) | Self::In(_) => after.value != before.value,
            Self::Present | Self::Absent => false,
        }
    }

    /// What it requires, as a noun.
    pub fn words(&self) -> String {
        match self {
            Self::Is(value) => quoted(value),
            Self::In(values) => format!("one of {}", list(values)),
            Self::Min(least) => format!("{least} or more"),
            Self::Max(most) => format!("{most} or less"),
            Self::Has(values) => format!("that it has {}", list(values)),
            Self::Lacks(values) => format!("that it lacks {}", list(values)),
            Self::Each(rule) => format!("URLs with {rule}"),
            Self::Present => "a value".to_owned(),
            Self::Absent => "no value".to_owned(),
        }
    }

    /// What a setting has that breaks it, as a clause without its subject.
    pub fn found(&self, found: &RuleFound) -> String {
        let elements = list(&found.elements);
        match (self, &found.value) {
            (Self::Has(_), _) => format!("lacks {elements}"),
            (Self::Lacks(_) | Self::Each(_), _) => format!("has {elements}"),
            (_, None) => "has no value".to_owned(),
            (_, Some(value)) if found.is_default => format!("is {} by default", quoted(value)),
            (_, Some(value)) => format!("is {}", quoted(value)),
        }
    }
}

impl std::fmt::Display for UrlRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let listed =
            |what: &str, of: Vec<String>| (!of.is_empty()).then(|| format!("{what} {}", of.join(" or ")));
        let schemes = self.schemes.iter().map(|scheme| format!("`{scheme}`")).collect();
        let hosts = self.hosts.iter().map(|host| format!("`{host}`")).collect();
        let parts = [listed("the scheme", schemes), listed("the host", hosts)];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(" and "))
    }
}

/// The elements of a list, the keys of a map, or a value by itself.
fn elements(value: Option<&Json>) -> Vec<Json> {
    match value {
        None => Vec::new(),
        Some(Json::Array(elements)) => elements.clone(),
        Some(Json::Object(members)) => members.keys().map(|key| Json::from(key.as_str())).collect(),
        Some(value) => vec![value.clone()],
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Array(elements) => elements.is_empty(),
        Json::Object(members) => members.is_empty(),
        value => value.as_str() == Some(""),
    }
}

/// How many values of a list a message has.
const SHOWN: usize = 5;
/// The longest value in a message, in characters.
const LONGEST: usize = 120;

fn list(values: &[Json]) -> String {
    let (shown, more) = values.split_at(values.len().min(SHOWN));
    let mut words: Vec<String> = shown.iter().map(quoted).collect();
    words.extend((!more.is_empty()).then(|| format!("{} more", more.len())));
    words.join(", ")
}

fn quoted(value: &Json) -> String {
    let text = value.as_str().map_or_else(|| json::spaced(value), str::to_owned);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
