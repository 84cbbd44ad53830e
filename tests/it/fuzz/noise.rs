//! Texts that somebody has been at: pieces in the wrong place, twice, or gone.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// The bytes of a file, shown as text; of a large one, the beginning.
#[derive(Clone)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.0[..self.0.len().min(4096)]))
    }
}

/// What means something to YAML, to references, or to a manifest.
const PIECES: &[&str] = &[
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "!x ",
    "- ",
    "? ",
    ": ",
    ":",
    "[",
    "]",
    "{",
    "}",
    "{}",
    "[]",
    ", ",
    "|\n",
    "|2+\n",
    ">-\n",
    "\"",
    "'",
    "\\",
    "#",
    " #",
    "%YAML 1.2\n",
    "\t",
    " ",
    "\u{feff}",
    "\0",
    "\u{1b}[2J",
    "\u{202e}",
    "\u{85}",
    "\u{2028}",
    "é",
    "🎉",
    "\n",
    "\r\n",
    "\r",
    "---\n",
    "...\n",
    "null",
    "~",
    "true",
    "on",
    "0x1F",
    ".nan",
    "1e999",
    "-0",
    "99999999999999999999999",
    "1e-99999",
    "0123",
    "version: 1\n",
    "version: 2\n",
    "${var:",
    "${var:x}",
    "${var:x:-y}",
    "${file:",
    "${file:a.yaml}",
    "${secret:",
    "${secret:S}",
    "$${",
    "${",
    "$",
    "extends: ",
    "extends: [a.yaml, b.yaml]\n",
    "requires: '>=0'\n",
    "settings:\n",
    "settings: ",
    "passthrough:\n",
    "ignore:\n",
    "- { path: A, reason: r }\n",
    "path: A.*\n",
    "until: 2026-02-30\n",
    "risk: ",
    "rule: ",
    "pool: ",
    "eu-west-1_a1B2c3D4E",
    "UserPoolTags: ",
    "LambdaConfig: ",
    "MinimumLength: ",
    "EmailConfiguration: null\n",
    "UserPoolTier: LITE\n",
    "UserPoolAddOns: { AdvancedSecurityMode: AUDIT }\n",
];

/// How a text is changed at a place.
#[derive(Clone, Debug)]
enum Edit {
    /// A piece in the place of some bytes.
    Piece(&'static str, usize),
    /// A byte in the place of another.
    Byte(u8),
    /// A stretch once more, somewhere else.
    Again(Index, usize),
    /// A stretch less.
    Less(usize),
    /// A line in the place of another one, and that one in its place.
    Swap(Index),
    /// A piece very often.
    Often(&'static str, usize),
    /// Nothing behind it.
    End,
}

fn edit() -> impl Strategy<Value = Edit> {
    let piece = || select(PIECES);
    prop_oneof![
        8 => (piece(), 0..12_usize).prop_map(|(piece, cut)| Edit::Piece(piece, cut)),
        2 => any::<u8>().prop_map(Edit::Byte),
        3 => (any::<Index>(), 1..200_usize).prop_map(|(to, length)| Edit::Again(to, length)),
        3 => (1..60_usize).prop_map(Edit::Less),
        3 => any::<Index>().prop_map(Edit::Swap),
        1 => (piece(), 2..400_usize).prop_map(|(piece, count)| Edit::Often(piece, count)),
        1 => Just(Edit::End),
    ]
}

/// Texts of which up to eight places are changed, half of them where a word begins or ends.
pub(crate) fn mutated(texts: BoxedStrategy<Vec<u8>>) -> BoxedStrategy<Bytes> {
    let edits = vec((any::<Index>(), any::<bool>(), edit()), 0..8);
    let mutated = (texts, edits).prop_map(|(mut bytes, edits)| {
        for (at, is_at_word, edit) in edits {
            let at = at.index(bytes.len() + 1);
            let at = if is_at_word { word(&bytes, at) } else { at };
            apply(&mut bytes, at, &edit);
        }
        Bytes(bytes)
    });
    mutated.boxed()
}

/// Bytes that are no text of any kind.
pub(crate) fn noise() -> BoxedStrategy<Bytes> {
    vec(any::<u8>(), 0..400).prop_map(Bytes).boxed()
}

/// The next place at which a word begins or ends.
fn word(bytes: &[u8], at: usize) -> usize {
    let is_edge = |at: &usize| bytes[at - 1].is_ascii_alphanumeric() != bytes[*at].is_ascii_alphanumeric();
    (at.max(1)..bytes.len()).find(is_edge).unwrap_or(bytes.len())
}

fn apply(bytes: &mut Vec<u8>, at: usize, edit: &Edit) {
    let end = |length: usize| (at + length).min(bytes.len());
    match edit {
        Edit::Piece(piece, cut) => drop(bytes.splice(at..end(*cut), piece.bytes())),
        Edit::Byte(byte) => drop(bytes.splice(at..end(1), [*byte])),
        Edit::Again(to, length) => {
            let stretch = bytes[at..end(*length)].to_vec();
            let to = to.index(bytes.len() + 1);
            drop(bytes.splice(to..to, stretch));
        }
        Edit::Less(length) => drop(bytes.drain(at..end(*length))),
        Edit::Swap(with) => {
            let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            if !lines.is_empty() {
                let (a, b) = (at % lines.len(), with.index(lines.len()));
                lines.swap(a, b);
                *bytes = lines.concat();
            }
        }
        Edit::Often(piece, count) => drop(bytes.splice(at..at, piece.repeat(*count).into_bytes())),
        Edit::End => bytes.truncate(at),
    }
}
