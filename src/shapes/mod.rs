//! The service's shapes: names, nesting, types, ranges, patterns and enums, from an API model.
//!
//! Mechanical facts only. What a setting *means* is said in [`crate::catalogue`].

#[rustfmt::skip]
mod bundled;
mod file;

pub use file::ModelError;

/// What a model says, shape by shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Shapes {
    /// In the order of their names.
    shapes: &'static [(&'static str, Shape)],
    /// In the order of their names.
    operations: &'static [(&'static str, ApiOperation)],
    /// Shapes that the service has no name for.
    added: Vec<(&'static str, Shape)>,
}

/// The input and output shapes of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiOperation {
    /// The name of the request's shape.
    pub input: &'static str,
    /// The name of the response's shape; `None` if the operation has no response.
    pub output: Option<&'static str>,
}

/// One shape of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What kind of value this is.
    pub kind: ShapeKind,
    /// A structure's members and the names of their shapes, in the model's order.
    pub members: &'static [(&'static str, &'static str)],
    /// The members that a structure cannot do without.
    pub required: &'static [&'static str],
    /// The shape of a list's elements.
    pub element: Option<&'static str>,
    /// The shape of a map's keys.
    pub key: Option<&'static str>,
    /// The shape of a map's values.
    pub value: Option<&'static str>,
    /// The values that a string may have; empty where any will do.
    pub allowed: &'static [&'static str],
    /// What a whole string must match, in the model's own dialect (Java's).
    pub pattern: Option<&'static str>,
    /// The least number, or the least length in characters, elements or entries.
    pub min: Option<i64>,
    /// The greatest number, or the greatest length.
    pub max: Option<i64>,
    /// Whether the model marks the value as a secret.
    pub sensitive: bool,
}

/// The kinds of value that the model knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeKind {
    /// Named members.
    Structure,
    /// Elements in order.
    List,
    /// Free keys.
    Map,
    /// Text.
    String,
    /// Bytes: JSON has them in base64.
    Blob,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Float,
    /// `true` or `false`.
    Boolean,
    /// Seconds since 1970, as a number.
    Timestamp,
    /// Any JSON value: a structure of which the model names no members.
    Document,
    /// Anything that this version has no name for.
    Other,
}

impl Shape {
    /// A shape of which nothing is known.
    pub const NONE: Self = Self {
        kind: ShapeKind::Other,
        members: &[],
        required: &[],
        element: None,
        key: None,
        value: None,
        allowed: &[],
        pattern: None,
        min: None,
        max: None,
        sensitive: false,
    };
}

impl Shapes {
    /// The model that is built in: the shapes of botocore 1.44.8.
    pub fn bundled() -> Self {
        bundled::BUNDLED.clone()
    }

    /// Reads a model: this project's own form or botocore's `service-2.json`, plain or gzipped.
    ///
    /// Its texts are never freed: a run has one model, and needs it to its end.
    ///
    /// # Errors
    /// When it is no such file, or is the model of another service.
    pub fn parse(bytes: &[u8]) -> Result<Self, ModelError> {
        let (shapes, operations) = file::read(bytes)?;
        Ok(Self { shapes: shapes.leak(), operations: operations.leak(), added: Vec::new() })
    }

    /// The shape of this name.
    pub fn get(&self, name: &str) -> Option<&Shape> {
        let own = found(self.shapes, name);
        own.or_else(|| self.added.iter().find(|(added, _)| *added == name).map(|(_, shape)| shape))
    }

    /// Adds a shape that the service has no name for.
    pub fn add(&mut self, name: &'static str, shape: Shape) {
        self.added.push((name, shape));
    }

    /// The operation of this name.
    pub fn operation(&self, name: &str) -> Option<&ApiOperation> {
        found(self.operations, name)
    }

    /// The shape of an operation's request.
    pub fn input(&self, operation: &str) -> Option<&Shape> {
        self.get(self.operation(operation)?.input)
    }

    /// The shape of an operation's answer.
    pub fn output(&self, operation: &str) -> Option<&Shape> {
        self.get(self.operation(operation)?.output?)
    }

    /// The shape of the member `name` of `structure`, or of the value under a key of a map.
    pub fn member<'a>(&'a self, structure: &Shape, name: &str) -> Option<&'a Shape> {
        match structure.kind {
            ShapeKind::Structure => {
                let (_, shape) = structure.members.iter().find(|(member, _)| *member == name)?;
                self.get(shape)
            }
            ShapeKind::Map => self.get(structure.value?),
            _ => None,
        }
    }

    /// The shape of the elements of `list`.
    pub fn element<'a>(&'a self, list: &Shape) -> Option<&'a Shape> {
        self.get(list.element?)
    }
}

/// The value of this name in a table that is in the order of its names.
fn found<T>(table: &'static [(&'static str, T)], name: &str) -> Option<&'static T> {
    let place = table.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    table.get(place).map(|(_, found)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_the_model_of_the_file() {
        let file = Shapes::parse(include_bytes!("../../schemas/cognito-idp.json")).unwrap();
        assert!(Shapes::bundled() == file, "run schemas/refresh.py");
        let is_sorted = file.shapes.is_sorted_by_key(|(name, _)| *name);
        assert!(is_sorted && file.operations.is_sorted_by_key(|(name, _)| *name));
        assert!(file.operations.len() > 50 && file.shapes.len() > 300);
    }

    #[test]
    fn the_built_in_model_knows_every_member_of_the_update() {
        let shapes = Shapes::bundled();
        let update = shapes.input("UpdateUserPool").unwrap();
        assert_eq!(update.members.len(), 25);
        let policies = shapes.member(update, "Policies").unwrap();
        let password = shapes.member(policies, "PasswordPolicy").unwrap();
        let length = shapes.member(password, "MinimumLength").unwrap();
        assert_eq!((length.kind, length.min, length.max), (ShapeKind::Integer, Some(6), Some(99)));
    }
}
