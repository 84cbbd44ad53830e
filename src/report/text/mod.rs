//! Text for a terminal and for a pull request.

mod adopted;
mod after;
mod diff;
mod notes;
mod page;
mod parts;
mod plan;
mod request;
mod settings;
mod steps;
mod suggest;
mod tree;

pub use adopted::adopted;
pub use after::{deviations, fallen, movement};
pub use page::pages;
pub use plan::{plan, plans, summary};
pub use request::{Request, request};
pub use suggest::suggestion;
