//! The MFA configuration of a pool: a document and a write of its own, with copies of some of the pool's settings.

use std::sync::Arc;

use crate::catalogue::calls;
use crate::catalogue::resource::{MFA_MODE, Resource};
use crate::catalogue::table::Evidence::{Docs, Inferred, Live, Model};
use crate::catalogue::table::Removal::{Omit, Send};
use crate::catalogue::table::{Fill, REMOVED, Row};
use crate::catalogue::{Catalogue, path};
use crate::document::{Document, DocumentId, Json, Object, Path, Snapshot, json};

/// The key of the canonical form for members of the MFA document that contradict the pool's, or that the model
/// does not know.
pub const MFA_DOCUMENT: &str = "GetUserPoolMfaConfig";

/// The MFA configuration.
pub(in crate::catalogue) static MFA: Resource = Resource {
    document: DocumentId::MFA,
    read: &calls::GET_USER_POOL_MFA_CONFIG,
    answer: None,
    update: &calls::SET_USER_POOL_MFA_CONFIG,
    create: None,
    lasting: &[MFA_MODE],
    apart: Some(MFA_DOCUMENT),
    rows: ROWS,
    complete: with_mode,
    ..Resource::IN_POOL
};

/// Members of the MFA document that are copies of pool settings: `(in the MFA document, in the pool)`.
static MFA_MIRRORS: &[(&str, &str)] = &[
    (MFA_MODE, MFA_MODE),
    ("SmsMfaConfiguration.SmsConfiguration", "SmsConfiguration"),
    ("SmsMfaConfiguration.SmsAuthenticationMessage", "SmsAuthenticationMessage"),
];

