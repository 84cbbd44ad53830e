//! Text for a terminal and for a pull request.

mod adopted;
mod after;
mod diff;
mod layout;
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
mod table;
mod tree;

pub use adopted::adopted;
pub use after::{deviations, fallen, movement};
pub(super) use notes::{joined, listed_text, remedy_text, unmanaged_text};
pub use outcome::{has_more, moved, outcome};
pub use page::pages;
pub use plan::{came_to, plan, plans, summary};
pub(super) use plan::{from_live, identity};
pub use request::{Request, request};
pub use run::{pools, run};
pub(super) use settings::{undeclared_value, value};
pub(super) use steps::{steps, steps_title};
pub use suggest::suggestion;
pub use table::table;
pub(super) use tree::{TreeNode, TreeSign};
