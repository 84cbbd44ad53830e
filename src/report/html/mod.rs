//! One page about a run or a validation, for a browser: it needs nothing else, and runs nothing but its own script.
//!
//! The page is made in three parts. A pool is written from its report alone; the head and the end need totals that no
//! report is kept for.

mod ground;
mod markup;
mod page;
mod pool;
mod problem;
mod run;
mod tree;
mod validation;

pub use run::html;
pub use validation::html as validated;
