//! The complete request: the edited live document in the form that the service accepts.

use std::sync::Arc;

use super::calls::{Call, CallEffect};
use super::canonical::{has_parent, is_absent};
use super::resources::mfa::{MFA, MFA_DOCUMENT};
use super::resources::pool::POOL;
use super::tree::ResourceTree;
use super::{Catalogue, Resource, Sends, Sent, Spot, path};
use crate::document::{Document, DocumentId, Json, Object, Path, Seg, Snapshot, json};

/// What to do with live members that the model does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// Sends them back as they are.
    #[default]
    Echo,
    /// Leaves them out of the request.
    Omit,
    /// Blocks the plan.
    Stop,
}

/// A change of one document by one call.
#[derive(Clone, Copy, Debug)]
pub struct RequestEnds<'a> {
    /// The document.
    pub document: &'a DocumentId,
    /// The documents before the call.
    pub from: &'a Snapshot,
    /// The documents after it.
    pub to: &'a Snapshot,
}

impl<'a> RequestEnds<'a> {
    /// The ends of a call that sends a document back as it is live.
    pub fn back(live: &'a Snapshot, document: &'a DocumentId) -> Self {
        Self { document, from: live, to: live }
    }
}

impl Catalogue {
    /// The complete body of the call that changes a document of the pool `id`, without the members at the paths in
    /// `omit`.
    pub fn request(&self, call: &'static Call, id: &str, ends: RequestEnds<'_>, omit: &[Path]) -> Document {
        let is_its = |tree: &&ResourceTree| {
            let resource = tree.resource;
            resource.document.name() == ends.document.name() && resource.writes().any(|own| own == call)
        };
        match self.trees.iter().find(is_its) {
            Some(tree) if call.effect == CallEffect::Removes => self.address(tree.resource, call, id, &ends),
            Some(tree) => self.written(tree, call, id, &ends, omit),
            None => Self::attributes_request(id, ends.from, ends.to),
        }
    }

    /// The settings of the pool's own document as a request has them.
    pub fn sent_of_pool(&self, target: &Snapshot, omit: &[Path]) -> Document {
        let ends = RequestEnds::back(target, &DocumentId::POOL);
        let tree = self.tree(&POOL);
        let body = tree.map(|tree| self.written(tree, tree.resource.update, "", &ends, omit));
        let mut body = body.unwrap_or_default();
        body.retain(|name, _| !POOL.address.contains(&name));
        body
    }

    /// The members that say which document a request is about, as far as the call takes them. A document that hangs on
    /// another is named by that one's id too.
    fn address(&self, resource: &Resource, call: &Call, id: &str, ends: &RequestEnds<'_>) -> Document {
        let find =
            |document: &DocumentId| ends.from.document(document).or_else(|| ends.to.document(document));
        let documents = [find(ends.document), ends.document.hangs_on().as_ref().and_then(find)];
        let value = |name: &str| resource.addressed(name, id, ends.document, documents);
        let input = self.shapes.input(call.name);
        let is_taken =
            |name: &&&str| input.is_none_or(|input| input.members.iter().any(|(own, _)| own == *name));
        let address = resource.address.iter().filter(is_taken);
        address.filter_map(|name| Some(((*name).to_owned(), value(name)?))).collect()
    }

