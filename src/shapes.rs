//! The service's shapes: names, nesting, types, ranges, patterns and enums, read from an API model.
//!
//! Mechanical facts only. What a setting *means* is said in [`crate::catalogue`].

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::Read as _;
use std::sync::Arc;

use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The model that is built in: the shapes of botocore 1.44.8.
const BUNDLED: &str = include_str!("../schemas/cognito-idp.json");

/// What a model says, shape by shape.
#[derive(Clone, Debug)]
pub struct Shapes {
    shapes: HashMap<String, Arc<Shape>>,
    operations: HashMap<String, ApiOperation>,
}

/// The input and output shapes of an operation.
#[derive(Clone, Debug)]
pub struct ApiOperation {
    /// The name of the request's shape.
    pub input: String,
    /// The name of the answer's shape, where there is one.
    pub output: Option<String>,
}

/// One shape of the model.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// What kind of value this is.
    pub kind: ShapeKind,
    /// A structure's members and the names of their shapes, in the model's order.
    pub members: Vec<(String, String)>,
    /// The members that a structure cannot do without.
    pub required: Vec<String>,
    /// The shape of a list's elements.
    pub element: Option<String>,
    /// The shape of a map's keys.
    pub key: Option<String>,
    /// The shape of a map's values.
    pub value: Option<String>,
    /// The values that a string may have; empty where any will do.
    pub allowed: Vec<String>,
    /// What a whole string must match, in the model's own dialect (Java's).
    pub pattern: Option<String>,
    /// The least number, or the least length in characters, elements or entries.
    pub min: Option<i64>,
    /// The greatest number, or the greatest length.
    pub max: Option<i64>,
    /// Whether the model marks the value as a secret.
    pub sensitive: bool,
}

/// The kinds of value that the model knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    #[default]
    Other,
}

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file is no API model.
    #[error("it is not an API model of botocore (`service-2.json`, plain or gzipped): {0}")]
    Malformed(String),
    /// The file is the model of another service.
    #[error("it is the model of `{0}`, not of Cognito user pools (`AWSCognitoIdentityProviderService`)")]
    OtherService(String),
    /// Operations that poolctl cannot do without are absent, or their shapes are.
    #[error("it has no {}, which poolctl cannot do without", listed(.0))]
    Incomplete(Vec<&'static str>),
}

/// What poolctl calls or takes settings from.
const NEEDED: [&str; 6] = [
    "DescribeUserPool",
    "GetUserPoolMfaConfig",
    "UpdateUserPool",
    "SetUserPoolMfaConfig",
    "AddCustomAttributes",
    "CreateUserPool",
];

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", no ")
}

impl Shapes {
    /// The model that is built in.
    pub fn bundled() -> Self {
        // A test parses it; should it ever be broken, an empty model makes every member unknown,
        // and unknown members are echoed: nothing is lost.
        Self::parse(BUNDLED.as_bytes())
            .unwrap_or_else(|_| Self { shapes: HashMap::new(), operations: HashMap::new() })
    }

