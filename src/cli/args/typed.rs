//! Where the value of an option comes from: the command line, a variable or a file.

/// Whether an option stands on the command line itself.
pub(in crate::cli) fn is_typed(long: &str) -> bool {
    let option = format!("--{long}");
    std::env::args_os().any(|typed| typed.to_string_lossy().split('=').next() == Some(&option))
}

/// Whether a word of the command line follows an option that has no value of its own there.
pub(in crate::cli) fn follows(long: &str, word: &std::path::Path) -> bool {
    let option = format!("--{long}");
    let words: Vec<_> = std::env::args_os().collect();
    words.windows(2).any(|two| *two[0] == *option && *two[1] == *word)
}

/// The environment variable that sets an option, if it does.
pub(in crate::cli) fn variable(long: &str) -> Option<String> {
    super::options::variable(long).filter(|variable| std::env::var_os(variable).is_some())
}

/// Whether the command line or the environment sets an option, and no file.
pub(in crate::cli) fn is_said(long: &str) -> bool {
    is_typed(long) || variable(long).is_some()
}
