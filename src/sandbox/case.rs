//! A write as the sandbox's rules look at it.

use super::state::State;
use crate::document::{Document, Json, Object};

/// A write to be judged.
pub(super) struct Case<'a> {
    pub(super) request: &'a Object,
    /// The pool before; nothing for a new one.
    pub(super) live: Option<&'a State>,
    /// The pool as it would be.
    pub(super) after: &'a State,
    pub(super) region: &'a str,
}

impl Case<'_> {
    pub(super) fn first_factors(&self) -> impl Iterator<Item = &str> {
        strings(&self.after.pool, "Policies.SignInPolicy.AllowedFirstAuthFactors")
    }

    pub(super) fn mfa(&self, member: &str) -> Option<&Json> {
        self.after.mfa.as_ref()?.get(member)
    }

    pub(super) fn mode(&self) -> Option<&str> {
        text(&self.after.pool, "MfaConfiguration")
    }

    pub(super) fn mode_before(&self) -> Option<&str> {
        text(&self.live?.pool, "MfaConfiguration")
    }
}

/// A request, or the document of a pool.
pub(super) trait Named {
    /// The member of this name.
    fn named(&self, name: &str) -> Option<&Json>;
    /// Gives the member of this name a value. A new member comes last.
    fn put(&mut self, name: &str, value: Json);
    /// Removes the member of this name.
    fn leave_out(&mut self, name: &str);
}

impl Named for Object {
    // A request has few members: to compare all names is faster than to hash one.
    fn named(&self, name: &str) -> Option<&Json> {
        self.iter().find_map(|(own, value)| (own == name).then_some(value))
    }

    fn put(&mut self, name: &str, value: Json) {
        self.insert(name.to_owned(), value);
    }

    fn leave_out(&mut self, name: &str) {
        self.shift_remove(name);
    }
}

impl Named for Document {
    fn named(&self, name: &str) -> Option<&Json> {
        self.get(name)
    }

    fn put(&mut self, name: &str, value: Json) {
        self.insert(name, value);
    }

    fn leave_out(&mut self, name: &str) {
        self.take(name);
    }
}

/// Whether the service's own sender sends the pool's e-mail.
pub(super) fn built_in_sender(pool: &Document) -> bool {
    text(pool, "EmailConfiguration.EmailSendingAccount") != Some("DEVELOPER")
}

/// The value at a dotted path.
pub(super) fn at<'a>(document: &'a impl Named, path: &str) -> Option<&'a Json> {
    let mut names = path.split('.');
    let first = document.named(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

/// The text at a dotted path.
pub(super) fn text<'a>(document: &'a impl Named, path: &str) -> Option<&'a str> {
    at(document, path)?.as_str()
}

/// The texts of the list at a dotted path.
pub(super) fn strings<'a, D: Named>(
    document: &'a D,
    path: &str,
) -> impl Iterator<Item = &'a str> + use<'a, D> {
    at(document, path).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
}
