//! The mark and the word of each kind of finding: the same in every form.

use super::Style;
use super::line::{Line, wrap};
use super::style::Tone;
use crate::plan::{Finding, Level, PlanReport};

/// The kind of a finding as readers see it, weightiest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum FindingMark {
    /// The plan cannot be applied.
    Conflict,
    /// A risk that blocks the plan.
    Risk,
    /// A rule or an entry that needs a look; it does not block.
    Warning,
    /// A risk that does not block: it only reports, or something allows it.
    Notice,
    /// For information.
    Note,
}

/// The marks with and without Unicode, and the word behind them.
const ROWS: [(FindingMark, &str, &str, &str, Tone); 5] = [
    (FindingMark::Conflict, "✗", "x", "conflict", Tone::Refused),
    (FindingMark::Risk, "!", "!", "risk", Tone::Refused),
    (FindingMark::Warning, "▲", "^", "warning", Tone::Warning),
    (FindingMark::Notice, "●", "*", "notice", Tone::Notice),
    (FindingMark::Note, " ", " ", "note", Tone::Context),
];

impl FindingMark {
    pub(super) fn of(finding: &Finding) -> Self {
        match finding.level {
            Level::Conflict => Self::Conflict,
            Level::Risk if finding.refuses() => Self::Risk,
            Level::Risk => Self::Notice,
            Level::Warning => Self::Warning,
            Level::Note => Self::Note,
        }
    }

    pub(super) fn is_conflict(self) -> bool {
        self == Self::Conflict
    }

    /// How many findings of these plans have the mark.
    pub(super) fn count(self, plans: &[&PlanReport]) -> usize {
        let findings = plans.iter().flat_map(|plan| &plan.findings);
        findings.filter(|finding| Self::of(finding) == self).count()
    }

    fn row(self) -> &'static (Self, &'static str, &'static str, &'static str, Tone) {
        ROWS.iter().find(|row| row.0 == self).unwrap_or(&ROWS[0])
    }

    pub(super) fn sign(self, style: &Style) -> &'static str {
        let (_, sign, ascii, ..) = *self.row();
        if style.unicode { sign } else { ascii }
    }

    pub(super) fn word(self) -> &'static str {
        self.row().3
    }

    pub(super) fn tone(self) -> Tone {
        self.row().4
    }

    /// A finding on as many lines as it needs: the mark, the word and the code, then the text.
    pub(super) fn lines(self, indent: usize, code: &str, text: &str, style: &Style) -> Vec<Line> {
        let column = indent + 2;
        let head =
            if code.is_empty() { format!("{}:", self.word()) } else { format!("{} {code}:", self.word()) };
        let texts = wrap(&format!("{head} {text}"), style.width.saturating_sub(column).max(30));
        let mut signs = std::iter::once(self.sign(style)).chain(std::iter::repeat(""));
        let line = |text: &String| {
            let line = Line::indented(indent).with(self.tone(), signs.next().unwrap_or_default());
            let line = line.filled_to(column);
            match text.strip_prefix(&head) {
                Some(rest) => line.with(self.tone(), &head).with(Tone::Plain, rest),
                None => line.with(Tone::Plain, text),
            }
        };
        texts.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_mark_and_every_word_is_unique() {
        for style in [true, false].map(|unicode| Style { color: false, unicode, width: 80 }) {
            let marks: HashSet<&str> = ROWS.iter().map(|row| row.0.sign(&style)).collect();
            let words: HashSet<&str> = ROWS.iter().map(|row| row.0.word()).collect();
            assert_eq!((marks.len(), words.len()), (ROWS.len(), ROWS.len()));
            assert!(style.unicode || marks.iter().all(|mark| mark.is_ascii()));
        }
    }
}