    /// The complete body of the call that makes a document of the pool `id`, or updates it: every member of the
    /// document, under its name in requests. Left out are `null`, read-only, copied and reserved members, members that
    /// the pool's tier does not accept, the paths in `omit`, and what stays where the service keeps it.
    fn written(
        &self,
        tree: &ResourceTree,
        call: &'static Call,
        id: &str,
        ends: &RequestEnds<'_>,
        omit: &[Path],
    ) -> Document {
        let resource = tree.resource;
        let document = ends.to.document(ends.document);
        let before = ends.from.document(ends.document);
        let updates = call.effect == CallEffect::Updates;
        let is_kept = |name: &str| {
            let row = tree.member(name).and_then(|top| top.node.row);
            updates && (resource.sends == Sends::Changed || row.is_some_and(|row| row.only_changed))
        };
        let stays =
            |name: &str, value| is_kept(name) && before.and_then(|before| before.get(name)) == Some(value);
        let mut body = self.address(resource, call, id, ends);
        let members = document.into_iter().flat_map(Document::shared_members);
        for (read, value) in members.filter(|(_, value)| !value.is_null()) {
            let name = resource.setting_name(read);
            let is_shadowed = document.is_some_and(|document| resource.is_shadowed(document, read));
            let is_address = resource.address.contains(&name);
            if self.is_sent_back(tree, call, name)
                && !is_shadowed
                && !is_address
                && !stays(read, value.as_ref())
            {
                let spot = tree.member(name).map_or_else(|| self.spot(name), |top| self.spot_of(top));
                body.share(name, without_absent(spot, value));
            }
        }
        (resource.complete)(ends.to, document, &mut body);
        resource.repair(&mut body, &|_| true);
        drop_repeated(resource, &mut body);
        self.drop_reserved(&mut body);
        let not_taken = self.not_taken(ends.to);
        for path in omit.iter().chain(&not_taken) {
            let located = self.locate(path);
            let is_address = located.path.head().is_some_and(|name| resource.address.contains(&name));
            let root = resource.root_of(ends.document);
            if located.document == *ends.document
                && !is_address
                && let Some((_, place)) = self.find_in(&root, &body, &resource.in_requests(&located.path))
            {
                body.remove(&place);
            }
        }
        body
    }

    /// Whether a call of a resource accepts the member `name`. Unknown members count as accepted, and are sent back
    /// unchanged, except for settings of another resource.
    fn is_sent_back(&self, tree: &ResourceTree, call: &Call, name: &str) -> bool {
        match tree.member(name) {
            Some(top) if call.effect == CallEffect::Creates => top.creates,
            // A model that has lost a member of the update must not take the setting out of requests.
            Some(top) => !tree.is_read_only(top) && !tree.resource.fixed.contains(&name),
            // No member of a branch is the pool's, whatever its name is.
            None if tree.whole.is_some() => true,
            None => self.home(name).is_none_or(|(_, top)| !top.updates),
        }
    }

    /// The settings that the service has filled in with their default and that a request must not
    /// hold, since the pool's tier may refuse them. Left out or sent, they say the same.
    pub fn not_taken(&self, pool: &Snapshot) -> Vec<Path> {
        let Some(tier) = pool.pool().get("UserPoolTier").and_then(Json::as_str) else { return Vec::new() };
        let rows = Self::rows().filter(|row| row.not_taken_by.contains(&tier));
        let not_taken = rows.map(|row| path(row.path)).filter(|at| {
            let value = pool.pool().at(at).filter(|_| self.setting(at).is_some());
            value.is_some_and(|value| self.is_default(at, &self.canonical_value(at, value)))
        });
        not_taken.cloned().collect()
    }

    /// The texts in a request's body, which changes this document, that must not be shown.
    pub fn secrets(&self, document: &DocumentId, body: &Object) -> Vec<String> {
        fn collect(catalogue: &Catalogue, at: &Path, members: &Object, out: &mut Vec<String>) {
            for (name, value) in members {
                let path = at.member(name);
                match value {
                    value if catalogue.is_sensitive(&path) => json::texts(value, out),
                    Json::Object(inner) => collect(catalogue, &path, inner, out),
                    _ => {}
                }
            }
        }
        let mut out = Vec::new();
        collect(self, &self.root_of(document), body, &mut out);
        out
    }

    /// The path of the member at `path` in `root`, if it exists: in canonical form, with elements of keyed lists by
    /// their keys, and with all elements by position.
    pub fn find(&self, root: &Document, path: &Path) -> Option<(Path, Path)> {
        self.find_in(&Path::root(), root, path)
    }

