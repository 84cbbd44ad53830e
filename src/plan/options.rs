use crate::catalogue::Unknown;

/// What whoever runs a plan has decided beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What to do with live members that the model does not know.
    pub unknown: Unknown,
    /// The codes of the rules ([`crate::rules::cross`]) that do not stand in the way.
    pub allowed_rules: Vec<String>,
}

impl From<Unknown> for Options {
    fn from(unknown: Unknown) -> Self {
        Self { unknown, allowed_rules: Vec::new() }
    }
}

impl From<&Self> for Options {
    fn from(options: &Self) -> Self {
        options.clone()
    }
}
