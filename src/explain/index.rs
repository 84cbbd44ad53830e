//! What there is to be explained.

use super::{Page, Part, book};
use crate::catalogue::Catalogue;

/// The page without a name: every setting at the top, and every code.
pub fn index(catalogue: &Catalogue) -> Page {
    let parts = book(catalogue).into_iter().map(|chapter| {
        let title = chapter.title.to_owned();
        if chapter.is_of_settings {
            let tops = chapter.pages.into_iter().filter(|page| !page.title.contains(['.', '[']));
            return Part::Table(title, tops.map(|page| (page.title, page.lead.join(" "))).collect());
        }
        let name = |page: Page| page.title.strip_prefix("rule:").unwrap_or(&page.title).to_owned();
        Part::Names(title, chapter.pages.into_iter().map(name).collect())
    });
    Page {
        title: "poolctl explain FIELD or CODE".to_owned(),
        kind: String::new(),
        lead: vec![
            "What a setting does and how poolctl treats it: `Policies`, `LambdaConfig.PreSignUp`, `Schema[].Name`."
                .to_owned(),
            "What a code means and what to do: `trigger-removal`, `rule:mfa-without-factor`, `immutable-field`."
                .to_owned(),
        ],
        parts: parts.collect(),
    }
}