    /// The same in a structure of the canonical form; the paths are paths in that.
    fn find_in(&self, around: &Path, root: &Document, path: &Path) -> Option<(Path, Path)> {
        let (mut by_key, mut by_position) = (Path::root(), Path::root());
        for seg in path.segs() {
            let list = root.at(&by_position).and_then(Json::as_array);
            let key = self.member(&around.extended(by_key.segs())).and_then(|field| field.key_member());
            let position = match (seg, list) {
                (Seg::Item(name), Some(list)) => {
                    let named = |element: &Json| element.get(key?)?.as_str().map(|key| key == &**name);
                    Seg::Index(list.iter().position(|element| named(element) == Some(true))?)
                }
                _ => seg.clone(),
            };
            by_position = by_position.join(position);
            let value = root.at(&by_position)?;
            by_key = by_key.join(match seg {
                Seg::Index(index) => element(key, *index, value),
                _ => seg.clone(),
            });
        }
        Some((by_key, by_position))
    }

    /// The members of a request's body that the model does not know, at any depth: a client that checks its
    /// input by the same model refuses them.
    pub fn unknown_in(&self, call: &'static Call, body: &Object) -> Vec<Path> {
        let Some(tree) = self.trees.iter().find(|tree| tree.resource.writes().any(|own| own == call)) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for (name, value) in body.iter().filter(|(name, _)| !tree.resource.address.contains(&name.as_str())) {
            let at = || Path::members([name.as_str()]);
            match tree.member(name).filter(|top| top.updates || top.creates) {
                Some(top) => unknown(self.spot_of(top), value, &at, &mut out),
                None => out.push(at()),
            }
        }
        out
    }

    /// The members of both live documents that the model does not know, at any depth.
    pub fn unknown(&self, live: &Snapshot) -> Vec<Path> {
        let mut out = Vec::new();
        let visit = |name: &str, value: &Json, out: &mut Vec<Path>| {
            unknown(self.spot(name), value, &|| Path::members([name]), out);
        };
        let settings =
            live.pool().members().filter(|(name, value)| !value.is_null() && !self.is_read_only(name));
        settings.for_each(|(name, value)| visit(Self::setting_name(name), value, &mut out));
        let Some(mfa) = self.tree(&MFA) else { return out };
        for (name, value) in
            live.mfa().into_iter().flat_map(Document::members).filter(|(_, value)| !value.is_null())
        {
            match mfa.member(name).is_some() {
                true => visit(name, value, &mut out),
                false => out.push(Path::members([MFA_DOCUMENT, name])),
            }
        }
        for tree in self.trees.iter().filter(|tree| tree.whole.is_some()) {
            for id in tree.resource.documents_in(live) {
                let document = live.document(&id);
                for (name, value) in document.into_iter().flat_map(Document::members) {
                    let spot = tree.member(name).map_or_else(Spot::default, |top| self.spot_of(top));
                    if !value.is_null() && !tree.resource.address.contains(&name) {
                        unknown(spot, value, &|| tree.resource.root_of(&id).member(name), &mut out);
                    }
                }
            }
        }
        for (mirror, truth) in self.mfa_mirrors() {
            let repeated = live.mfa().and_then(|mfa| mfa.at(mirror));
            let mut found = Vec::new();
            for (name, value) in repeated.and_then(Json::as_object).into_iter().flatten() {
                unknown(self.spot_at(mirror).member(name), value, &|| mirror.member(name), &mut found);
            }
            let in_pool =
                |at: &Path| truth.extended(at.segs().get(mirror.segs().len()..).unwrap_or_default());
            out.extend(found.into_iter().filter(|at| live.pool().at(&in_pool(at)).is_none()));
        }
        out
    }

    fn drop_reserved(&self, body: &mut Document) {
        for (name, value) in body.shared_members_mut() {
            let Some(row) = self.spot(name).field().and_then(|field| field.row) else { continue };
            let has_reserved = |entries: &Object| entries.keys().any(|key| row.reserves(key));
            if value.as_object().is_some_and(has_reserved)
                && let Json::Object(entries) = Arc::make_mut(value)
            {
                entries.retain(|key, _| !row.reserves(key));
            }
        }
    }
}

