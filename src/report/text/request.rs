//! The calls of a plan, exactly.

use crate::catalogue::{Catalogue, Operation};
use crate::document::{Json, Path, Seg};
use crate::plan::Plan;
use crate::report::visible;

/// One call of a plan as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is called.
    pub operation: Operation,
    /// The complete body as indented JSON, fit for `--cli-input-json` of the AWS CLI.
    pub body: String,
    /// A line that says which values the body does not show; nothing where it shows all.
    pub masked: Option<String>,
}

/// The calls of a plan with their complete bodies, in their order.
///
/// A sensitive value stands as `(sensitive)`. Hidden characters stand as JSON escapes, which is the
/// same JSON.
pub fn request(catalogue: &Catalogue, plan: &Plan) -> Vec<Request> {
    let step = |step: &crate::plan::Step| {
        let mut body = Json::Object(step.body.clone());
        let mut masked = Vec::new();
        // What is around a secret is shown.
        let is_sensitive = |at: &Path, value: &Json| {
            let is_text =
                value.as_str().is_some_and(|text| plan.secrets().iter().any(|secret| secret == text));
            catalogue.is_sensitive(at) || is_text || !value.is_object() && plan.is_secret(at)
        };
        mask(&is_sensitive, &Path::root(), &mut body, &mut masked);
        let masked = (!masked.is_empty()).then(|| {
            let paths: Vec<String> = masked.iter().map(ToString::to_string).collect();
            let text = format!(
                "sensitive values are not shown, put them in before you send this: {}",
                paths.join(", ")
            );
            visible::escape(&text).into_owned()
        });
        Request { operation: step.operation, body: visible::json(&body), masked }
    };
    plan.steps.iter().map(step).collect()
}

/// Puts `(sensitive)` in place of every sensitive value, and names it.
fn mask(is_sensitive: &dyn Fn(&Path, &Json) -> bool, at: &Path, value: &mut Json, masked: &mut Vec<Path>) {
    if !at.is_root() && is_sensitive(at, value) {
        *value = Json::from("(sensitive)");
        masked.push(at.clone());
        return;
    }
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                mask(is_sensitive, &at.member(name), value, masked);
            }
        }
        Json::Array(elements) => {
            for (index, value) in elements.iter_mut().enumerate() {
                mask(is_sensitive, &at.join(Seg::Index(index)), value, masked);
            }
        }
        _ => {}
    }
}
