//! The index of all pages.

use super::{Page, PagePart, book};
use crate::catalogue::Catalogue;

/// The page of `poolctl explain` without a name: every top-level setting and every code.
pub fn index(catalogue: &Catalogue) -> Page {
    let parts = book(catalogue).into_iter().map(|chapter| {
        let title = chapter.title.to_owned();
        if chapter.is_of_settings {
            let tops = chapter.pages.into_iter().filter(|page| !page.title.contains(['.', '[']));
            return PagePart::Table(title, tops.map(|page| (page.title, page.lead.join(" "))).collect());
        }
        let name = |page: Page| page.title.strip_prefix("rule:").unwrap_or(&page.title).to_owned();
        PagePart::Names(title, chapter.pages.into_iter().map(name).collect())
    });
    Page {
        title: "poolctl explain SETTING or CODE".to_owned(),
        kind: String::new(),
        lead: vec![
            "Explains a setting and how poolctl treats it: `Policies`, `LambdaConfig.PreSignUp`, `Schema[].Name`."
                .to_owned(),
            "Explains a code and what to do: `trigger-removal`, `rule:mfa-without-factor`, `immutable-field`."
                .to_owned(),
        ],
        parts: parts.collect(),
    }
}
