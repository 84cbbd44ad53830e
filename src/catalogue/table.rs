//! Rows about settings: everything known about one setting beyond its shape.
//!
//! Shapes, ranges and enums come from the model ([`crate::shapes`]).

use super::path;
use crate::document::Path;

/// What is known about a setting beyond its shape.
#[derive(Debug)]
pub struct Row {
    /// The setting's path in its document; `[]` is any element of a list.
    pub path: &'static str,
    /// One sentence: what the setting does.
    pub doc: &'static str,
    /// The comparison of two values, if not by shape.
    pub compare: Compare,
    /// What `null` in a manifest sends.
    pub removal: Removal,
    /// The value, as JSON, that means the same as absence.
    pub default: Option<&'static str>,
    /// The value of a new pool, as JSON, if it differs from the meaning of absence.
    pub fresh: Option<&'static str>,
    /// The effect of `null` here and within, in a few words, if it is not a default.
    pub falls_to: Option<&'static str>,
    /// The value that the service may fill in if a request leaves the member out.
    pub fill: Fill,
    /// A value that the service accepts and returns as another: `(written, read)`, as JSON.
    pub reads_as: Option<(&'static str, &'static str)>,
    /// What an empty list means, in words that can follow "means", if that is not an empty set.
    pub means_if_empty: Option<&'static str>,
    /// The elements that it then means, as far as they have names.
    pub if_empty: &'static [&'static str],
    /// Whether an empty value differs from an absent one.
    pub presence: bool,
    /// The effect of `{}` in a manifest, or `None` if it is an error.
    pub empty: Option<Empty>,
    /// Whether the value must not be shown.
    pub sensitive: bool,
    /// Whether whoever has the value has access: it does not belong in a file that others read.
    pub credential: bool,
    /// Keys with this prefix belong to AWS: never compared, never sent.
    pub reserved: Option<&'static str>,
    /// The tiers that return the setting with its default and may not accept it.
    pub not_taken_by: &'static [&'static str],
    /// The successor to declare instead.
    pub deprecated_for: Option<&'static str>,
    /// The URL from whose host the service may have taken this URL, unless another one was chosen.
    pub follows: Option<&'static str>,
    /// Whether it is a whole document with a label, which exists or not whatever its members are.
    pub document: bool,
    /// Whether no read has it: it goes along when a document is made, and is never compared.
    pub hidden: bool,
    /// Whether the service refuses the structure around it without it, in documents that have it.
    pub needed: bool,
    /// The read-only member that a read has if the setting is set, whose value no read has. A plan compares only whether it
    /// is set.
    pub shown_by: Option<&'static str>,
    /// Whether it is sent only where it changes: sending it back has an effect of its own.
    pub only_changed: bool,
    /// Whether it is a factor of MFA, which is off while MFA is off.
    pub factor: bool,
    /// Whether every request that can contain it does.
    pub always_sent: bool,
    /// The setting of which it is a copy, to be declared instead.
    pub repeats: Option<&'static str>,
    /// The prefixes that a value may have and that are not part of it.
    pub prefixes: &'static [&'static str],
    /// Whether the value is no secret, although the model marks it as one.
    pub shown: bool,
    /// The least and the greatest number, if the model has no range.
    pub range: Option<(i64, i64)>,
    /// Of a list to which an update only adds: the members that tell one element from another.
    pub only_added: &'static [&'static str],
    /// The evidence for the row.
    pub evidence: Evidence,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// As the shape says: structures by member, maps by key, lists in order.
    ByShape,
    /// A list whose order and duplicates do not matter.
    Set,
    /// A list of structures, identified by the member `key`.
    Keyed {
        /// The member that names an element.
        key: &'static str,
        /// The member that orders the elements; `None` if their order means nothing.
        order: Option<&'static str>,
    },
    /// The attributes of users: a list keyed by `Name`, in which a custom attribute's name is the same
    /// with and without its prefix.
    Attributes,
    /// A text that is a number.
    NumericText,
}