/// Takes the legacy of two aliased members out where the service wants the truth alone.
fn drop_repeated(resource: &Resource, body: &mut Document) {
    for alias in resource.aliases.iter().filter(|alias| alias.send == Sent::Truth) {
        let (legacy, truth) = alias.paths();
        let has_truth = body.at(truth).is_some_and(|value| !value.is_null());
        if !has_truth && !alias.creates && !has_parent(body, truth) {
            continue;
        }
        match body.remove(legacy) {
            Some(value) if !has_truth && !value.is_null() => body.set(truth, value),
            _ => {}
        }
    }
}

/// A value as a request holds it: a known member that is `null` says no more than its absence.
fn without_absent(spot: Spot<'_>, value: &Arc<Json>) -> Arc<Json> {
    fn said(spot: Spot<'_>, value: &Json) -> Json {
        match value {
            Json::Object(members) => {
                let kept = members.iter().filter(|(name, value)| !is_absent(spot, name, value));
                kept.map(|(name, value)| (name.clone(), said(spot.member(name), value))).collect()
            }
            Json::Array(elements) => elements.iter().map(|value| said(spot.element(), value)).collect(),
            scalar => scalar.clone(),
        }
    }
    if json::has_null(value) { Arc::new(said(spot, value)) } else { Arc::clone(value) }
}

/// The members that the model does not know of the value at `spot`, whose path is `at`.
fn unknown(spot: Spot<'_>, value: &Json, at: &dyn Fn() -> Path, out: &mut Vec<Path>) {
    let Some(field) = spot.field() else {
        out.push(at());
        return;
    };
    // What it repeats of the pool has been visited there.
    if field.row.is_some_and(|row| row.repeats.is_some()) {
        return;
    }
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                unknown(spot.member(name), value, &|| at().member(name), out);
            }
        }
        Json::Array(elements) => {
            let key = field.key_member();
            for (index, value) in elements.iter().enumerate() {
                unknown(spot.element(), value, &|| at().join(element(key, index, value)), out);
            }
        }
        _ => {}
    }
}

