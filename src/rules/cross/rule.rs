//! One rule and its message.

use super::truth::Truth;
use super::view::View;
use crate::catalogue::{Evidence, Resource, path};
use crate::document::{Json, Path, Seg};

/// A rule of the service across settings.
#[derive(Debug)]
pub struct Rule {
    /// A stable name.
    pub code: &'static str,
    /// The settings whose change can break the rule, the likeliest first. A second member `*` is any label: then the
    /// rule is about each of these documents.
    pub about: &'static [&'static str],
    /// The condition of a breach, as a clause.
    pub what: &'static str,
    /// The exception that the service returns, or `None` if it accepts the pool, to the harm of its users.
    pub exception: Option<&'static str>,
    /// The service's message, if it is known; `{tier}` is the pool's tier, `{pool}` its id, and `{value}` the text
    /// that the condition found.
    pub words: Option<&'static str>,
    /// The remedy, as an instruction.
    pub remedy: &'static str,
    /// The evidence that the service refuses.
    pub evidence: Evidence,
    /// Whether the service may accept it and do harm. poolctl then never sends it, even if this is uncertain.
    pub harms: bool,
    /// Whether a pool breaks it.
    pub(super) broken: fn(&View<'_>) -> Truth,
}

impl Rule {
    /// What most rules of documents with labels have in common: the service has been seen to refuse.
    pub(super) const REFUSED: Self = Self {
        code: "",
        about: &[],
        what: "",
        exception: INVALID,
        words: None,
        remedy: "",
        evidence: Evidence::Live,
        harms: false,
        broken: |_| Truth::Unknown,
    };
}

/// A rule that a pool or a request breaks for certain.
#[derive(Clone, Debug)]
pub struct Breach {
    /// The rule.
    pub rule: &'static Rule,
    /// The canonical path of the document with a label that breaks it; the root of a pool.
    pub root: Path,
    /// The breach and the service's response, in one sentence.
    pub text: String,
    /// The text that the condition found: the element or the key that breaks the rule.
    pub found: Option<String>,
    /// The name that was probably meant, if the breach is a name that the pool does not have.
    pub meant: Option<String>,
}

/// What a message has of the pool: its tier, its id, and the text that broke the rule.
const PLACES: [&str; 3] = ["{tier}", "{pool}", "{value}"];

/// The exception of most breaches.
pub(super) const INVALID: Option<&str> = Some("InvalidParameterException");

impl Breach {
    /// Whether both are the same breach.
    pub fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.rule, other.rule) && self.root == other.root && self.text == other.text
    }

    /// Whether a value is the text that breaks the rule, or a list with it.
    pub fn is_at(&self, value: &Json) -> bool {
        let is_it = |value: &Json| value.as_str().is_some_and(|text| Some(text) == self.found.as_deref());
        is_it(value) || value.as_array().is_some_and(|elements| elements.iter().any(is_it))
    }

    /// The remedy, as an instruction.
    pub fn remedy(&self) -> String {
        match &self.meant {
            Some(meant) => format!("did you mean `{meant}`? Otherwise {}", self.rule.remedy),
            None => self.rule.remedy.to_owned(),
        }
    }

    /// The settings that the rule is about, the likeliest cause first: of other resources those of any document.
    pub fn about(&self) -> impl Iterator<Item = Path> {
        self.rule.about.iter().map(|setting| match path(setting).segs() {
            [branch, Seg::Member(any), ..] if &**any == "*" && self.root.segs().first() == Some(branch) => {
                let own = path(setting).segs().get(self.root.segs().len()..);
                self.root.extended(own.unwrap_or_default())
            }
            _ => path(setting).clone(),
        })
    }
}

impl Rule {
    /// Whether a breach blocks the plan: the service is known to refuse it, from the model or by measurement, or may
    /// do harm.
    ///
    /// Documentation and reports about refusals have been wrong before, so they lead only to a warning.
    pub fn refuses(&self) -> bool {
        let is_known = matches!(self.evidence, Evidence::Model | Evidence::Live);
        self.harms || is_known && self.exception.is_some()
    }

    /// The resource whose documents it is about; `None` if it is about pools.
    pub(super) fn resource(&self) -> Option<&'static Resource> {
        Resource::named(path(self.about.first()?)).filter(|resource| resource.has_labels())
    }

    /// Whether documents of another resource than its own can break it.
    pub fn reaches(&self, other: &Resource) -> bool {
        let is_its = |setting: &&'static str| Resource::named(path(setting)).is_some_and(|of| of == other);
        self.resource().is_some_and(|own| own != other) && self.about.iter().any(is_its)
    }

    pub(super) fn is_undecided(&self, view: &View<'_>) -> bool {
        (self.broken)(view) == Truth::Unknown
    }

    pub(super) fn breach(&'static self, view: &View<'_>) -> Option<Breach> {
        let is_broken = (self.broken)(view) == Truth::Yes;
        let (found, meant) = view.take_found();
        is_broken.then(|| {
            let text = self.text(view, found.as_deref());
            Breach { rule: self, root: view.root(), text, found, meant }
        })
    }

    /// What is known of the service's response, as a clause about a combination that a pool has.
    pub fn reported(&self) -> &'static str {
        match self.evidence {
            _ if self.exception.is_none() => "",
            Evidence::Model | Evidence::Live => ", which Cognito refuses in a request",
            Evidence::Docs => ", which Cognito refuses according to the documentation",
            Evidence::Report => ", which Cognito has been reported to refuse",
            Evidence::Inferred => ", which Cognito may refuse",
        }
    }

    /// The service's message where nothing is known of the pool.
    pub fn any_words(&self) -> Option<String> {
        let words = PLACES.iter().fold(self.words?.to_owned(), |words, place| words.replace(place, "…"));
        Some(words)
    }

    fn text(&self, view: &View<'_>, found: Option<&str>) -> String {
        // The service's words may have it already.
        let is_told = self.words.is_some_and(|words| words.contains("{value}"));
        let what = match found {
            Some(found) if !is_told => format!("{} (`{found}`)", self.what),
            _ => self.what.to_owned(),
        };
        let Some(exception) = self.exception else { return what };
        let refusal = match self.evidence {
            _ if self.harms && self.words.is_none() => {
                "this has not been measured and may do harm, so poolctl does not send it"
            }
            Evidence::Model | Evidence::Live => "Cognito refuses that",
            Evidence::Docs => "according to the documentation, Cognito refuses that",
            Evidence::Report => "users have seen Cognito refuse that",
            Evidence::Inferred => "it has not been measured whether Cognito refuses that",
        };
        let exception = match Some(exception) {
            INVALID => String::new(),
            _ => format!(" with {exception}"),
        };
        let words = self.words.map_or_else(String::new, |words| {
            let given = [view.tier(), view.pool_id(), found];
            let told = PLACES.iter().zip(given);
            let words = told
                .fold(words.to_owned(), |words, (place, given)| words.replace(place, given.unwrap_or("…")));
            format!(": \"{words}\"")
        });
        format!("{what}; {refusal}{exception}{words}")
    }
}
