//! The file of an API model.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::Read as _;

use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{ApiOperation, Shape, ShapeKind};

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

/// A table of a model, in the order of its names.
type ModelTable<T> = Vec<(&'static str, T)>;

/// Reads a model: its shapes and its operations. Their texts are never freed.
///
/// # Errors
/// When it is no such file, or is the model of another service.
pub(super) fn read(bytes: &[u8]) -> Result<(ModelTable<Shape>, ModelTable<ApiOperation>), ModelError> {
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
    raw.into_tables()
}

/// A text of the model, for the rest of the run.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Text(&'static str);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(deserializer)?.leak()))
    }
}

/// A reference to a shape: a bare name here, an object with the name in botocore's files.
struct Ref(&'static str);

impl<'de> Deserialize<'de> for Ref {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FormVisitor;
        impl<'de> Visitor<'de> for FormVisitor {
            type Value = Ref;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a shape, or an object with it as `shape`")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Ref, E> {
                Ok(Ref(name.to_owned().leak()))
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Ref, M::Error> {
                let mut shape = None;
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    match &*key {
                        "shape" => shape = Some(map.next_value::<Text>()?),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                shape.map(|Text(shape)| Ref(shape)).ok_or_else(|| de::Error::missing_field("shape"))
            }
        }
        deserializer.deserialize_any(FormVisitor)
    }
}

/// A structure's members and the names of their shapes, in the model's order.
#[derive(Default)]
struct Members(Vec<(&'static str, &'static str)>);

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
                while let Some((Text(name), Ref(shape))) = map.next_entry()? {
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
    operations: HashMap<Text, RawOperation>,
    shapes: HashMap<Text, RawShape>,
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
    required: Vec<Text>,
    member: Option<Ref>,
    key: Option<Ref>,
    value: Option<Ref>,
    #[serde(default, rename = "enum")]
    allowed: Vec<Text>,
    pattern: Option<Text>,
    min: Option<serde_json::Number>,
    max: Option<serde_json::Number>,
    #[serde(default)]
    sensitive: bool,
}

impl RawModel {
    fn into_tables(self) -> Result<(ModelTable<Shape>, ModelTable<ApiOperation>), ModelError> {
        let metadata = self.metadata.as_ref();
        let prefix = self.target_prefix.as_deref().or_else(|| metadata?.target_prefix.as_deref());
        if prefix != Some("AWSCognitoIdentityProviderService") {
            let name = metadata.and_then(|metadata| metadata.service_id.as_deref());
            return Err(ModelError::OtherService(name.or(prefix).unwrap_or("an unnamed service").to_owned()));
        }
        let operations = self.operations.into_iter().filter_map(|(Text(name), raw)| {
            let Ref(input) = raw.input?;
            Some((name, ApiOperation { input, output: raw.output.map(|Ref(output)| output) }))
        });
        let mut operations: ModelTable<ApiOperation> = operations.collect();
        operations.sort_by_key(|(name, _)| *name);
        // A member that nothing is known of is not known, and members that are not known go back as
        // they are.
        let names: HashSet<&str> = self.shapes.keys().map(|Text(name)| *name).collect();
        let shapes = self.shapes.into_iter().map(|(Text(name), mut raw)| {
            raw.members.0.retain(|(_, shape)| names.contains(shape));
            (name, raw.into_shape())
        });
        let mut shapes: ModelTable<Shape> = shapes.collect();
        shapes.sort_by_key(|(name, _)| *name);
        let has_input = |needed: &&str| {
            let operation = operations.iter().find(|(name, _)| name == needed);
            operation.is_some_and(|(_, operation)| names.contains(operation.input))
        };
        let mut missing: Vec<&str> = NEEDED.into_iter().filter(|needed| !has_input(needed)).collect();
        missing.extend(Some("UserPoolType").filter(|name| !names.contains(name)));
        if missing.is_empty() { Ok((shapes, operations)) } else { Err(ModelError::Incomplete(missing)) }
    }
}

impl RawShape {
    fn into_shape(self) -> Shape {
        let name = |Ref(name)| name;
        let texts = |texts: Vec<Text>| -> &'static [&'static str] {
            texts.into_iter().map(|Text(text)| text).collect::<Vec<_>>().leak()
        };
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
            members: self.members.0.leak(),
            required: texts(self.required),
            element: self.member.map(name),
            key: self.key.map(name),
            value: self.value.map(name),
            allowed: texts(self.allowed),
            pattern: self.pattern.map(|Text(pattern)| pattern),
            min: self.min.and_then(|number| number.as_i64()),
            max: self.max.and_then(|number| number.as_i64()),
            sensitive: self.sensitive,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::shapes::Shapes;

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