    /// Reads a model: this project's own form or botocore's `service-2.json`, plain or gzipped.
    ///
    /// # Errors
    /// When it is no such file, or is the model of another service.
    pub fn parse(bytes: &[u8]) -> Result<Self, ModelError> {
        let malformed = |error: &dyn std::fmt::Display| ModelError::Malformed(error.to_string());
        let raw: RawModel = if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut text = Vec::new();
            // A model is some 300 kB; the limit is there for hostile archives.
            let mut unpacked = flate2::read::GzDecoder::new(bytes).take(16 << 20);
            unpacked.read_to_end(&mut text).map_err(|error| malformed(&error))?;
            serde_json::from_slice(&text).map_err(|error| malformed(&error))?
        } else {
            serde_json::from_slice(bytes).map_err(|error| malformed(&error))?
        };
        raw.into_shapes()
    }

    /// The shape of this name.
    pub fn get(&self, name: &str) -> Option<&Shape> {
        self.shapes.get(name).map(|shape| &**shape)
    }

    /// The shape of this name, for whoever keeps it.
    pub fn shared(&self, name: &str) -> Option<&Arc<Shape>> {
        self.shapes.get(name)
    }

    /// Adds a shape that the service has no name for.
    pub fn add(&mut self, name: &str, shape: Shape) {
        self.shapes.insert(name.to_owned(), Arc::new(shape));
    }

    /// The operation of this name.
    pub fn operation(&self, name: &str) -> Option<&ApiOperation> {
        self.operations.get(name)
    }

    /// The shape of an operation's request.
    pub fn input(&self, operation: &str) -> Option<&Shape> {
        self.get(&self.operations.get(operation)?.input)
    }

    /// The shape of an operation's answer.
    pub fn output(&self, operation: &str) -> Option<&Shape> {
        self.get(self.operations.get(operation)?.output.as_deref()?)
    }

    /// The shape of the member `name` of `structure`, or of the value under a key of a map.
    pub fn member<'a>(&'a self, structure: &'a Shape, name: &str) -> Option<&'a Shape> {
        match structure.kind {
            ShapeKind::Structure => {
                let (_, shape) = structure.members.iter().find(|(member, _)| member == name)?;
                self.get(shape)
            }
            ShapeKind::Map => self.get(structure.value.as_deref()?),
            _ => None,
        }
    }

    /// The shape of the elements of `list`.
    pub fn element<'a>(&'a self, list: &'a Shape) -> Option<&'a Shape> {
        self.get(list.element.as_deref()?)
    }
}

/// A reference to a shape: a bare name here, an object with the name in botocore's files.
///
/// It is read by hand, as are [`Members`]: every start reads the model, and what serde derives for either form
/// takes a detour through values.
struct Ref(String);

impl<'de> Deserialize<'de> for Ref {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FormVisitor;
        impl<'de> Visitor<'de> for FormVisitor {
            type Value = Ref;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a shape, or an object with it as `shape`")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Ref, E> {
                Ok(Ref(name.to_owned()))
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Ref, M::Error> {
                let mut shape = None;
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    match &*key {
                        "shape" => shape = Some(map.next_value()?),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                shape.map(Ref).ok_or_else(|| de::Error::missing_field("shape"))
            }
        }
        deserializer.deserialize_any(FormVisitor)
    }
}

