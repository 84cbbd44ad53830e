//! What people see, story by story. The texts stand in `snapshots/`.

mod findings;
mod json;
mod later;
mod plans;
mod properties;
mod world;

/// Compares a text with the one in `snapshots/`.
macro_rules! see {
    ($name:literal, $text:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($name, $text);
        })
    };
}
use see;
