//! The calls of a plan, exactly.

use crate::catalogue::{Call, Catalogue};
use crate::document::url::has_userinfo;
use crate::document::{Json, Object, Path, Seg};
use crate::plan::{Plan, Step};
use crate::report::visible;

/// One call of a plan as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is called.
    pub operation: &'static Call,
    /// The complete body as indented JSON, as `--cli-input-json` of the AWS CLI takes it.
    pub body: String,
    /// A line about the values that the body does not show, or `None` if it shows all.
    pub masked: Option<String>,
    /// Why the AWS CLI does not take the body, or `None` if it does.
    pub refused: Option<String>,
}

/// The calls of a plan with their complete bodies, in their order.
///
/// A sensitive value stands as `(sensitive)`. Hidden characters stand as JSON escapes, which is the
/// same JSON.
pub fn request(catalogue: &Catalogue, plan: &Plan) -> Vec<Request> {
    let step = |step: &Step| {
        let sent = plan.body(catalogue, step);
        let refused = refused(catalogue, step.operation, &sent);
        let mut body = Json::Object(sent);
        let mut masked = Vec::new();
        let root = catalogue.root_of(&step.document);
        // What is around a secret is shown.
        let is_sensitive = |at: &Path, value: &Json| {
            let at = &root.extended(at.segs());
            let is_text =
                value.as_str().is_some_and(|text| plan.secrets().iter().any(|secret| secret == text));
            let is_url = value.is_string() && has_userinfo(value);
            catalogue.is_sensitive(at) || is_text || is_url || !value.is_object() && plan.is_secret(at)
        };
        mask(&is_sensitive, &Path::root(), &mut body, &mut masked);
        let masked = (!masked.is_empty()).then(|| {
            let paths: Vec<String> = masked.iter().map(|path| format!("`{path}`")).collect();
            let text = format!(
                "sensitive values are masked. Before you send this request, replace {}",
                paths.join(", ")
            );
            visible::escape(&text).into_owned()
        });
        Request { operation: step.operation, body: visible::json(&body), masked, refused }
    };
    plan.steps.iter().map(step).collect()
}

/// Why the AWS CLI, which checks its input by its own model, does not take the body of a call.
fn refused(catalogue: &Catalogue, operation: &'static Call, body: &Object) -> Option<String> {
    let unknown = catalogue.unknown_in(operation, body);
    let mut empty = Vec::new();
    body.iter().for_each(|(name, value)| nulls(&Path::members([name.as_str()]), value, &mut empty));
    let list = |paths: &[Path]| paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
    let mut whys = Vec::new();
    if !unknown.is_empty() {
        whys.push(format!("members that are not in its model ({})", list(&unknown)));
    }
    if !empty.is_empty() {
        whys.push(format!("null ({})", list(&empty)));
    }
    let text = format!(
        "the AWS CLI does not accept {}. Without them, the request is not the planned one: use `poolctl apply`",
        whys.join(" and ")
    );
    (!whys.is_empty()).then(|| visible::escape(&text).into_owned())
}

/// The paths of what is null.
fn nulls(at: &Path, value: &Json, out: &mut Vec<Path>) {
    match value {
        Json::Null => out.push(at.clone()),
        Json::Object(members) => members.iter().for_each(|(name, value)| nulls(&at.member(name), value, out)),
        Json::Array(elements) => elements
            .iter()
            .enumerate()
            .for_each(|(index, value)| nulls(&at.join(Seg::Index(index)), value, out)),
        _ => {}
    }
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
