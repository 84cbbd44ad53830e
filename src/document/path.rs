use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

/// One step into a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Seg {
    /// A member of a structure or a key of a map.
    Member(Arc<str>),
    /// An element of a keyed list, named by its key, as in `RecoveryMechanisms[verified_email]`.
    Item(Arc<str>),
    /// An element of any other list, by its position.
    Index(usize),
}

/// The path of a value in a document, in AWS's own names, outermost first.
///
/// Written `Policies.PasswordPolicy.MinimumLength`; a member whose name is not a plain word is
/// quoted: `UserPoolTags["a.b/c"]`.
///
/// Copies share their steps. The document itself has none. A map of paths can be asked for steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Option<Arc<[Seg]>>);

impl Borrow<[Seg]> for Path {
    fn borrow(&self) -> &[Seg] {
        self.segs()
    }
}

impl Hash for Path {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.segs().hash(state);
    }
}

impl Path {
    /// The document itself.
    pub const fn root() -> Self {
        Self(None)
    }

    /// The path of these steps, whose number is known.
    pub fn of(segs: impl ExactSizeIterator<Item = Seg>) -> Self {
        Self((segs.len() > 0).then(|| segs.collect()))
    }

    /// The path of members with these names, outermost first.
    pub fn members<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let segs: Vec<Seg> = names.into_iter().map(|name| Seg::Member(name.into())).collect();
        Self::of(segs.into_iter())
    }

    /// The steps, outermost first.
    pub fn segs(&self) -> &[Seg] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether this is the document itself.
    pub fn is_root(&self) -> bool {
        self.0.is_none()
    }

    /// The path one step further in.
    #[must_use]
    pub fn join(&self, seg: Seg) -> Self {
        Self(Some(self.segs().iter().cloned().chain(std::iter::once(seg)).collect()))
    }

    /// The path that these steps lead to from here.
    #[must_use]
    pub fn extended(&self, steps: &[Seg]) -> Self {
        if steps.is_empty() {
            return self.clone();
        }
        Self(Some(self.segs().iter().chain(steps).cloned().collect()))
    }

    /// The path of the member `name` of the value here.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        self.join(Seg::Member(name.into()))
    }

    /// The path of the value that holds this one; nothing for the document itself.
    pub fn parent(&self) -> Option<Self> {
        let (_, outer) = self.segs().split_last()?;
        Some(Self::of(outer.iter().cloned()))
    }

    /// The first `len` steps, or all of them where there are fewer.
    #[must_use]
    pub fn prefix(&self, len: usize) -> Self {
        if len >= self.segs().len() {
            return self.clone();
        }
        Self::of(self.segs()[..len].iter().cloned())
    }

    /// The outermost member's name; nothing for the document itself.
    pub fn head(&self) -> Option<&str> {
        match self.segs().first()? {
            Seg::Member(name) => Some(name),
            Seg::Item(_) | Seg::Index(_) => None,
        }
    }

    /// Whether this path is `outer` or lies inside it.
    pub fn is_within(&self, outer: &Self) -> bool {
        self.segs().starts_with(outer.segs())
    }

    /// Whether one of the two paths is the other or lies inside it.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.is_within(other) || other.is_within(self)
    }

    /// The longest prefix whose steps are all members: where a list begins, its own path.
    ///
    /// Lists are written whole, so this is the path at which a change inside one is written.
    #[must_use]
    pub fn written_at(&self) -> Self {
        let members = self.segs().iter().take_while(|seg| matches!(seg, Seg::Member(_)));
        self.prefix(members.count())
    }
}

impl fmt::Display for Seg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(name) if is_word(name) => f.write_str(name),
            Self::Member(name) => write!(f, "[{}]", quoted(name)),
            Self::Item(key) if is_word(key) => write!(f, "[{key}]"),
            Self::Item(key) => write!(f, "[={}]", quoted(key)),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, seg) in self.segs().iter().enumerate() {
            let plain = matches!(seg, Seg::Member(name) if is_word(name));
            if position > 0 && plain {
                f.write_str(".")?;
            }
            write!(f, "{seg}")?;
        }
        Ok(())
    }
}

fn is_word(name: &str) -> bool {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    first && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':'))
}

fn quoted(name: &str) -> String {
    super::Json::from(name).to_string()
}

