use anstyle::{AnsiColor, Effects};

/// How a report is to look; the owner of the terminal decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether the text carries ANSI colours. They repeat what the signs say, never replace it.
    pub color: bool,
    /// Whether the reader's terminal shows more than ASCII.
    pub unicode: bool,
    /// The columns that a line should fit in. A value that cannot be broken may be longer.
    pub width: usize,
}

impl Style {
    pub(super) fn arrow(self) -> &'static str {
        if self.unicode { "→" } else { "->" }
    }

    pub(super) fn cross(self) -> &'static str {
        if self.unicode { "✗" } else { "x" }
    }

    pub(super) fn check(self) -> &'static str {
        if self.unicode { "✓" } else { "ok" }
    }

    pub(super) fn dash(self) -> &'static str {
        if self.unicode { "–" } else { "-" }
    }

    pub(super) fn ellipsis(self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }
}

/// What a piece of text is; decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Title,
    Added,
    Removed,
    Changed,
    /// The part of an added line that is new.
    AddedPart,
    /// The part of a removed line that goes.
    RemovedPart,
    Context,
    Refused,
    Warning,
    Notice,
}

impl Tone {
    pub(super) fn ansi(self) -> anstyle::Style {
        let of = |color: AnsiColor| color.on_default();
        match self {
            Self::Plain => anstyle::Style::new(),
            Self::Title => anstyle::Style::new().effects(Effects::BOLD),
            Self::Added => of(AnsiColor::Green),
            Self::Removed => of(AnsiColor::Red),
            Self::Changed | Self::Warning => of(AnsiColor::Yellow),
            Self::Notice => of(AnsiColor::Cyan),
            Self::AddedPart => of(AnsiColor::Green).effects(Effects::INVERT),
            Self::RemovedPart => of(AnsiColor::Red).effects(Effects::INVERT),
            Self::Context => anstyle::Style::new().effects(Effects::DIMMED),
            Self::Refused => of(AnsiColor::Red).effects(Effects::BOLD),
        }
    }

    /// The tone for the part of a line that makes the difference.
    pub(super) fn part(self) -> Self {
        match self {
            Self::Added => Self::AddedPart,
            Self::Removed => Self::RemovedPart,
            other => other,
        }
    }
}
