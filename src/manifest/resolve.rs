//! Replaces references by their values.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::beside::{Beside, Fallback, File, Secret};
use super::given::{FollowedReference, Given};
use super::reference::{self, Malformed, Piece, Reference, ReferenceKind};
use super::unavailable::{Unavailable, lfs_pointer};
use super::yaml::{MAX_BYTES, Scalar, Value, YamlNode};
use super::{Diagnostic, MAX_FINDINGS, Origin};
use crate::document::bytes;

/// The maximum number of bytes that the references of one manifest resolve to.
const MAX_TEXT: usize = 4 * MAX_BYTES;

/// Follows the references of one manifest.
pub(super) struct Resolver<'a> {
    beside: &'a dyn Beside,
    /// The texts that references to files have given.
    files: HashMap<(ReferenceKind, Arc<Path>), Arc<str>>,
    bytes: usize,
    /// Whether exceeding the limit has been reported.
    is_full: bool,
    /// What is wrong with the references.
    pub(super) findings: Vec<Diagnostic>,
    /// The defaults that are used, each once.
    pub(super) fallbacks: Vec<Fallback>,
    /// The variables and defaults that these are of.
    known: HashSet<(String, String)>,
}

/// The value of a reference.
pub(super) struct Followed {
    pub(super) text: Arc<str>,
    pub(super) from: String,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(beside: &'a dyn Beside) -> Self {
        Self {
            beside,
            files: HashMap::new(),
            bytes: 0,
            is_full: false,
            findings: Vec::new(),
            fallbacks: Vec::new(),
            known: HashSet::new(),
        }
    }

    /// Resolves every scalar of a value. One whose references lead nowhere is reported and unknown.
    pub(super) fn resolve(&mut self, node: &mut YamlNode) {
        match &mut node.value {
            Value::Scalar(scalar) if reference::is_any_in(&scalar.text) => self.scalar(scalar, &node.origin),
            Value::Scalar(_) => {}
            Value::Sequence(nodes) => nodes.iter_mut().for_each(|node| self.resolve(node)),
            Value::Mapping(entries) => entries.iter_mut().for_each(|entry| self.resolve(&mut entry.value)),
        }
    }

    fn scalar(&mut self, scalar: &mut Scalar, origin: &Origin) {
        let mut text = String::new();
        let mut given = Given { text: scalar.text.clone(), ..Given::default() };
        match reference::pieces(&scalar.text) {
            Err(Malformed { message, help, span }) => {
                let at = within(origin, scalar.text.get(span).unwrap_or_default());
                let error = Diagnostic::error("reference", message, at, "this reference").help(help);
                error.add_to(&mut self.findings);
                given.is_unknown = true;
            }
            Ok(pieces) => {
                for piece in pieces {
                    // A short text can refer to a long one very often.
                    if self.bytes + text.len() > MAX_TEXT {
                        break;
                    }
                    match piece {
                        Piece::Text(piece) => text.push_str(piece),
                        Piece::Reference(reference) => {
                            let is_secret = reference.kind == ReferenceKind::Secret;
                            given.is_secret |= is_secret;
                            let Some(followed) = self.follow(&reference, origin) else {
                                given.is_unknown = true;
                                continue;
                            };
                            text.push_str(&followed.text);
                            if is_secret {
                                given.secrets.push(followed.text.to_string());
                            }
                            let reference = format!("{}:{}", reference.kind.word(), reference.name);
                            given.parts.push(FollowedReference { reference, from: followed.from });
                        }
                    }
                }
            }
        }
        given.is_unknown |= !self.is_within_limit(text.len(), origin);
        if !given.is_unknown {
            scalar.text = text;
        }
        // An escape alone leaves a text like any other.
        if given.is_unknown || !given.parts.is_empty() {
            scalar.given = Some(Arc::new(given));
        }
    }