/// An element of a list as the canonical form addresses it: by its key where it has one.
fn element(key: Option<&str>, index: usize, value: &Json) -> Seg {
    let name = key.and_then(|key| value.get(key)).and_then(Json::as_str);
    name.map_or(Seg::Index(index), |name| Seg::Item(name.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::calls::UPDATE_USER_POOL;
    use crate::shapes::Shapes;
    use serde_json::json;

    fn request(pool: Json, omit: &[&str]) -> Json {
        let omit: Vec<Path> = omit.iter().map(|text| text.parse().unwrap()).collect();
        let pool = Snapshot::of_pool(pool.as_object().cloned().unwrap());
        let ends = RequestEnds::back(&pool, &DocumentId::POOL);
        let catalogue = Catalogue::new(Shapes::bundled());
        Json::Object(catalogue.request(&UPDATE_USER_POOL, "eu-west-1_abc", ends, &omit).to_object())
    }

    #[test]
    fn every_settable_member_goes_back_and_nothing_read_only_does() {
        let body = request(
            json!({
                "Id": "eu-west-1_abc", "Name": "customers", "Arn": "arn:…", "CreationDate": 1.5,
                "SchemaAttributes": [], "AliasAttributes": ["email"], "EstimatedNumberOfUsers": 7,
                "LambdaConfig": {"PreSignUp": "arn", "BrandNewTrigger": {"X": 1}},
                "BrandNewSetting": [1.10],
            }),
            &[],
        );
        assert_eq!(
            body,
            json!({
                "UserPoolId": "eu-west-1_abc", "PoolName": "customers",
                "LambdaConfig": {"PreSignUp": "arn", "BrandNewTrigger": {"X": 1}},
                "BrandNewSetting": [1.10],
            })
        );
    }

    #[test]
    fn a_setting_that_an_emulator_shows_under_both_of_its_names_is_sent_as_the_read_has_it() {
        let pool = json!({"Name": "customers", "PoolName": "other"});
        assert_eq!(request(pool.clone(), &[])["PoolName"], json!("customers"));
        let live = Snapshot::of_pool(pool.as_object().cloned().unwrap());
        let canonical = Catalogue::new(Shapes::bundled()).canonical(&live);
        assert_eq!(canonical.get("PoolName"), Some(&json!("customers")));
    }

    #[test]
    fn what_repeats_another_member_is_sent_once() {
        let body = request(
            json!({
                "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
                "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": 3},
                "EmailVerificationMessage": "old {####}",
                "VerificationMessageTemplate": {"SmsMessage": "{####} sms"},
                "SmsVerificationMessage": "{####} sms",
                "LambdaConfig": {"PreTokenGeneration": "a", "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": "a"}},
            }),
            &[],
        );
        assert_eq!(
            body,
            json!({
                "UserPoolId": "eu-west-1_abc",
                "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
                "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true},
                "VerificationMessageTemplate": {"SmsMessage": "{####} sms", "EmailMessage": "old {####}"},
                "LambdaConfig": {"PreTokenGeneration": "a", "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": "a"}},
            })
        );
    }

    #[test]
    fn an_old_pool_keeps_the_only_home_its_value_has() {
        let pool = json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 30}});
        let body = request(pool, &[]);
        assert_eq!(body["AdminCreateUserConfig"], json!({"UnusedAccountValidityDays": 30}));
        let pool = json!({
            "Policies": {"PasswordPolicy": {"MinimumLength": 8}},
            "AdminCreateUserConfig": {"UnusedAccountValidityDays": 30},
        });
        let body = request(pool, &[]);
        assert_eq!(body["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"], json!(30));
        assert_eq!(body["AdminCreateUserConfig"], json!({}));
    }

    #[test]
    fn aws_tags_and_omitted_members_stay_out() {
        let body = request(
            json!({"UserPoolTags": {"aws:x": "1", "a.b": "2", "c": "3"}, "AcrConfiguration": {}}),
            &["AcrConfiguration", r#"UserPoolTags["a.b"]"#],
        );
        assert_eq!(body, json!({"UserPoolId": "eu-west-1_abc", "UserPoolTags": {"c": "3"}}));
    }

    #[test]
    fn a_default_goes_back_unless_the_pools_tier_does_not_take_it() {
        let acr = |name: &str| json!({"Level1": {"AcrValue": name}});
        let sent = |tier: &str, acr: Json| {
            request(json!({"UserPoolTier": tier, "AcrConfiguration": acr}), &[])["AcrConfiguration"].clone()
        };
        assert_eq!(sent("LITE", acr("urn:cognito:loa:1")), json!(null));
        assert_eq!(sent("LITE", acr("mine")), acr("mine"));
        assert_eq!(sent("ESSENTIALS", acr("urn:cognito:loa:1")), acr("urn:cognito:loa:1"));
    }

    #[test]
    fn unknown_members_are_found_at_any_depth_of_both_documents() {
        let object = |value: Json| value.as_object().cloned().unwrap();
        let live = Snapshot::new(
            object(json!({
                "Arn": "a", "New": 1, "MfaConfiguration": "ON",
                "Policies": {"PasswordPolicy": {"NewRule": true}},
                "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1, "New": 2}]},
                "UserPoolTags": {"anything": "goes"},
            })),
            Some(object(
                json!({"MfaConfiguration": "ON", "FaceMfaConfiguration": {}, "SoftwareTokenMfaConfiguration": {"Digits": 8}}),
            )),
        );
        let found: Vec<String> =
            Catalogue::new(Shapes::bundled()).unknown(&live).iter().map(Path::to_string).collect();
        assert_eq!(
            found,
            [
                "New",
                "Policies.PasswordPolicy.NewRule",
                "AccountRecoverySetting.RecoveryMechanisms[verified_email].New",
                "GetUserPoolMfaConfig.FaceMfaConfiguration",
                "SoftwareTokenMfaConfiguration.Digits",
            ]
        );
    }
}
