//! The attributes of users, as a manifest names them.

use std::collections::HashSet;

use super::settings::Importer;
use crate::catalogue::Catalogue;
use crate::document::{Json, Object, Path, Seg};
use crate::manifest::write::{CommentedEntry, Yaml};

impl Importer<'_> {
    /// The attributes that somebody asked for, each without what the model does not know.
    pub(super) fn attributes(&mut self, at: &Path, live: &[Json]) -> Option<Yaml> {
        let mut elements = Vec::new();
        let mut names = HashSet::new();
        for attribute in live.iter().filter_map(Json::as_object) {
            if !self.options.full && Catalogue::is_attribute_as_given(attribute) {
                continue;
            }
            let element = self.attribute(at, attribute);
            let name = attribute.get("Name").and_then(Json::as_str).unwrap_or_default();
            let accepted = match names.insert(name) {
                true => self.accept(at, &Yaml::Sequence(vec![element.clone()])),
                false => Err("the pool has another attribute of this name".to_owned()),
            };
            match accepted {
                Ok(()) => elements.push(element),
                Err(why) => self.leave(&at.join(Seg::Item(name.into())), &why),
            }
        }
        (!elements.is_empty()).then_some(Yaml::Sequence(elements))
    }

    fn attribute(&self, list: &Path, attribute: &Object) -> Yaml {
        let at = list.join(Seg::Index(0));
        let known = self.catalogue.setting(&at).map(|field| field.shape.members).unwrap_or_default();
        let developer = attribute.get("DeveloperOnlyAttribute") == Some(&Json::Bool(true));
        // The name first: it is what a reader looks for.
        let names = ["Name"].into_iter().chain(known.iter().map(|(name, _)| *name));
        let mut entries: Vec<CommentedEntry> = Vec::new();
        for name in names {
            let Some(value) = attribute.get(name).filter(|_| entries.iter().all(|entry| entry.key != name))
            else {
                continue;
            };
            let value = match (name, value) {
                ("Name", Json::String(text)) => Json::from(Catalogue::bare_attribute_name(text, developer)),
                ("DeveloperOnlyAttribute" | "Required", Json::Bool(false)) if !self.options.full => continue,
                (_, Json::Null) => continue,
                (name, Json::Object(members)) => Json::Object(self.known_members(&at.member(name), members)),
                (_, value) => value.clone(),
            };
            if value.as_object().is_none_or(|members| !members.is_empty()) {
                entries.push(CommentedEntry::new(name, Yaml::setting(&value)));
            }
        }
        Yaml::Mapping(entries)
    }

    /// The members that the model knows and that say something.
    pub(super) fn known_members(&self, at: &Path, members: &Object) -> Object {
        let known = |(name, value): &(&String, &Json)| {
            !value.is_null() && self.catalogue.setting(&at.member(name)).is_some()
        };
        members.iter().filter(known).map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}
