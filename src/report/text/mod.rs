//! Text for a terminal and for a pull request.

mod adopted;
mod after;
mod diff;
mod notes;
mod outcome;
mod page;
mod parts;
mod plan;
mod request;
mod run;
mod settings;
mod steps;
mod suggest;
mod tree;

pub use adopted::adopted;
pub use after::{deviations, fallen, movement};
pub use outcome::outcome;
pub use page::pages;
pub use plan::{drifts, plan, plans, summary};
pub use request::{Request, request};
pub use run::{pools, run};
pub use suggest::suggestion;
