//! Text for a terminal and for a pull request.

mod after;
mod diff;
mod notes;
mod page;
mod parts;
mod plan;
mod request;
mod settings;
mod steps;
mod tree;

pub use after::{deviations, fallen, movement};
pub use page::pages;
pub use plan::{plan, plans, summary};
pub use request::{Request, request};
