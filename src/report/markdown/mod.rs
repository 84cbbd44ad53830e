//! Markdown: a run as a comment on a pull request, and the reference as a page.

mod comment;
mod details;
mod page;
mod reference;
mod words;

pub use comment::comment;
pub use page::LIMIT;
pub use reference::reference;
