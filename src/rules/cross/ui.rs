//! Rules of the classic hosted UI.

use super::rule::{INVALID, Rule};
use crate::catalogue::Evidence;
use crate::document::{Json, bytes};

/// The largest image, in bytes.
const LARGEST_IMAGE: usize = 100 * 1024;
/// The largest request, in bytes. The image is in it in base64.
const LARGEST_REQUEST: usize = 135 * 1024;
/// How the name of each class ends that a style sheet may be about.
const CUSTOMIZABLE: &str = "-customizable";

/// A domain for the classic hosted UI.
macro_rules! without_domain {
    ($ui:literal, $of:literal) => {
    Rule {
        code: "ui-without-domain",
        about: &[$ui],
        what: concat!("`uiCustomization`", $of, " is set, and the pool has no domain"),
        exception: INVALID,
        words: Some("A domain must be associated with this user pool."),
        remedy: "declare a domain under `domains`, or remove the customization with `CSS: null` and `ImageFile: null`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| (pool.differs_from_default(concat!($ui, ".CSS")) | pool.has(concat!($ui, ".ImageFile"))) & !pool.has_domain(),
    }
    };
}

/// Classes of Cognito's alone.
macro_rules! css_class {
    ($ui:literal, $of:literal) => {
    Rule {
        code: "ui-css-class",
        about: &[concat!($ui, ".CSS")],
        what: concat!("the style sheet", $of, " has a rule for a class that is not Cognito's"),
        exception: INVALID,
        words: Some("The CSS class {value} is not in the list of allowed classes."),
        remedy: "use only Cognito's classes, such as `.banner-customizable` and `.submitButton-customizable`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| {
            pool.text(concat!($ui, ".CSS"), |css| match classes(css).find(|class| !class.ends_with(CUSTOMIZABLE)) {
                Some(class) => {
                    pool.tell(class.to_owned());
                    true
                }
                None => false,
            })
        },
    }
    };
}

/// The sizes that Cognito takes.
macro_rules! size {
    ($ui:literal, $of:literal) => {
        Rule {
            code: "ui-size",
            about: &[concat!($ui, ".ImageFile"), concat!($ui, ".CSS")],
            what: concat!(
                "the image",
                $of,
                " has more than 100 KB, or with the style sheet more than 135 KB in base64"
            ),
            exception: INVALID,
            words: Some("request parameters too large"),
            remedy: "make the image or the style sheet smaller",
            evidence: Evidence::Docs,
            harms: false,
            broken: |pool| {
                let is_large =
                    |file: &str| bytes::decode(file).is_some_and(|bytes| bytes.len() > LARGEST_IMAGE);
                let length = |part: &Json| part.as_str().map_or(0, str::len);
                let are_large = |image: &Json, css: &Json| length(image) + length(css) > LARGEST_REQUEST;
                pool.text(concat!($ui, ".ImageFile"), is_large)
                    | pool.both([concat!($ui, ".ImageFile"), concat!($ui, ".CSS")], are_large)
            },
        }
    };
}

/// The rules of a pool, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    without_domain!("uiCustomization", ""),
    css_class!("uiCustomization", ""),
    size!("uiCustomization", ""),
];

/// The same of an app client.
pub(super) static OF_CLIENTS: &[Rule] = &[
    without_domain!("clients.*.uiCustomization", " of an app client"),
    css_class!("clients.*.uiCustomization", " of an app client"),
    size!("clients.*.uiCustomization", " of an app client"),
];

/// The classes that the rules of a style sheet are about: the words behind dots, outside of comments and of all braces, so
/// also of nested rules.
fn classes(css: &str) -> impl Iterator<Item = &str> {
    let outside = css.split("*/").filter_map(|part| part.split("/*").next());
    let mut depth = 0_usize;
    let selectors = outside.flat_map(|part| part.split_inclusive(['{', '}', ';'])).filter_map(move |part| {
        let is_outside = depth == 0;
        match part.as_bytes().last() {
            Some(b'{') => depth += 1,
            Some(b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        // What follows an at-sign is another matter.
        part.strip_suffix('{').filter(|selectors| is_outside && !selectors.trim_start().starts_with('@'))
    });
    let words = selectors.flat_map(|selectors| selectors.split('.').skip(1));
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    words.map(move |word| word.split(|c| !is_word(c)).next().unwrap_or_default())
}
