//! Reading the file, a pool at a time: what is none, or is no longer what was written, is refused with the reason.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Deserializer;
use serde_json::de::Read;

use super::fingerprint::{DocumentDigest, digest};
use super::format::{PlanFile, PoolRecord};
use super::recall::{SavedPlan, SavedPool};
use super::unusable::Unusable;
use crate::document::json::{FileError, ParseError};
use crate::document::twins::{TwinPlace, TwinWatch};
use crate::document::{DocumentKind, Json, Object};
use crate::plan::Sharing;
use crate::report::json::FORMAT_VERSION;

/// The member that is a list of all pools.
pub(super) const POOLS: &str = "pools";

/// Whether a file is a saved plan, or the beginning of one: then it is JSON that is cut off, and its first
/// member is a `format_version`.
pub fn is_saved<'de, R: Read<'de>>(text: &mut Deserializer<R>) -> bool {
    let mut names = Object::new();
    match (&mut *text).deserialize_map(NamesVisitor(&mut names)).and_then(|()| text.end()) {
        Ok(()) => DocumentKind::of(&names) == Some(DocumentKind::SavedPlan),
        Err(_) => names.keys().next().is_some_and(|name| name == "format_version"),
    }
}

/// Collects the names of a document's members.
struct NamesVisitor<'a>(&'a mut Object);

impl<'de> Visitor<'de> for NamesVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key()? {
            self.0.insert(name, Json::Null);
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

impl SavedPlan {
    /// Reads a file to apply its plan.
    ///
    /// # Errors
    /// When it is none, is not whole, was edited, or is of a format or with a code that this version does
    /// not know.
    pub fn read<'de, R: Read<'de>>(text: &mut Deserializer<R>) -> Result<Self, Unusable> {
        PlanReader::default().read(text)
    }

    /// Reads a file to show its plan: what only an apply needs is left out.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn shown<'de, R: Read<'de>>(text: &mut Deserializer<R>) -> Result<Self, Unusable> {
        PlanReader { is_shown: true, ..PlanReader::default() }.read(text)
    }
}

/// What was read of a file so far.
#[derive(Default)]
struct PlanReader {
    is_shown: bool,
    sharing: Sharing,
    /// The members, without what is in the list of pools.
    members: Object,
    digest: DocumentDigest,
    pools: Vec<SavedPool>,
    /// What is wrong with the first pool that is damaged: of a file that was edited, nobody wants to know.
    damage: Option<Unusable>,
    twins: TwinWatch,
}

impl PlanReader {
    fn read<'de, R: Read<'de>>(mut self, text: &mut Deserializer<R>) -> Result<SavedPlan, Unusable> {
        match (&mut *text).deserialize_map(&mut self).and_then(|()| text.end()) {
            Err(error) if !error.is_data() => Err(FileError::from(ParseError::from(error)).into()),
            // It is JSON, perhaps with a value that no plan has there.
            ended => self.plan(ended.is_ok()),
        }
    }

    /// The plan, if the file that has been read, as far as it `is_read`, is one.
    fn plan(self, is_read: bool) -> Result<SavedPlan, Unusable> {
        let Self { members, digest, pools, damage, twins, .. } = self;
        let text = |name: &str| members.get(name).and_then(Json::as_str);
        let is_plan = |kind| matches!(kind, DocumentKind::SavedPlan | DocumentKind::Output);
        let (Some(format), Some(tool)) = (text("format_version"), text("tool_version")) else {
            return Err(Unusable::Foreign);
        };
        if !DocumentKind::of(&members).is_some_and(is_plan) {
            return Err(Unusable::Foreign);
        }
        if is_newer(format)? {
            return Err(Unusable::Newer { found: format.to_owned(), tool: tool.to_owned() });
        }
        if is_read && !members.contains_key("saved") && !members.contains_key("digest") {
            return Err(Unusable::NotSaved);
        }
        if let Some(twice) = twins.first() {
            return Err(Unusable::Twice(twice));
        }
        if !is_read || text("digest") != Some(&digest.end()) {
            return Err(Unusable::Edited);
        }
        if let Some(damage) = damage {
            return Err(damage.in_file_of(tool));
        }
        let malformed = |error: serde_json::Error| Unusable::Malformed(error.to_string());
        let document: PlanFile = serde_json::from_value(Json::Object(members)).map_err(malformed)?;
        if document.saved.labels.len() != document.diagnostics.len() {
            return Err(mismatch());
        }
        SavedPlan::recall(document, pools)
    }
}

fn mismatch() -> Unusable {
    Unusable::Malformed("its parts do not match".to_owned())
}

impl<'de> Visitor<'de> for &mut PlanReader {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a saved plan")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let place = TwinPlace::Member(&TwinPlace::Top, &name);
            if self.members.contains_key(&name) {
                self.twins.found(&place);
            }
            if name == POOLS {
                self.members.insert(name, Json::Null);
                members.next_value_seed(&mut *self)?;
                continue;
            }
            let value = members.next_value_seed(self.twins.at(&place))?;
            if name != "digest" {
                self.digest.member(&name, &value);
            }
            self.members.insert(name, value);
        }
        Ok(())
    }
}

/// The list of pools.
impl<'de> DeserializeSeed<'de> for &mut PlanReader {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(PoolsVisitor(self))
    }
}

struct PoolsVisitor<'a>(&'a mut PlanReader);

impl<'de> Visitor<'de> for PoolsVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of pools")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pools: A) -> Result<(), A::Error> {
        let reader = self.0;
        let list = TwinPlace::Member(&TwinPlace::Top, POOLS);
        for position in 0.. {
            let place = TwinPlace::Element(&list, position);
            let Some(pool) = pools.next_element_seed(reader.twins.at(&place))? else { break };
            reader.digest.element(POOLS, &pool);
            if reader.damage.is_none() {
                match reader.pool(pool) {
                    Ok(pool) => reader.pools.push(pool),
                    Err(damage) => reader.damage = Some(damage),
                }
            }
        }
        reader.digest.end_list(POOLS);
        Ok(())
    }
}

impl PlanReader {
    fn pool(&self, pool: Json) -> Result<SavedPool, Unusable> {
        let record: PoolRecord =
            serde_json::from_value(pool).map_err(|error| Unusable::Malformed(error.to_string()))?;
        let kept = &record.saved;
        let is_whole = kept.manifest_digest == digest(kept.manifest.as_bytes())
            && kept.changes.len() == record.changes.len()
            && kept.steps.len() == record.steps.len();
        if !is_whole {
            return Err(mismatch());
        }
        SavedPool::recall(record, &self.sharing, self.is_shown)
    }
}

/// Whether a format is later than this version's; a minor one may hold what must not be passed over.
fn is_newer(format: &str) -> Result<bool, Unusable> {
    let parts = |text: &str| -> Option<(u32, u32)> {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    let malformed = || Unusable::Malformed(format!("`{format}` is not a format version"));
    let (known, found) = (parts(FORMAT_VERSION).unwrap_or_default(), parts(format).ok_or_else(malformed)?);
    Ok(found > known)
}