/// What `null` in a manifest sends, so that Cognito resets the member to its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// Leaves the member out.
    Omit,
    /// Sends this value, as JSON: without the member, Cognito keeps the old value, or its effect is unknown.
    Send(&'static str),
    /// Sends the pool's Region, which the service fills in if the member is absent.
    SendRegion,
    /// Nothing removes it; the reason, in words that can follow "because".
    Impossible(&'static str),
}

/// The removal of a member that the structure around it cannot be sent without.
pub(super) const REQUIRED: Removal = Removal::Impossible("the structure around it requires this member");

/// What the service may fill in if a request contains a structure without a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Nothing.
    Nothing,
    /// One of these values, as JSON.
    OneOf(&'static [&'static str]),
    /// One value, as JSON, if the structure was sent without the member, and another if the structure was not sent.
    ByStructure {
        /// If the structure was sent.
        given: &'static str,
        /// If it was not.
        absent: &'static str,
    },
    /// The pool's Region, or another one if the structure has been changed.
    Region,
    /// Any value, if the structure has been changed.
    Any,
    /// An empty structure, if the pool has this setting.
    Beside(&'static str),
}

/// The effect of an allowed `{}` in a manifest, with a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// Makes the structure present and leaves its members as they are.
    Ensure(&'static str),
    /// Removes every member.
    Clear(&'static str),
}

/// The source of a statement, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Read from the service's API model.
    Model,
    /// Measured on the live service, and published.
    Live,
    /// AWS's documentation.
    Docs,
    /// Reported by users, not measured.
    Report,
    /// Inferred, not measured.
    Inferred,
}

impl Row {
    pub(super) const fn new(
        path: &'static str,
        doc: &'static str,
        removal: Removal,
        evidence: Evidence,
    ) -> Self {
        Self {
            path,
            doc,
            removal,
            evidence,
            compare: Compare::ByShape,
            default: None,
            fresh: None,
            falls_to: None,
            fill: Fill::Nothing,
            reads_as: None,
            means_if_empty: None,
            if_empty: &[],
            presence: false,
            empty: None,
            sensitive: false,
            credential: false,
            reserved: None,
            not_taken_by: &[],
            deprecated_for: None,
            follows: None,
            document: false,
            hidden: false,
            needed: false,
            shown_by: None,
            only_changed: false,
            factor: false,
            always_sent: false,
            repeats: None,
            prefixes: &[],
            range: None,
            only_added: &[],
            shown: false,
        }
    }

    /// Whether no read has the value.
    pub fn is_unread(&self) -> bool {
        self.hidden || self.shown_by.is_some()
    }

    /// Whether `key` has a reserved prefix, in upper or lower case.
    pub fn reserves(&self, key: &str) -> bool {
        let start =
            |prefix: &str| key.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        self.reserved.is_some_and(start)
    }

    pub(super) const fn compare(mut self, compare: Compare) -> Self {
        self.compare = compare;
        self
    }

    pub(super) const fn default(mut self, json: &'static str) -> Self {
        self.default = Some(json);
        self
    }

    pub(super) const fn fresh(mut self, json: &'static str) -> Self {
        self.fresh = Some(json);
        self
    }

    pub(super) const fn falls_to(mut self, words: &'static str) -> Self {
        self.falls_to = Some(words);
        self
    }

    pub(super) const fn fill(mut self, fill: Fill) -> Self {
        self.fill = fill;
        self
    }

    pub(super) const fn reads_as(mut self, written: &'static str, read: &'static str) -> Self {
        self.reads_as = Some((written, read));
        self
    }

