//! A page that must not become too long.

/// The bytes of UTF-8 that a page may have.
///
/// GitHub's own words are "65536 characters". People have measured that a comment may have 262,144 bytes,
/// and the text of a pull request 65,536 code points; whichever counts, no page of so many bytes is beyond
/// it.
pub const LIMIT: usize = 65_000;

/// What is kept back for the sentences that say what was left out.
const RESERVE: usize = 1_000;

/// A text that grows as long as there is room.
#[derive(Default)]
pub(super) struct BoundedText {
    text: String,
}

impl BoundedText {
    /// Adds a short text that must be there, separated from the text before.
    pub(super) fn must(&mut self, block: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(block.trim_end_matches('\n'));
        self.text.push('\n');
    }

    /// Adds as many of these lines as there is room for, with what stands before the first; says how many
    /// there were.
    pub(super) fn lines(&mut self, before: &str, lines: &[String]) -> usize {
        let mut left = self.left().saturating_sub(before.len() + 2);
        let fits = |line: &&String| {
            let fits = line.len() < left;
            left = left.saturating_sub(line.len() + 1);
            fits
        };
        let shown: Vec<&str> = lines.iter().take_while(fits).map(String::as_str).collect();
        if !shown.is_empty() {
            self.must(&format!("{before}{}", shown.join("\n")));
        }
        shown.len()
    }

    /// Adds a block if there is room for it.
    pub(super) fn add(&mut self, block: &str) -> bool {
        let fits = block.len() + 2 <= self.left();
        if fits {
            self.must(block);
        }
        fits
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn left(&self) -> usize {
        LIMIT.saturating_sub(RESERVE + self.text.len())
    }
}
