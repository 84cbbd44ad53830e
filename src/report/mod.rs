//! What people and programs read: pure functions from values to text.
//!
//! Nothing here knows a terminal, a clock or an environment. Whatever comes from elsewhere (a pool's
//! values, names, file names) is shown with its control characters and its invisible ones escaped, so
//! that no value can play tricks on a terminal or on a reader.

mod alike;
mod annotation;
mod codequality;
mod diagnostics;
mod fingerprints;
pub mod html;
pub mod identities;
mod image;
pub mod json;
mod junit;
mod line;
mod mark;
pub mod markdown;
mod notices;
pub mod openmetrics;
mod place;
mod render;
mod run;
mod sarif;
mod shared;
mod snippet;
mod source_links;
mod streamed;
mod style;
pub mod text;
mod things;
pub mod validation;
mod value;
mod verdict;
mod visible;

pub use diagnostics::diagnostics;
pub use line::{count, first_of, operations, wrap_lines};
pub use notices::{codequality, github, junit, sarif};
pub use place::short_place;
pub use render::{Literals, render};
pub use run::{EndDetails, Gone, Onward, PoolEnd, PoolOutcome, Run, RunEntry, RunKind, Stray};
pub use source_links::SourceLinks;
pub use streamed::JsonObject;
pub use style::Style;
pub use visible::json as json_text;
pub use visible::{escape, escape_json, escape_lines, json_line, printed};

#[cfg(test)]
mod tests;
