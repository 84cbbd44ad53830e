//! Arbitrary input: every case ends soon, with a result or an error, and never with a panic. `corpus/` has the
//! files that the cases start from.

mod differ;
mod editor;
mod layout;
mod loader;
mod noise;
mod resolver;
mod urls;
