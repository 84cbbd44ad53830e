//! What a setting means to the service: its value, or its default where it has none.

use super::view::{SettingValue, View};
use crate::catalogue::{Catalogue, Fill, Row, TimeUnit, literal, path};
use crate::document::{Json, Path, Seg, json};
use crate::rules::meaning::SettingMeaning;

impl View<'_> {
    /// What the setting at a path in this document means to the service. Of a list with keys, an element has its key in
    /// the path. A time is in the unit that it has without a unit of its own.
    pub fn meaning(&self, at: &Path) -> SettingMeaning {
        if let Some(unit) = Catalogue::time_unit(&self.root().extended(at.segs())) {
            return self.time(at, unit);
        }
        let row = self.row(at);
        match self.value_at(at) {
            None => SettingMeaning::Unknown,
            Some(Some(Json::Array(elements))) if elements.is_empty() => {
                empty(row).unwrap_or(SettingMeaning::Known(Json::Array(elements)))
            }
            Some(Some(value)) => SettingMeaning::Known(as_read(row, value)),
            Some(None) => empty(row).unwrap_or_else(|| {
                self.default_at(at).map_or(SettingMeaning::Absent, SettingMeaning::Default)
            }),
        }
    }

    /// What a time with a unit means, in the unit of its default.
    fn time(&self, at: &Path, unit: TimeUnit) -> SettingMeaning {
        let (unset, base) = unit.absent;
        let value = match self.value_at(at) {
            None => return SettingMeaning::Unknown,
            Some(None) => return SettingMeaning::Default(Json::from(unset)),
            Some(Some(value)) if value.as_i64() == Some(0) => {
                return SettingMeaning::Default(Json::from(unset));
            }
            Some(Some(value)) => value,
        };
        let unit = at.parent().unwrap_or_default().extended(path(unit.at).segs());
        let (Some(number), Some(unit)) = (value.as_i64(), self.value_at(&unit)) else {
            return SettingMeaning::Unknown;
        };
        let unit = unit.as_ref().and_then(Json::as_str).unwrap_or(base);
        let (seconds, base) = (number.saturating_mul(TimeUnit::seconds(unit)), TimeUnit::seconds(base));
        SettingMeaning::Known(match seconds % base {
            0 => Json::from(seconds / base),
            // No time is so long that this is inexact.
            _ => Json::from(seconds as f64 / base as f64),
        })
    }

    fn row(&self, at: &Path) -> Option<&'static Row> {
        self.field_at(at)?.row
    }

    /// The value, or `None` in it if there is none; `None` if that is not known.
    fn value_at(&self, at: &Path) -> Option<Option<Json>> {
        let known = |at: &Path| match self.raw_at(at) {
            // The rest of it may have what a rule asks for.
            SettingValue::Known(value) if value.is_object() && !self.is_whole(at) => None,
            SettingValue::Known(value) => Some(Some(value.into_owned())),
            SettingValue::Absent => Some(None),
            SettingValue::Unknown => None,
        };
        let list = at.written_at();
        let Some((Seg::Item(key), rest)) = at.segs().get(list.segs().len()..).and_then(<[Seg]>::split_first)
        else {
            return known(at);
        };
        let Some(elements) = known(&list)? else { return Some(None) };
        let member = self.field_at(&list).and_then(|field| field.key_member());
        let is_it = |element: &&Json| {
            member.and_then(|member| element.get(member)).and_then(Json::as_str) == Some(key)
        };
        let element = elements.as_array().and_then(|elements| elements.iter().find(is_it));
        Some(element.and_then(|element| json::follow(element, rest)).cloned())
    }

    /// The default that a setting without a value has: its own, or its part of the one of a structure around it.
    fn default_at(&self, at: &Path) -> Option<Json> {
        let len = at.segs().len();
        let lacks = |around: &Path| self.value_at(around) == Some(None);
        (1..=len).rev().find_map(|outer| {
            let around = at.prefix(outer);
            let row = self.row(&around).filter(|_| lacks(&around))?;
            let filled = || match row.fill {
                Fill::OneOf(&[one]) => Some(one),
                Fill::ByStructure { given, absent } => {
                    Some(if around.parent().is_some_and(|parent| lacks(&parent)) { absent } else { given })
                }
                _ => None,
            };
            json::follow(&literal(row.default.or_else(filled)?), at.segs().get(outer..)?).cloned()
        })
    }
}

/// A value as reads have it.
fn as_read(row: Option<&'static Row>, value: Json) -> Json {
    let read = row.and_then(|row| row.reads_as).filter(|(written, _)| json::same(&literal(written), &value));
    read.map_or(value, |(_, read)| literal(read))
}

/// What an empty list, or none, means; `None` if it means what it is.
fn empty(row: Option<&'static Row>) -> Option<SettingMeaning> {
    let row = row.filter(|row| row.means_if_empty.is_some())?;
    Some(match row.if_empty {
        // All attributes that there are: no list has them.
        [] => SettingMeaning::Unknown,
        elements => SettingMeaning::Default(Json::from_iter(elements.iter().copied())),
    })
}
