//! The values of a pool after an apply, for programs that judge all of it.

use super::Plan;
use crate::catalogue::Catalogue;
use crate::document::saved::WITHHELD;
use crate::document::{Json, Object, Path, json};

impl Plan {
    /// The pool as it will be, in the canonical form, so that the paths of changes and findings lead into it: settings,
    /// and the entries that were read under their branches. [`WITHHELD`] is in the place of a sensitive value. A member
    /// that the requests leave out is absent, since its value is then unknown.
    pub fn planned_values(&self, catalogue: &Catalogue) -> Object {
        let is_secret = |path: &Path| self.secret_paths().iter().any(|secret| path.is_within(secret));
        let target = catalogue.without_secrets(&self.target, &is_secret);
        let mut values = catalogue.canonical(&target.without_nulls()).to_object();
        for path in &self.report.left_out {
            json::remove(&mut values, path);
        }
        values.values_mut().for_each(|value| self.withhold(value));
        values
    }

    /// Withholds each text that is a secret of the manifest, wherever it is.
    fn withhold(&self, value: &mut Json) {
        match value {
            Json::String(text) if self.secrets().contains(text) => WITHHELD.clone_into(text),
            Json::Object(members) => members.values_mut().for_each(|value| self.withhold(value)),
            Json::Array(elements) => elements.iter_mut().for_each(|value| self.withhold(value)),
            _ => {}
        }
    }
}