    /// Counts resolved text. Whether the limit is kept; exceeding it is reported once.
    pub(super) fn is_within_limit(&mut self, bytes: usize, origin: &Origin) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MAX_TEXT && !std::mem::replace(&mut self.is_full, true) {
            let message = format!("the manifest's references resolve to more than {MAX_TEXT} bytes of text");
            let error = Diagnostic::error("too-many", message, origin.clone(), "the limit is reached here");
            error.help("use fewer or smaller files").add_to(&mut self.findings);
        }
        self.bytes <= MAX_TEXT
    }

    pub(super) fn follow(&mut self, reference: &Reference<'_>, origin: &Origin) -> Option<Followed> {
        let name = reference.name;
        // Nobody reads what else is wrong.
        if self.findings.len() > MAX_FINDINGS {
            return None;
        }
        match reference.kind {
            ReferenceKind::Variable => self.variable(reference, origin),
            ReferenceKind::File | ReferenceKind::Base64 => self.file(reference, origin),
            ReferenceKind::Secret => match self.beside.secret(name) {
                Secret::Value(value) => {
                    let from = format!("the environment variable POOLCTL_SECRET_{name}");
                    Some(Followed { text: value.into(), from })
                }
                Secret::Withheld => None,
                Secret::Unset => {
                    let help = format!("set the environment variable POOLCTL_SECRET_{name}");
                    self.report(reference, origin, format!("the secret `{name}` is not set"), help)
                }
            },
        }
    }

    fn variable(&mut self, reference: &Reference<'_>, origin: &Origin) -> Option<Followed> {
        let name = reference.name;
        match (self.beside.variable(name), reference.default) {
            (Some(variable), _) => Some(Followed { text: variable.value.into(), from: variable.from }),
            (None, Some(default)) => {
                let (name, value) = (name.to_owned(), default.to_owned());
                if self.known.insert((name.clone(), value.clone())) {
                    self.fallbacks.push(Fallback { name, value, origin: origin.clone() });
                }
                Some(Followed { text: default.into(), from: "its default".to_owned() })
            }
            (None, None) => {
                let help = format!(
                    "set it with `--var {name}=…`, in a `--var-file`, or as the environment variable POOLCTL_VAR_{name}"
                );
                self.report(reference, origin, format!("the variable `{name}` is not set"), help)
            }
        }
    }

    fn file(&mut self, reference: &Reference<'_>, origin: &Origin) -> Option<Followed> {
        let Reference { kind, name: path, .. } = *reference;
        let text = self.beside.file(&origin.source.name, path).and_then(|file| {
            let key = (kind, Arc::clone(&file.identity));
            let known = self.files.get(&key).map(Arc::clone);
            let text = known.map_or_else(|| text(kind, &file).map(Arc::from), Ok)?;
            self.files.insert(key, Arc::clone(&text));
            Ok(Followed { text, from: file.name.to_string() })
        });
        let told = |miss: Unavailable| {
            let at = within(origin, &format!("${{{}:{path}}}", kind.word()));
            Diagnostic::error("reference", miss.message, at, "referred to here").help(miss.help)
        };
        text.map_err(|miss| told(miss).add_to(&mut self.findings)).ok()
    }

    fn report<T>(
        &mut self,
        reference: &Reference<'_>,
        origin: &Origin,
        message: String,
        help: String,
    ) -> Option<T> {
        let start = format!("${{{}:{}", reference.kind.word(), reference.name);
        let default = reference.default.map(|default| format!(":-{default}")).unwrap_or_default();
        let at = within(origin, &format!("{start}{default}}}"));
        Diagnostic::error("reference", message, at, "not set").help(help).add_to(&mut self.findings);
        None
    }
}

/// The text of the file that a reference names.
fn text(kind: ReferenceKind, file: &File) -> Result<String, Unavailable> {
    if let Some(Unavailable { message, help }) = lfs_pointer(&file.bytes) {
        return Err(Unavailable { message: format!("`{}` {message}", file.name), help });
    }
    if kind == ReferenceKind::Base64 {
        return Ok(bytes::encode(&file.bytes));
    }
    String::from_utf8(file.bytes.to_vec()).map_err(|_| Unavailable {
        message: format!("`{}` is not UTF-8 text", file.name),
        help: "save the file as UTF-8, or write `${base64:PATH}` for the bytes of an image".to_owned(),
    })
}

/// The place of a part of a scalar, where the file has it as it is read; else that of the scalar.
pub(super) fn within(origin: &Origin, part: &str) -> Origin {
    let Some(offset) = origin.text().find(part).filter(|_| !part.is_empty()) else { return origin.clone() };
    let start = origin.span.start + offset;
    Origin { source: Arc::clone(&origin.source), span: start..start + part.len() }
}
