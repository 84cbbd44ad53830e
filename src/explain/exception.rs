//! The pages of the exceptions that AWS returns.

use super::facts::{fact, once};
use super::{Fact, Page, PagePart, sureness};
use crate::catalogue::{Catalogue, Effect, Exception, ExceptionClass};

/// The names of all exceptions.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    Catalogue::exceptions().iter().map(|exception| exception.name)
}

/// The page of the exception of this name.
pub(super) fn page_of(name: &str) -> Option<Page> {
    Catalogue::exception(name).map(page)
}

/// The page of an exception.
pub(super) fn page(exception: &Exception) -> Page {
    let abouts = std::iter::once(exception.about).chain(exception.cases.iter().map(|case| case.about));
    let about = once(abouts.flatten().map(|path| format!("`{path}`")));
    let mut facts = vec![fact("Write", of_a_write(exception)), fact("Read", of_a_read(exception))];
    if !about.is_empty() {
        facts.insert(0, Fact { label: "Settings", texts: about });
    }
    let cases = exception
        .cases
        .iter()
        .map(|case| format!("if the message contains `{}`: {}", case.says, case.remedy));
    let remedies = cases.chain([exception.remedy.to_owned()]).filter(|remedy| !remedy.is_empty());
    facts.push(Fact { label: "Remedy", texts: remedies.collect() });
    let cases = exception.cases.iter();
    let cases = cases.map(|case| format!("for `{}`: {}", case.says, sureness(case.evidence)));
    let own = std::iter::once(sureness(exception.evidence).to_owned());
    facts.push(Fact { label: "Evidence", texts: cases.chain(own).collect() });
    let kind = match exception.modelled {
        true => "an exception of Cognito",
        false => "an exception of AWS",
    };
    Page {
        title: exception.name.to_owned(),
        kind: kind.to_owned(),
        lead: vec![exception.text.to_owned()],
        parts: vec![PagePart::Facts(facts)],
    }
}

fn of_a_write(exception: &Exception) -> &'static str {
    match (exception.effect, exception.class) {
        (Effect::Unknown, _) => "may have been applied: poolctl reads the pool to find out",
        (Effect::NotDone, ExceptionClass::Rate | ExceptionClass::Concurrent | ExceptionClass::Expired) => {
            "was not applied: poolctl waits, reads and plans again, and sends the changes that remain"
        }
        (Effect::NotDone, _) => "was not applied, and is not retried",
    }
}

fn of_a_read(exception: &Exception) -> &'static str {
    match exception.class {
        ExceptionClass::Rate => "is retried at a lower rate",
        ExceptionClass::Service => "is retried a few times",
        ExceptionClass::Expired => "is retried once, if fresh credentials are available",
        _ => "fails at once",
    }
}
