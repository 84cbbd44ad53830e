//! Every page, in chapters.

use super::code;
use super::{Page, setting};
use crate::catalogue::{Call, Catalogue, calls, pattern_path};
use crate::document::Path;

/// Pages of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The title.
    pub title: &'static str,
    /// Whether the pages are about settings: then they are in the API's order, each after the setting that
    /// contains it. Pages about codes are in alphabetical order.
    pub is_of_settings: bool,
    /// The pages.
    pub pages: Vec<Page>,
}

/// All pages.
pub fn book(catalogue: &Catalogue) -> Vec<Chapter> {
    let settings = |title, belongs: &dyn Fn(&Path) -> bool| {
        let paths = catalogue.patterns().into_iter().map(|pattern| pattern_path(&pattern));
        let own = paths.filter(|path: &Path| belongs(&path.prefix(1)));
        let pages = own.filter_map(|path| setting::page(catalogue, &path)).collect();
        Chapter { title, is_of_settings: true, pages }
    };
    let owned = |belongs: fn(Option<&'static Call>) -> bool| {
        move |path: &Path| {
            catalogue.resource(path).branch.is_none() && belongs(setting::owner(catalogue, path))
        }
    };
    let mut of_settings = vec![
        settings("Settings", &owned(|owner| owner == Some(&calls::UPDATE_USER_POOL))),
        settings("MFA settings", &owned(|owner| owner == Some(&calls::SET_USER_POOL_MFA_CONFIG))),
        settings(
            "Creation settings",
            &owned(|owner| owner.is_none_or(|call| call == &calls::ADD_CUSTOM_ATTRIBUTES)),
        ),
    ];
    of_settings
        .extend(Catalogue::branches().map(|branch| settings(branch, &|path| path.head() == Some(branch))));
    let of_codes = code::groups().into_iter().map(|(title, mut pages)| {
        pages.sort_by(|a, b| a.title.cmp(&b.title));
        Chapter { title, is_of_settings: false, pages }
    });
    of_settings.into_iter().chain(of_codes).collect()
}
