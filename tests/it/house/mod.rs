//! How the sources are built and whether the pages are true: layers, imports, documents and their examples.

mod circles;
mod docs;
pub(crate) mod layers;
mod names;
mod pages;
mod reference;