/// The factor of MFA that lives on a sender of the pool's, and that sender. Inferred: a call that sends
/// the MFA document without the one takes the other away (from the report
/// hashicorp/terraform-provider-aws#28294).
const FACTOR_WITH_SENDER: (&str, &str) = ("SmsMfaConfiguration", "SmsConfiguration");

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::new(
        "SmsMfaConfiguration",
        "SMS as an MFA factor. If the setting is present, the factor is on. The pool's `SmsConfiguration` is the sender.",
        Omit,
        Inferred,
    )
    .factor("SMS is an MFA factor")
    .fill(Fill::Beside("SmsConfiguration")),
    Row::new(
        "SmsMfaConfiguration.SmsAuthenticationMessage",
        "A copy of the pool's `SmsAuthenticationMessage`.",
        Omit,
        Model,
    )
    .repeats("SmsAuthenticationMessage"),
    Row::new(
        "SmsMfaConfiguration.SmsConfiguration",
        "A copy of the pool's `SmsConfiguration`.",
        Omit,
        Model,
    )
    .repeats("SmsConfiguration"),
    Row::new(
        "SmsMfaConfiguration.SmsConfiguration.ExternalId",
        "The external id that the role's trust policy requires.",
        Omit,
        Model,
    )
    .sensitive(),
    Row::new(
        "SmsMfaConfiguration.SmsConfiguration.EumsSms.ExternalId",
        "The external id that the role's trust policy requires.",
        Omit,
        Model,
    )
    .sensitive(),
    Row::new("SoftwareTokenMfaConfiguration", "Authenticator apps (TOTP) as an MFA factor.", Omit, Live)
        .inactive_without_mfa()
        .falls_to(REMOVED),
    Row::new("SoftwareTokenMfaConfiguration.Enabled", "Whether authenticator apps (TOTP) are an MFA factor.", Send("false"), Live).default("false"),
    Row::new(
        "EmailMfaConfiguration",
        "E-mail as an MFA factor, and its message. If the setting is present, the factor is on.",
        Omit,
        Inferred,
    )
    .factor("e-mail is an MFA factor"),
    Row::new("EmailMfaConfiguration.Message", "The text of the e-mail that carries an MFA code.", Omit, Docs)
        .fill(Fill::Any),
    Row::new(
        "EmailMfaConfiguration.Subject",
        "The subject of the e-mail that carries an MFA code.",
        Omit,
        Docs,
    )
    .fill(Fill::Any),
    Row::new("WebAuthnConfiguration", "Passkeys: the domain that they belong to, and how many factors they count as.", Omit, Live),
    Row::new(
        "WebAuthnConfiguration.RelyingPartyId",
        "The domain that passkeys belong to. A passkey works for no other domain.",
        Omit,
        Docs,
    )
    .fill(Fill::Any),
    Row::new(
        "WebAuthnConfiguration.UserVerification",
        "Whether a passkey must ask for a fingerprint, a face or a PIN (`required`), or does so if it can (`preferred`).",
        Send(r#""preferred""#),
        Docs,
    )
    .default(r#""preferred""#)
    .fill(Fill::OneOf(&[r#""preferred""#])),
    Row::new(
        "WebAuthnConfiguration.FactorConfiguration",
        "Whether a passkey counts as one factor, or as several if it verifies its user.",
        Send(r#""SINGLE_FACTOR""#),
        Live,
    )
    .default(r#""SINGLE_FACTOR""#)
    .fill(Fill::OneOf(&[r#""SINGLE_FACTOR""#])),
];

impl Catalogue {
    /// The members of the MFA document that are copies of pool settings: the copy's path and the setting's.
    pub fn mfa_mirrors(&self) -> impl Iterator<Item = (&'static Path, &'static Path)> {
        MFA_MIRRORS.iter().map(|(mirror, truth)| (path(mirror), path(truth)))
    }

    /// The factor that needs the pool's sender. While MFA is on, a call with the MFA document must contain the
    /// factor, or may remove the sender.
    pub fn factor_with_sender() -> &'static str {
        FACTOR_WITH_SENDER.0
    }

    /// Whether a pool has that sender. An empty structure, which some emulators return, does not count.
    pub fn has_sender(pool: &Document) -> bool {
        let sender = pool.get(FACTOR_WITH_SENDER.1).and_then(Json::as_object);
        sender.is_some_and(|sender| !sender.is_empty())
    }

    /// The settings that are factors of MFA: all are off while MFA is off.
    pub fn factors() -> impl Iterator<Item = &'static str> {
        ROWS.iter().filter(|row| row.factor).map(|row| row.path)
    }

    /// The settings that only the MFA document has.
    pub fn settings_of_mfa(&self) -> impl Iterator<Item = &str> {
        self.settings().filter(|name| self.is_of(name, &DocumentId::MFA))
    }

    /// Turns the result of [`Self::canonical_of_all`] for these documents into that of [`Self::canonical`].
    pub fn without_idle_factors(&self, mut canonical: Document, live: &Snapshot) -> Document {
        if self.is_mfa_off(live) {
            canonical.retain(|name, _| !Self::factors().any(|factor| factor == name));
        }
        canonical
    }

    /// The MFA modes in the pool's document and in the MFA document.
    pub fn mfa_modes<'a>(&self, live: &'a Snapshot) -> [Option<&'a str>; 2] {
        let mode = |document: &'a Document| document.get(MFA_MODE)?.as_str();
        [mode(live.pool()), live.mfa().and_then(mode)]
    }

    /// Whether both documents say that MFA is off.
    pub fn is_mfa_off(&self, live: &Snapshot) -> bool {
        self.mfa_modes(live).into_iter().flatten().all(|mode| mode == "OFF")
    }

    /// Whether the canonical path is a member of the MFA document that contradicts the pool's document.
    pub fn is_contradiction(&self, at: &Path) -> bool {
        let mirrors = || MFA_MIRRORS.iter().map(|(mirror, _)| path(mirror));
        mirrors().any(|mirror| at.is_within(mirror) && self.is_in(at, &DocumentId::MFA))
            || at.head() == Some(MFA_DOCUMENT)
                && mirrors().any(|mirror| self.locate(at).path.is_within(mirror))
    }

    /// The members of the MFA document, except its mode, under the names of the canonical form.
    pub fn mfa_members(&self, live: &Snapshot) -> Object {
        let (mut members, mut apart) = (Object::new(), Object::new());
        let said = live.mfa().into_iter().flat_map(Document::members).filter(|(_, value)| !value.is_null());
        for (name, value) in said.filter(|(name, _)| *name != MFA_MODE) {
            let target = if self.is_of(name, &DocumentId::MFA) { &mut members } else { &mut apart };
            target.insert(name.to_owned(), value.clone());
        }
        if !apart.is_empty() {
            members.insert(MFA_DOCUMENT.to_owned(), Json::Object(apart));
        }
        members
    }

    /// Adds the MFA document. A mirror that agrees with the pool is dropped. A mirror that does not, and unknown
    /// members, are kept apart, since the pool may have a member of that name.
    pub(in crate::catalogue) fn merge_mfa(&self, out: &mut Document, mfa: &Document) {
        let mut rest = mfa.clone();
        rest.retain(|_, value| !value.is_null());
        let mut apart = Object::new();
        for (mirror, of) in MFA_MIRRORS {
            let (mirror, of) = (path(mirror), path(of));
            let repeated = rest.at(mirror).filter(|value| !value.is_null());
            let agrees = match (repeated, out.at(of)) {
                (Some(repeated), Some(of)) => json::same(repeated, of),
                (repeated, _) => repeated.is_none(),
            };
            // The mode is at the top level, where the pool may lack it.
            if (agrees || mirror.segs().len() > 1)
                && let Some(repeated) = rest.remove(mirror)
                && !agrees
            {
                json::set(&mut apart, mirror, repeated);
            }
        }
        for (name, value) in rest.shared_members() {
            match self.spot(name).field().is_some() && !out.has(name) {
                true => out.share(name, Arc::clone(value)),
                false => drop(apart.insert(name.to_owned(), Json::clone(value))),
            }
        }
        if !apart.is_empty() {
            out.insert(MFA_DOCUMENT, Json::Object(apart));
        }
    }
}

/// Whether a path is that of a factor of MFA, or within it.
pub(in crate::catalogue) fn is_factor(at: &Path) -> bool {
    at.head().is_some_and(|name| Catalogue::factors().any(|factor| factor == name))
}

/// Adds the mode, which would become OFF if left out: the pool's, as far as it has one.
fn with_mode(target: &Snapshot, _: Option<&Document>, body: &mut Document) {
    let mode = target.pool().get(MFA_MODE).filter(|mode| !mode.is_null());
    let mode = mode.or_else(|| body.get(MFA_MODE)).cloned();
    body.insert(MFA_MODE, mode.unwrap_or_else(|| Json::from("OFF")));
}
