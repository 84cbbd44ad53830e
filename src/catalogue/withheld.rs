//! Documents that are saved without the values that must not be shown.

use super::resources::RESOURCES;
use super::{Catalogue, Resource};
use crate::document::saved::WITHHELD;
use crate::document::{Document, DocumentId, Json, Path, Seg, Snapshot};

impl Catalogue {
    /// The documents with [`WITHHELD`] in the place of each value that must not be shown, and of each at a path that
    /// `is_secret`.
    pub fn without_secrets(&self, live: &Snapshot, is_secret: &dyn Fn(&Path) -> bool) -> Snapshot {
        let mut snapshot = live.clone();
        for (id, document) in live.documents() {
            let (Some(document), false) = (document, is_list(id)) else { continue };
            let mut places = Vec::new();
            let root = self.root_of(id);
            for (name, value) in document.members() {
                let is_hidden = |at: &Path| {
                    let canonical = canonical(id, at);
                    self.is_sensitive(&root.extended(at.segs())) || is_secret(&canonical)
                };
                hidden(&is_hidden, &Path::members([name]), value, &mut places);
            }
            for place in places {
                snapshot.document_mut(id.clone()).set(&place, WITHHELD.into());
            }
        }
        snapshot
    }

    /// The documents with the values of `live` in the places of withheld values, where `live` has some.
    pub fn filled(saved: &Snapshot, live: &Snapshot) -> Snapshot {
        let mut filled = saved.clone();
        for (id, at) in withheld_places(saved) {
            if let Some(value) = live.document(&id).and_then(|document| document.at(&at)) {
                filled.document_mut(id).set(&at, value.clone());
            }
        }
        filled
    }

    /// Whether a value, or a value in it, is withheld.
    pub fn is_withheld(value: &Json) -> bool {
        match value {
            Json::Object(members) => members.values().any(Self::is_withheld),
            Json::Array(elements) => elements.iter().any(Self::is_withheld),
            value => *value == WITHHELD,
        }
    }

    /// The canonical paths of the values that these documents were saved without.
    pub fn withheld(live: &Snapshot) -> Vec<Path> {
        withheld_places(live).iter().map(|(id, at)| canonical(id, at)).collect()
    }

    /// The same, each setting once: without the copies that the MFA document has of settings of the pool.
    pub fn withheld_settings(&self, live: &Snapshot) -> Vec<Path> {
        let all = Self::withheld(live);
        let is_copy = |path: &Path| {
            let mut mirrors = self.mfa_mirrors();
            mirrors.any(|(copy, truth)| path.is_within(copy) && all.iter().any(|own| own.overlaps(truth)))
        };
        all.iter().filter(|path| !is_copy(path)).cloned().collect()
    }
}

/// The documents and the places in them that have [`WITHHELD`].
fn withheld_places(live: &Snapshot) -> Vec<(DocumentId, Path)> {
    let mut out = Vec::new();
    for (id, document) in live.documents() {
        let mut places = Vec::new();
        let is_marked =
            |at: &Path| document.and_then(|document| document.at(at)).is_some_and(|value| *value == WITHHELD);
        let members = document.into_iter().flat_map(Document::members);
        for (name, value) in members.filter(|(_, value)| Catalogue::is_withheld(value)) {
            hidden(&is_marked, &Path::members([name]), value, &mut places);
        }
        out.extend(places.into_iter().map(|place| (id.clone(), place)));
    }
    out
}

/// Whether this is the list of documents with labels: ids and names.
fn is_list(id: &DocumentId) -> bool {
    id.label().is_none() && DocumentId::is_labelled(id.name())
}

/// The canonical path of a place in a document.
fn canonical(id: &DocumentId, at: &Path) -> Path {
    let resource = RESOURCES.into_iter().find(|resource| resource.document.name() == id.name());
    let of = |resource: &Resource| resource.root_of(id).extended(resource.in_requests(at).segs());
    resource.map_or_else(|| at.clone(), of)
}

/// The places at and below a path that are hidden, outermost first.
fn hidden(is_hidden: &dyn Fn(&Path) -> bool, at: &Path, value: &Json, out: &mut Vec<Path>) {
    if is_hidden(at) && !value.is_null() {
        out.push(at.clone());
        return;
    }
    match value {
        Json::Object(members) => {
            members.iter().for_each(|(name, value)| hidden(is_hidden, &at.member(name), value, out));
        }
        Json::Array(elements) => {
            let each = elements.iter().enumerate();
            each.for_each(|(index, value)| hidden(is_hidden, &at.join(Seg::Index(index)), value, out));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::shapes::Shapes;

    fn document(value: Json) -> Document {
        value.as_object().cloned().unwrap().into()
    }

    #[test]
    fn what_is_withheld_is_known_to_be_and_everything_else_is_there() {
        let catalogue = Catalogue::new(Shapes::bundled());
        let web = DocumentId::CLIENTS.labelled("web");
        let client = json!({
            "ClientId": "3n4b", "ClientName": "web", "CreationDate": 1, "GenerateSecret": true,
            "AnalyticsConfiguration": {"ExternalId": "secret", "RoleArn": "arn"},
            "NewMember": {"Key": [1]}, "RefreshTokenRotation": {"Feature": "ENABLED", "New": 1},
        });
        let live = Snapshot::of_pool(document(json!({
            "Name": "shop", "SmsConfiguration": {"ExternalId": "secret", "SnsCallerArn": "arn"},
            "EmailVerificationMessage": "secret {####}",
        })));
        let live = live.with(DocumentId::CLIENTS, Some(document(json!({"web": {"ClientId": "3n4b"}}))));
        let live = live.with(web.clone(), Some(document(client)));
        let is_secret = |path: &Path| path.head() == Some("EmailVerificationMessage");
        let saved = catalogue.without_secrets(&live, &is_secret);
        let text = format!("{:?}", saved.documents().collect::<Vec<_>>());
        assert!(!text.contains("secret\""), "{text}");
        let withheld: Vec<String> = Catalogue::withheld(&saved).iter().map(ToString::to_string).collect();
        assert_eq!(
            withheld,
            [
                "clients.web.AnalyticsConfiguration.ExternalId",
                "clients.web.NewMember",
                "clients.web.RefreshTokenRotation.New",
                "SmsConfiguration.ExternalId",
                "EmailVerificationMessage",
            ]
        );
        assert_eq!(saved.document(&web).unwrap().get("ClientId"), Some(&json!("3n4b")));
        assert_eq!(saved.document(&DocumentId::CLIENTS), live.document(&DocumentId::CLIENTS));
        assert!(Catalogue::withheld(&live).is_empty());
    }
}
