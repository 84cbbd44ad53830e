//! The customization of a pool's classic hosted UI.

use serde_json::json;

use super::answer::Refusal;
use super::case::{Case, text};
use super::ids;
use super::of_clients::OfClientRow;
use super::singles::SingleRow;
use super::state::{Collection, Single};
use crate::document::{Object, bytes};

/// UI customization: `CSS` and image together **\[D\]**. That a request without the image removes it is inferred **\[I\]**.
pub(super) const UI: SingleRow = SingleRow {
    single: Single::Ui,
    operations: ["GetUICustomization", "SetUICustomization"],
    wrapper: Some("UICustomization"),
    is_dated: true,
    off: |_| None,
    kept,
    shown,
    rules: &[domain, classes, size],
};

/// The same of an app client. A read shows the pool's to a client without one of its own, under the pool's name. **\[D\]**
pub(super) const OF_CLIENTS: OfClientRow = OfClientRow {
    collection: Collection::ClientUis,
    operations: UI.operations,
    wrapper: UI.wrapper,
    is_dated: true,
    inherits: Some(Single::Ui),
    kept: customized,
    shown,
    off: |_| None,
    rules: UI.rules,
};

/// The classes that a style sheet may be about. **\[D\]**
const CLASSES: [&str; 15] = [
    "background-customizable",
    "banner-customizable",
    "errorMessage-customizable",
    "idpButton-customizable",
    "idpDescription-customizable",
    "inputField-customizable",
    "label-customizable",
    "legalText-customizable",
    "logo-customizable",
    "passwordCheck-notValid-customizable",
    "passwordCheck-valid-customizable",
    "redirect-customizable",
    "socialButton-customizable",
    "submitButton-customizable",
    "textDescription-customizable",
];

/// The file of an image becomes a URL; a style sheet gets a version. **\[M\]**
fn kept(document: &mut Object) {
    customized(document);
    document.insert("ClientId".to_owned(), json!(POOL));
}

fn customized(document: &mut Object) {
    document.retain(|_, value| value.as_str() != Some(""));
    let now = ids::now().to_string().replace('.', "");
    if document.shift_remove("ImageFile").is_some() {
        let url = format!("https://d0123456789.cloudfront.net/{now}/assets/images/image.jpg");
        document.insert("ImageUrl".to_owned(), json!(url));
    }
    if document.contains_key("CSS") {
        document.insert("CSSVersion".to_owned(), json!(now));
    }
}

/// The `ClientId` of a request about the pool. **\[D\]**
pub(super) const POOL: &str = "ALL";

/// An answer about nothing is empty. **\[D\]**
fn shown(document: &mut Object) {
    if !["CSS", "ImageUrl"].iter().any(|name| document.contains_key(*name)) {
        document.clear();
    }
}

/// **\[L\]**
fn domain(case: &Case<'_>) -> Option<Refusal> {
    let has_domain = ["Domain", "CustomDomain"].iter().any(|name| case.after.pool.has(name));
    (!has_domain).then(|| Refusal::invalid("A domain must be associated with this user pool."))
}

/// **\[L\]** the words. A class is what follows a dot outside of braces. **\[I\]**
fn classes(case: &Case<'_>) -> Option<Refusal> {
    let css = text(case.request, "CSS")?;
    let uncommented = |part: &str| part.split_once("*/").map_or(part, |(_, rest)| rest).to_owned();
    let css: String = css.split("/*").map(uncommented).collect();
    let mut open = 0_usize;
    let mut is_outside = |c: &char| {
        let was_open = open;
        open = open.saturating_add(usize::from(*c == '{')).saturating_sub(usize::from(*c == '}'));
        was_open == 0
    };
    let selectors: String = css.chars().filter(|c| is_outside(c)).collect();
    let classes = selectors.split('.').skip(1);
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut names = classes.map(|class| class.split(|c| !is_word(c)).next().unwrap_or_default());
    let other = names.find(|name| !CLASSES.contains(name))?;
    Some(Refusal::invalid(format!("The CSS class {other} is not in the list of allowed classes.")))
}

/// 100 KB for the image, 135 KB for the request: documented **\[D\]**, the exception is inferred **\[I\]**.
fn size(case: &Case<'_>) -> Option<Refusal> {
    let image = text(case.request, "ImageFile").unwrap_or_default();
    let file = bytes::decode(image).unwrap_or_default();
    let whole = image.len() + text(case.request, "CSS").unwrap_or_default().len();
    (file.len() > 100 << 10 || whole > 135 << 10).then(|| Refusal::invalid("request parameters too large"))
}