/// A structure's members and the names of their shapes, in the model's order.
#[derive(Default)]
struct Members(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FormVisitor;
        impl<'de> Visitor<'de> for FormVisitor {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the members of a structure")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members, M::Error> {
                let mut members = Vec::new();
                while let Some((name, Ref(shape))) = map.next_entry()? {
                    members.push((name, shape));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(FormVisitor)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawModel {
    target_prefix: Option<String>,
    metadata: Option<RawMetadata>,
    operations: HashMap<String, RawOperation>,
    shapes: HashMap<String, RawShape>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMetadata {
    target_prefix: Option<String>,
    service_id: Option<String>,
}

#[derive(Deserialize)]
struct RawOperation {
    input: Option<Ref>,
    output: Option<Ref>,
}

#[derive(Deserialize)]
struct RawShape {
    r#type: String,
    #[serde(default)]
    members: Members,
    #[serde(default)]
    required: Vec<String>,
    member: Option<Ref>,
    key: Option<Ref>,
    value: Option<Ref>,
    #[serde(default, rename = "enum")]
    allowed: Vec<String>,
    pattern: Option<String>,
    min: Option<serde_json::Number>,
    max: Option<serde_json::Number>,
    #[serde(default)]
    sensitive: bool,
}

impl RawModel {
    fn into_shapes(self) -> Result<Shapes, ModelError> {
        let metadata = self.metadata.as_ref();
        let prefix = self.target_prefix.as_deref().or_else(|| metadata?.target_prefix.as_deref());
        if prefix != Some("AWSCognitoIdentityProviderService") {
            let name = metadata.and_then(|metadata| metadata.service_id.as_deref());
            return Err(ModelError::OtherService(name.or(prefix).unwrap_or("an unnamed service").to_owned()));
        }
        let operations = self.operations.into_iter().filter_map(|(name, raw)| {
            let Ref(input) = raw.input?;
            Some((name, ApiOperation { input, output: raw.output.map(|Ref(output)| output) }))
        });
        let mut raw = self.shapes;
        // A member that nothing is known of is not known, and members that are not known go back as
        // they are.
        let names: HashSet<String> = raw.keys().cloned().collect();
        raw.values_mut().for_each(|raw| raw.members.0.retain(|(_, shape)| names.contains(shape)));
        let shapes = raw.into_iter().map(|(name, raw)| (name, Arc::new(raw.into_shape()))).collect();
        let shapes = Shapes { operations: operations.collect(), shapes };
        let mut missing: Vec<&str> =
            NEEDED.into_iter().filter(|operation| shapes.input(operation).is_none()).collect();
        missing.extend(Some("UserPoolType").filter(|name| shapes.get(name).is_none()));
        if missing.is_empty() { Ok(shapes) } else { Err(ModelError::Incomplete(missing)) }
    }
}

impl RawShape {
    fn into_shape(self) -> Shape {
        let name = |Ref(name)| name;
        Shape {
            kind: match self.r#type.as_str() {
                "structure" if self.members.0.is_empty() => ShapeKind::Document,
                "structure" => ShapeKind::Structure,
                "list" => ShapeKind::List,
                "map" => ShapeKind::Map,
                "string" => ShapeKind::String,
                "blob" => ShapeKind::Blob,
                "integer" | "long" => ShapeKind::Integer,
                "float" | "double" => ShapeKind::Float,
                "boolean" => ShapeKind::Boolean,
                "timestamp" => ShapeKind::Timestamp,
                _ => ShapeKind::Other,
            },
            members: self.members.0,
            required: self.required,
            element: self.member.map(name),
            key: self.key.map(name),
            value: self.value.map(name),
            allowed: self.allowed,
            pattern: self.pattern,
            min: self.min.and_then(|number| number.as_i64()),
            max: self.max.and_then(|number| number.as_i64()),
            sensitive: self.sensitive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

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

    /// The smallest file in botocore's form that poolctl takes.
    fn botocore_model() -> String {
        let operation =
            |name: &str| format!(r#""{name}":{{"input":{{"shape":"Empty"}},"output":{{"shape":"Empty"}}}}"#);
        let operations = NEEDED.map(operation).join(",");
        format!(
            r#"{{"metadata":{{"targetPrefix":"AWSCognitoIdentityProviderService","serviceId":"Cognito Identity Provider"}},
                "operations":{{{operations}}},
                "shapes":{{"Empty":{{"type":"structure","members":{{"New":{{"shape":"Text","documentation":"…"}}}}}},
                           "UserPoolType":{{"type":"structure","members":{{}}}},"Text":{{"type":"string"}}}}}}"#
        )
    }

    #[test]
    fn botocores_own_file_is_read_plain_and_gzipped() {
        let plain = botocore_model();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(plain.as_bytes()).unwrap();
        for bytes in [plain.into_bytes(), gzip.finish().unwrap()] {
            let shapes = Shapes::parse(&bytes).unwrap();
            let input = shapes.input("UpdateUserPool").unwrap();
            assert_eq!(shapes.member(input, "New").map(|shape| shape.kind), Some(ShapeKind::String));
        }
    }

    #[test]
    fn another_file_is_refused_with_its_reason() {
        let s3 = botocore_model()
            .replace("AWSCognitoIdentityProviderService", "AmazonS3")
            .replace("Cognito Identity Provider", "S3");
        assert!(matches!(Shapes::parse(s3.as_bytes()), Err(ModelError::OtherService(name)) if name == "S3"));
        assert!(matches!(Shapes::parse(b"pool: x"), Err(ModelError::Malformed(_))));
        assert!(matches!(Shapes::parse(b"\x1f\x8bnot gzip"), Err(ModelError::Malformed(_))));
    }
}