    /// With the elements that an empty list means.
    pub(super) const fn if_empty(mut self, elements: &'static [&'static str]) -> Self {
        self.if_empty = elements;
        self
    }

    pub(super) const fn means_if_empty(mut self, words: &'static str) -> Self {
        self.means_if_empty = Some(words);
        self
    }

    pub(super) const fn presence(mut self) -> Self {
        self.presence = true;
        self
    }

    pub(super) const fn empty(mut self, empty: Empty) -> Self {
        self.empty = Some(empty);
        self
    }

    pub(super) const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    pub(super) const fn credential(mut self) -> Self {
        self.sensitive = true;
        self.credential = true;
        self
    }

    pub(super) const fn reserved(mut self, prefix: &'static str) -> Self {
        self.reserved = Some(prefix);
        self
    }

    pub(super) const fn not_taken_by(mut self, tiers: &'static [&'static str]) -> Self {
        self.not_taken_by = tiers;
        self
    }

    pub(super) const fn prefixes(mut self, prefixes: &'static [&'static str]) -> Self {
        self.prefixes = prefixes;
        self
    }

    pub(super) const fn range(mut self, least: i64, greatest: i64) -> Self {
        self.range = Some((least, greatest));
        self
    }

    pub(super) const fn only_added(mut self, by: &'static [&'static str]) -> Self {
        self.only_added = by;
        self
    }

    pub(super) const fn shown(mut self) -> Self {
        self.shown = true;
        self
    }

    pub(super) const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    pub(super) const fn needed(mut self) -> Self {
        self.needed = true;
        self
    }

    pub(super) const fn shown_by(mut self, other: &'static str) -> Self {
        self.shown_by = Some(other);
        self
    }

    pub(super) const fn follows(mut self, other: &'static str) -> Self {
        self.follows = Some(other);
        self
    }

    pub(super) const fn only_changed(mut self) -> Self {
        self.only_changed = true;
        self
    }

    /// The row of a whole document with a label; `meaning` is that of `{}`.
    pub(super) const fn of_document(doc: &'static str, meaning: &'static str) -> Self {
        let mut row = Self::new("", doc, Removal::Omit, Evidence::Model);
        row.document = true;
        row.falls_to(REMOVED).presence().empty(Empty::Ensure(meaning))
    }

    /// Marks a factor of MFA that its presence turns on, as `{}` does.
    pub(super) const fn factor(mut self, meaning: &'static str) -> Self {
        self.factor = true;
        self.falls_to = Some(REMOVED);
        self.presence().empty(Empty::Ensure(meaning))
    }

    /// Marks a factor of MFA that a member turns on.
    pub(super) const fn inactive_without_mfa(mut self) -> Self {
        self.factor = true;
        self
    }

    pub(super) const fn always_sent(mut self) -> Self {
        self.always_sent = true;
        self
    }

    pub(super) const fn repeats(mut self, setting: &'static str) -> Self {
        self.repeats = Some(setting);
        self
    }

    pub(super) const fn deprecated_for(mut self, successor: &'static str) -> Self {
        self.deprecated_for = Some(successor);
        self
    }
}

/// What the canonical form has for a value that no read has, where a read shows that it is set.
pub const IS_SET: &str = "present";

/// The member that identifies the elements of Cognito's lists of structures.
pub(super) const NAME: &str = "Name";

/// The members that identify the elements of lists of structures.
pub(super) const KEYS: [&str; 3] = [NAME, "EventSource", "ScopeName"];

/// The effect of `null` if nothing replaces the value.
pub(super) const REMOVED: &str = "removed";

/// Two members with the same meaning, which the service keeps equal.
#[derive(Debug)]
pub struct Alias {
    /// The older member.
    pub legacy: &'static str,
    /// The member to set.
    pub truth: &'static str,
    /// The members in a request if both are live.
    pub send: Sent,
    /// Whether the legacy value may be moved to a structure that does not exist yet.
    ///
    /// Not to `PasswordPolicy`: a partial policy turns its other rules off.
    pub creates: bool,
}

impl Alias {
    /// The paths of the older member and of the member to set.
    pub fn paths(&self) -> (&'static Path, &'static Path) {
        (path(self.legacy), path(self.truth))
    }
}

/// The aliased members that a request contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Only the member to set: the service rejects both, or ignores the legacy one.
    Truth,
    /// Both, with the same value.
    Both,
}
