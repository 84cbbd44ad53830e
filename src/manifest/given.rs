//! Values that come from references.

/// The source of a value that the manifest has as a reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The text of the manifest, its references in it.
    pub text: String,
    /// What it was put together from, in the text's order.
    pub parts: Vec<FollowedReference>,
    /// Whether a part of it is a secret.
    pub is_secret: bool,
    /// The values of those parts.
    pub secrets: Vec<String>,
    /// Whether it is not known: a secret that was not looked for, or a reference that leads nowhere.
    pub is_unknown: bool,
}

impl Given {
    /// Whether a part of it comes from a variable or secret, and may change without a change of a file.
    pub fn is_beside(&self) -> bool {
        let kinds = ["var:", "secret:"];
        self.parts.iter().any(|part| kinds.iter().any(|kind| part.reference.starts_with(kind)))
    }

    /// The file whose text is the whole value, if it is one reference to a file.
    pub fn file(&self) -> Option<&str> {
        self.whole("file:")
    }

    /// The file whose bytes are the whole value in base64, if it is one reference to such a file.
    pub fn base64_file(&self) -> Option<&str> {
        self.whole("base64:")
    }

    fn whole(&self, kind: &str) -> Option<&str> {
        let [FollowedReference { reference, from }] = self.parts.as_slice() else { return None };
        let is_whole = reference.starts_with(kind) && self.text == format!("${{{reference}}}");
        is_whole.then_some(from)
    }
}

/// A reference that was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedReference {
    /// The reference, as `var:stage`.
    pub reference: String,
    /// What gave the value: a file's path, `--var`, an environment variable, or the default.
    pub from: String,
}
