//! Permanent settings: a pool or a document gets them when it is made. Attributes of a pool are permanent too.

use super::finding::{Finding, Level};
use super::target::Patch;
use crate::catalogue::{Catalogue, Listing};
use crate::document::{Json, Object, Path, Seg};
use crate::manifest::Origin;
use crate::manifest::yaml::{self, Value, YamlNode};
use crate::rules::Want;

const NEVER_REPLACED: &str = "poolctl never replaces a pool, because its users would be lost";

impl Patch<'_> {
    /// Adds the conflict for another value of a setting that is fixed when its pool or document is made.
    pub(super) fn immutable(&mut self, want: &Want, at: &Path, live: Option<&Json>, wanted: Option<&Json>) {
        let made = match self.catalogue.resource(at).listing {
            Some(listing) => format!("{} is made", listing.an_item()),
            None => "a pool is created".to_owned(),
        };
        self.conflict(want, at, &format!("`{at}` cannot change after {made}"), live, wanted);
    }

    /// Adds the attributes that the pool lacks. Existing ones never change and are never removed.
    pub(super) fn attributes(&mut self, want: &Want, at: &Path, wanted: Option<&Json>) {
        let live = self.canonical.at(at).and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        for attribute in wanted.and_then(Json::as_array).into_iter().flatten() {
            let Some(name) = attribute.get("Name").and_then(Json::as_str) else { continue };
            let here = at.join(Seg::Item(name.into()));
            let same = live.iter().find(|live| live.get("Name").and_then(Json::as_str) == Some(name));
            match (same, attribute.as_object()) {
                (Some(live), Some(wanted)) => self.unchanged(want, &here, live, wanted),
                (None, _) if Catalogue::is_custom_attribute(name) => {
                    Catalogue::add_attribute(&mut self.snapshot, attribute.clone())
                }
                _ => self.conflict(
                    want,
                    &here,
                    &format!("the standard attribute `{name}` can be configured only when a pool is created"),
                    None,
                    Some(attribute),
                ),
            }
        }
    }

    /// Adds a conflict for each declared member in which a live attribute differs.
    fn unchanged(&mut self, want: &Want, at: &Path, live: &Json, wanted: &Object) {
        for (name, wanted) in wanted {
            let inner = at.member(name);
            match (wanted, live.get(name)) {
                (Json::Object(wanted), Some(live)) => self.unchanged(want, &inner, live, wanted),
                (wanted, live) if self.catalogue.equal(&inner, live, Some(wanted)) => {}
                (wanted, live) => {
                    let text = format!("`{inner}` cannot change after an attribute is created");
                    self.conflict(want, &inner, &text, live, Some(wanted));
                    let place = want.origin.as_ref().and_then(|list| place_in(list, &inner));
                    if let (Some(place), Some(conflict)) = (place, self.findings.last_mut()) {
                        conflict.origin = Some(place);
                    }
                }
            }
        }
    }

    fn conflict(&mut self, want: &Want, at: &Path, text: &str, live: Option<&Json>, wanted: Option<&Json>) {
        let word = |value: Option<&Json>| value.map_or_else(|| "absent".to_owned(), Json::to_string);
        let is_declared = wanted.is_none() || self.catalogue.equal(at, want.value.as_ref(), wanted);
        let means = if is_declared { None } else { self.hidden_beside(at) };
        let (text, live) = match want.is_secret {
            true => (format!("{text}, and the secret has another value"), None),
            false => {
                let wanted = word(wanted);
                let by = match &means {
                    Some(name) => format!("`{name}`, which is declared too, means {wanted}"),
                    None => format!("the manifest declares {wanted}"),
                };
                (format!("{text}: the live value is {}, and {by}", word(live)), live)
            }
        };
        let back = live.map_or_else(String::new, |live| format!("set the line to {live}, or "));
        let back = match means {
            Some(name) => format!("delete the line of `{name}`"),
            None => format!("{back}delete the line"),
        };
        let other = match self.catalogue.resource(at).listing {
            Some(Listing { one, .. }) => format!("make a new {one} (poolctl never replaces one)"),
            None => format!("create a new pool and move the users ({NEVER_REPLACED})"),
        };
        let help = format!("{back}; for another value, {other}");
        let finding = Finding::new(Level::Conflict, "immutable-field", at, text);
        self.findings.push(finding.help(help).origin(want.origin.as_ref()));
    }
}

/// The place of an attribute's member in the list of attributes that begins at `list`; `None` if the list does not
/// name it there, as with an alias.
fn place_in(list: &Origin, at: &Path) -> Option<Origin> {
    let (root, _) = yaml::parse(&list.source.name, list.source.text.as_bytes()).ok()?;
    let [Seg::Member(_), Seg::Item(name), members @ ..] = at.segs() else { return None };
    let Value::Sequence(attributes) = &beginning_at(&root, list)?.value else { return None };
    // In reads, the name of a custom attribute has a prefix.
    let is_it = |attribute: &&YamlNode| {
        let declared = attribute.member("Name").and_then(YamlNode::scalar).map(|scalar| scalar.text.as_str());
        declared.is_some_and(|declared| {
            name.strip_suffix(declared).is_some_and(|prefix| prefix.is_empty() || prefix.ends_with(':'))
        })
    };
    let attribute = attributes.iter().find(is_it)?;
    let node = members.iter().try_fold(attribute, |node, seg| match seg {
        Seg::Member(name) => node.member(name),
        _ => None,
    })?;
    Some(Origin { source: list.source.clone(), span: node.origin.span.clone() })
}

/// The list that begins at a place.
fn beginning_at<'a>(node: &'a YamlNode, place: &Origin) -> Option<&'a YamlNode> {
    match &node.value {
        Value::Sequence(_) if node.origin.span == place.span => Some(node),
        Value::Sequence(nodes) => nodes.iter().find_map(|node| beginning_at(node, place)),
        Value::Mapping(entries) => entries.iter().find_map(|entry| beginning_at(&entry.value, place)),
        Value::Scalar(_) => None,
    }
}
