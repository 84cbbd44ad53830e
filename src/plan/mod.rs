//! What an apply would do: the difference between a pool and what is wanted of it, and the calls
//! that make the one the other.

mod change;
mod diff;
pub use change::{Action, Change, Form};
pub use diff::diff;
