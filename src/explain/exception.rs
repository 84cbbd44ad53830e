//! The pages of the exceptions that AWS answers calls with.

use super::code::{fact, once};
use super::{Fact, Page, Part, sureness};
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
    let mut facts = vec![fact("A write", of_a_write(exception)), fact("A read", of_a_read(exception))];
    if !about.is_empty() {
        facts.insert(0, Fact { label: "About", texts: about });
    }
    let cases =
        exception.cases.iter().map(|case| format!("where the message has `{}`: {}", case.says, case.remedy));
    let remedies = cases.chain([exception.remedy.to_owned()]).filter(|remedy| !remedy.is_empty());
    facts.push(Fact { label: "Remedy", texts: remedies.collect() });
    let cases = exception.cases.iter();
    let cases = cases.map(|case| format!("of `{}`: {}", case.says, sureness(case.evidence)));
    let own = std::iter::once(sureness(exception.evidence).to_owned());
    facts.push(Fact { label: "Evidence", texts: cases.chain(own).collect() });
    let kind = match exception.modelled {
        true => "an exception of Cognito's",
        false => "an exception of AWS's",
    };
    Page {
        title: exception.name.to_owned(),
        kind: kind.to_owned(),
        lead: vec![exception.text.to_owned()],
        parts: vec![Part::Facts(facts)],
    }
}

fn of_a_write(exception: &Exception) -> &'static str {
    match (exception.effect, exception.class) {
        (Effect::Unknown, _) => "may have taken place: poolctl reads the pool back to find out",
        (Effect::NotDone, ExceptionClass::Rate | ExceptionClass::Concurrent | ExceptionClass::Expired) => {
            "did not take place: poolctl waits, reads and plans again, and sends what then is to be changed"
        }
        (Effect::NotDone, _) => "did not take place, and is not repeated",
    }
}

fn of_a_read(exception: &Exception) -> &'static str {
    match exception.class {
        ExceptionClass::Rate => "is repeated at a lower rate",
        ExceptionClass::Service => "is repeated a few times",
        ExceptionClass::Expired => "is repeated once, where fresh credentials can be had",
        _ => "fails at once",
    }
}