/// Why a text is not a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a path: {reason} (write `Policies.PasswordPolicy`, or `UserPoolTags[\"a.b\"]` for a name with dots)"
)]
pub struct PathError {
    text: String,
    reason: &'static str,
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |reason| PathError { text: text.to_owned(), reason };
        let mut segs = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (seg, after) = match rest.strip_prefix('[') {
                Some(inside) => bracketed(inside).map_err(error)?,
                None => {
                    let word = rest.strip_prefix('.').filter(|_| !segs.is_empty()).unwrap_or(rest);
                    let end = word.bytes().position(|byte| matches!(byte, b'.' | b'['));
                    let end = end.unwrap_or(word.len());
                    if end == 0 {
                        return Err(error("a name is missing"));
                    }
                    (Seg::Member(word[..end].into()), &word[end..])
                }
            };
            segs.push(seg);
            rest = after;
        }
        if segs.is_empty() {
            return Err(error("it is empty"));
        }
        Ok(Self::of(segs.into_iter()))
    }
}

/// Reads what follows a `[`, up to and with its `]`.
fn bracketed(text: &str) -> Result<(Seg, &str), &'static str> {
    let (text, item) = match text.strip_prefix('=') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    if !text.starts_with('"') {
        let (word, after) = text.split_once(']').ok_or("a `[` has no `]`")?;
        let index = word.parse().map(Seg::Index);
        return match index {
            Ok(seg) => Ok((seg, after)),
            Err(_) if is_word(word) => Ok((Seg::Item(word.into()), after)),
            Err(_) => Err("a name in `[ ]` needs quotes"),
        };
    }
    let mut names = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let name = match names.next() {
        Some(Ok(name)) => name,
        _ => return Err("a quoted name does not end"),
    };
    let after = text[names.byte_offset()..].strip_prefix(']').ok_or("a `[` has no `]`")?;
    let seg = if item { Seg::Item(name.into()) } else { Seg::Member(name.into()) };
    Ok((seg, after))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_with_dots_are_quoted() {
        let path = Path::members(["UserPoolTags", "a.b/c"]);
        assert_eq!(path.to_string(), r#"UserPoolTags["a.b/c"]"#);
        assert_eq!(r#"UserPoolTags["a.b/c"]"#.parse(), Ok(path));
    }

    #[test]
    fn a_map_of_paths_can_be_asked_for_steps() {
        let path: Path = "A.b[c]".parse().unwrap();
        let sorted = BTreeSet::from([path.clone(), Path::root()]);
        let hashed = HashSet::from([path.clone(), Path::root()]);
        for (len, is_there) in [(0, true), (1, false), (2, false), (3, true)] {
            let steps = &path.segs()[..len];
            assert_eq!((sorted.contains(steps), hashed.contains(steps)), (is_there, is_there), "{len}");
        }
    }

    #[test]
    fn a_broken_path_says_what_is_wrong_with_it() {
        for (text, reason) in [
            ("", "it is empty"),
            ("A..B", "a name is missing"),
            ("A[", "a `[` has no `]`"),
            ("A[b c]", "a name in `[ ]` needs quotes"),
            ("A[\"b]", "a quoted name does not end"),
        ] {
            let error = text.parse::<Path>().unwrap_err();
            assert_eq!(error.reason, reason, "{text}");
        }
    }

    #[test]
    fn a_change_inside_a_list_is_written_at_the_list() {
        let path: Path = "AccountRecoverySetting.RecoveryMechanisms[admin_only].Priority".parse().unwrap();
        assert_eq!(path.written_at().to_string(), "AccountRecoverySetting.RecoveryMechanisms");
    }

    fn seg() -> impl Strategy<Value = Seg> {
        prop_oneof![
            ".{1,12}".prop_map(|name| Seg::Member(name.into())),
            ".{1,12}".prop_map(|key| Seg::Item(key.into())),
            (0usize..99).prop_map(Seg::Index),
        ]
    }

    proptest! {
        #[test]
        fn what_a_path_prints_it_reads(segs in prop::collection::vec(seg(), 1..6)) {
            let path = Path::of(segs.into_iter());
            prop_assert_eq!(path.to_string().parse::<Path>(), Ok(path));
        }
    }
}
