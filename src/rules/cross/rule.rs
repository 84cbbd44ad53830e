//! One rule, and how it is said.

use super::truth::Truth;
use super::view::View;
use crate::catalogue::Evidence;

/// What the service demands across settings.
#[derive(Debug)]
pub struct Rule {
    /// A stable name.
    pub code: &'static str,
    /// The settings whose change can bring the breach about, the likeliest first.
    pub about: &'static [&'static str],
    /// What a pool that breaks it is like, in a clause.
    pub what: &'static str,
    /// The exception that the service answers with; `None` where it takes the pool as it is, and serves its
    /// users badly.
    pub exception: Option<&'static str>,
    /// The service's own words where somebody has seen them; `{tier}` stands for the pool's tier.
    pub words: Option<&'static str>,
    /// What to do instead, as an order.
    pub remedy: &'static str,
    /// How sure it is that the service refuses.
    pub evidence: Evidence,
    /// Whether the service may take it and do harm. It is not tried then, however unsure that is.
    pub harms: bool,
    /// Whether a pool breaks it.
    pub(super) broken: fn(&View<'_>) -> Truth,
}

/// A rule that a pool or a request breaks for certain.
#[derive(Clone, Debug)]
pub struct Breach {
    /// The rule.
    pub rule: &'static Rule,
    /// What is at odds, and what the service says to that, in one sentence.
    pub text: String,
}

/// What the service answers to most breaches.
pub(super) const INVALID: Option<&str> = Some("InvalidParameterException");

impl Breach {
    /// Whether both say the same.
    pub fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.rule, other.rule) && self.text == other.text
    }
}

impl Rule {
    /// Whether a plan that breaks it is refused: the service is known to refuse it, by its model or by
    /// measurement, or may do harm.
    ///
    /// What documentation and users say of refusals has been wrong before, and is worth a warning only.
    pub fn refuses(&self) -> bool {
        let is_known = matches!(self.evidence, Evidence::Model | Evidence::Live);
        self.harms || is_known && self.exception.is_some()
    }

    pub(super) fn breach(&'static self, view: &View<'_>) -> Option<Breach> {
        ((self.broken)(view) == Truth::Yes).then(|| Breach { rule: self, text: self.text(view) })
    }

    fn text(&self, view: &View<'_>) -> String {
        let Some(exception) = self.exception else { return self.what.to_owned() };
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
            format!(": \"{}\"", words.replace("{tier}", view.tier().unwrap_or("…")))
        });
        format!("{}; {refusal}{exception}{words}", self.what)
    }
}
