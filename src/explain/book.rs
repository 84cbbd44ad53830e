//! Every page, in chapters.

use super::code;
use super::{Page, setting};
use crate::catalogue::{Catalogue, Operation, pattern_path};
use crate::document::Path;

/// Pages of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// What they are about.
    pub title: &'static str,
    /// Whether they are of settings, in the API's order, each behind the one that it stands in. Those of
    /// codes stand in the alphabet's order, so that one is found.
    pub is_of_settings: bool,
    /// The pages.
    pub pages: Vec<Page>,
}

/// Every page that there is.
pub fn book(catalogue: &Catalogue) -> Vec<Chapter> {
    let settings = |title, belongs: fn(Option<Operation>) -> bool| {
        let paths = catalogue.patterns().into_iter().map(|pattern| pattern_path(&pattern));
        let own = paths.filter(|path: &Path| belongs(setting::owner(catalogue, &path.prefix(1))));
        let pages = own.filter_map(|path| setting::page(catalogue, &path)).collect();
        Chapter { title, is_of_settings: true, pages }
    };
    let of_settings = [
        settings("Settings", |owner| owner == Some(Operation::UpdateUserPool)),
        settings("Settings of MFA", |owner| owner == Some(Operation::SetUserPoolMfaConfig)),
        settings("Settings of a pool's creation", |owner| {
            !matches!(owner, Some(Operation::UpdateUserPool | Operation::SetUserPoolMfaConfig))
        }),
    ];
    let of_codes = code::groups().into_iter().map(|(title, mut pages)| {
        pages.sort_by(|a, b| a.title.cmp(&b.title));
        Chapter { title, is_of_settings: false, pages }
    });
    of_settings.into_iter().chain(of_codes).collect()
}
