//! Markdown: a run as a comment on a pull request.

mod comment;
mod details;
mod page;
mod words;

pub use comment::comment;
pub use page::LIMIT;
