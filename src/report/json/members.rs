//! JSON objects as they are built.

use serde::Serialize;

use crate::document::{Json, Object};

/// A JSON object with its members in the order in which they were added.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub(in crate::report) struct Members(Object);

impl Members {
    /// The object with one more member.
    pub(in crate::report) fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// The object with one more member if there is a value for it.
    pub(in crate::report) fn given<T: Into<Json>>(self, name: &str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The object with a list as one more member.
    pub(in crate::report) fn list<T: Into<Json>>(self, name: &str, list: impl Iterator<Item = T>) -> Self {
        self.with(name, list.collect::<Json>())
    }

    /// The object with a list as one more member, unless the list is empty.
    pub(in crate::report) fn nonempty<T: Into<Json>>(
        self,
        name: &str,
        list: impl Iterator<Item = T>,
    ) -> Self {
        let mut list = list.peekable();
        if list.peek().is_some() { self.list(name, list) } else { self }
    }
}

impl IntoIterator for Members {
    type Item = (String, Json);
    type IntoIter = <Object as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Members> for Json {
    fn from(members: Members) -> Self {
        Self::Object(members.0)
    }
}

impl From<Members> for Object {
    fn from(members: Members) -> Self {
        members.0
    }
}
