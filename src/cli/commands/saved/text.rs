//! The text of a saved plan, read as it is parsed: a fleet's file is too large to be kept.

use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

use serde_json::Deserializer;
use serde_json::de::IoRead;

use super::MAX_BYTES;
use crate::document::json::NameScan;
use crate::document::utf8;
use crate::files::Root;
use crate::saved::is_saved;

/// The bytes that are read at a time.
const PART: usize = 64 << 10;

/// A parser of the text of a file.
type PlanParser<'a> = Deserializer<IoRead<BufReader<&'a mut PlanText>>>;

/// The text of a file as UTF-8, without its byte-order mark.
pub(super) struct PlanText {
    text: Box<dyn Read>,
    names: NameScan,
}

impl PlanText {
    /// Opens a file that is not larger than any saved plan.
    pub(super) fn open(root: &Root, path: &Path) -> io::Result<Self> {
        let mut file = root.read_from(path, MAX_BYTES)?;
        let mut start = Vec::new();
        file.by_ref().take(3).read_to_end(&mut start)?;
        if let [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] = start.as_slice() {
            file.read_to_end(&mut start)?;
        }
        // What is no text ends at once, as no plan does.
        let begins = utf8(&start).unwrap_or_default().into_owned();
        Ok(Self { text: Box::new(Cursor::new(begins).chain(file)), names: NameScan::default() })
    }

    /// Whether it is a saved plan, or the beginning of one.
    pub(super) fn is_saved(&mut self) -> bool {
        is_saved(&mut self.parser())
    }

    /// What parses it.
    pub(super) fn parser(&mut self) -> PlanParser<'_> {
        Deserializer::from_reader(BufReader::with_capacity(PART, self))
    }

    /// Whether no member of what was read so far has a name that the parser takes for something else.
    pub(super) fn is_literal(&self) -> bool {
        self.names.found().is_none()
    }
}

impl Read for PlanText {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let length = self.text.read(bytes)?;
        self.names.feed(bytes.get(..length).unwrap_or_default());
        Ok(length)
    }
}
