//! A write as the sandbox's rules look at it.

use super::state::State;
use crate::document::{Json, Object};

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

/// Whether the service's own sender sends the pool's e-mail.
pub(super) fn built_in_sender(pool: &Object) -> bool {
    text(pool, "EmailConfiguration.EmailSendingAccount") != Some("DEVELOPER")
}

/// The value at a dotted path.
pub(super) fn at<'a>(document: &'a Object, path: &str) -> Option<&'a Json> {
    let mut names = path.split('.');
    let first = document.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

/// The text at a dotted path.
pub(super) fn text<'a>(document: &'a Object, path: &str) -> Option<&'a str> {
    at(document, path)?.as_str()
}

/// The texts of the list at a dotted path.
pub(super) fn strings<'a>(document: &'a Object, path: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    at(document, path).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
}
