//! The error of a wrong command line, with tips.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::args::typed::{is_typed, variable};
use super::commands::help;
use super::exit::Exit;
use super::terminal::ui::Ui;
use super::world::config;
use crate::document::url::without_beginning;
use crate::manifest;

/// clap ends with 2 on a wrong word; to a script that would be "there are differences".
pub(super) fn usage(mut error: clap::Error, defaults: &[config::OptionDefault]) -> Exit {
    let mut tips = inherited(&error, defaults);
    if error.kind() == ErrorKind::UnknownArgument {
        // clap's own tip is to pass the option as a path.
        error.remove(ContextKind::Suggested);
        tips.extend(unknown_option(&error, std::env::args().skip(1)));
    }
    if error.get(ContextKind::InvalidSubcommand) == Some(&ContextValue::String("help".to_owned())) {
        error.remove(ContextKind::SuggestedSubcommand);
        tips.push("write `poolctl COMMAND --help`, such as `poolctl plan --help`".to_owned());
    }
    if !tips.is_empty() {
        let tips = tips.into_iter().map(StyledStr::from).collect();
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    // It may be a URL with a password, or the end of one.
    if let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) {
        let value = ContextValue::String(without_beginning(value).into_owned());
        error.insert(ContextKind::InvalidValue, value);
    }
    let end = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Clean,
        _ => Exit::Usage,
    };
    // A help contains nothing from the command line.
    if end == Exit::Clean || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let ui = Ui::plain();
        ui.stream(|_| error.print());
        let Some((text, help)) = ui.lost() else { return end };
        ui.error(&text, help.as_deref());
        return Exit::Failed;
    }
    // What was typed may be of others, as the name of a branch is.
    let is_inherited = |long: &str| origin(long, defaults).is_some();
    let text = in_our_style(&typed_only(&error.render().to_string(), &is_inherited));
    Ui::plain().error(text.strip_prefix("error: ").unwrap_or(&text), None);
    end
}

/// The text without the options in its usage that nobody typed: the environment or a file sets them for all commands. A word
/// that was typed and is optional is shown as that.
fn typed_only(text: &str, is_inherited: &dyn Fn(&str) -> bool) -> String {
    let command = help::command();
    let options =
        || command.get_subcommands().flat_map(clap::Command::get_arguments).chain(command.get_arguments());
    let of = |line: &str| {
        let (mut kept, mut words) = (Vec::new(), line.split(' '));
        let asked = line.split(' ').nth(2).and_then(|name| command.find_subcommand(name));
        let positionals = asked.into_iter().flat_map(clap::Command::get_positionals);
        let optional =
            positionals.filter(|arg| !arg.is_required_set()).filter_map(clap::Arg::get_value_names);
        let optional: Vec<String> = optional.flatten().map(|name| format!("<{name}>")).collect();
        let is_optional = |word: &str| optional.iter().any(|name| *name == word.trim_end_matches('.'));
        while let Some(word) = words.next() {
            if let Some(name) = word.strip_prefix('<').filter(|_| is_optional(word)) {
                kept.push(format!("[{}", name.replace('>', "]")));
                continue;
            }
            let long = word.strip_prefix("--").map(|long| long.split(['=', '[']).next().unwrap_or_default());
            match long.filter(|long| is_inherited(long)) {
                None => kept.push(word.to_owned()),
                Some(long) => {
                    let option = options().find(|option| option.get_long() == Some(long));
                    let takes = option.is_some_and(|option| option.get_action().takes_values());
                    // Its value is a word of its own, unless it is optional.
                    if takes && word.len() == long.len() + 2 {
                        let _ = words.find(|word| word.contains('>'));
                    }
                }
            }
        }
        kept.join(" ")
    };
    let lines =
        text.split('\n').map(|line| if line.starts_with("Usage: ") { of(line) } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\n")
}

/// Words of clap and of Rust's numbers, with ours.
const WORDS: [(&str, &str); 5] = [
    ("  tip: ", "  help: "),
    ("invalid digit found in string", "it takes a whole number"),
    ("cannot parse integer from empty string", "it takes a whole number"),
    ("number too large to fit in target type", "the number is too large"),
    ("number too small to fit in target type", "the number is too small"),
];

/// The text with the range of a number in words.
fn ranged(text: &str) -> String {
    let in_words = |line: &str| {
        let (before, range) = line.split_once(" is not in ")?;
        let (option, _) = before.rsplit_once(": ")?;
        let (least, most) = range.split_once("..=")?;
        Some(format!("{option}: it takes a whole number from {least} to {most}"))
    };
    let lines = text.split('\n').map(|line| in_words(line).unwrap_or_else(|| line.to_owned()));
    lines.collect::<Vec<_>>().join("\n")
}

/// The text of a usage error in the style of all other errors: a remedy is called help, and names are in backticks.
fn in_our_style(text: &str) -> String {
    let text = WORDS.iter().fold(ranged(text), |text, (theirs, ours)| text.replace(theirs, ours));
    let mut out = String::new();
    let (mut rest, mut is_open) = (text.as_str(), false);
    while let Some(at) = rest.find('\'') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let ends = |text: &str, signs: &[char]| text.is_empty() || text.starts_with(signs);
        let is_mark = match is_open {
            true => ends(after, &[' ', ',', '.', ':', ';', ')', '\n']),
            false => before.is_empty() || before.ends_with([' ', '(', '\n']),
        };
        out.push_str(before);
        out.push(if is_mark { '`' } else { '\'' });
        is_open ^= is_mark;
        rest = after;
    }
    out + rest
}

/// A tip for an unknown option; `None` if clap has one.
///
/// An option with one dash, as Terraform has them, is several short options to clap: it names one letter.
fn unknown_option(error: &clap::Error, mut words: impl Iterator<Item = String>) -> Option<String> {
    if error.get(ContextKind::SuggestedArg).is_some() {
        return None;
    }
    let otherwise = "`--help` lists the options".to_owned();
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else {
        return Some(otherwise);
    };
    let letter = unknown.strip_prefix('-').filter(|rest| rest.chars().count() == 1);
    let is_meant = |word: &str, letter: &str| {
        word.strip_prefix('-')
            .is_some_and(|rest| !rest.starts_with('-') && rest.len() > 1 && rest.contains(letter))
    };
    let Some(word) = letter.and_then(|letter| words.find(|word| is_meant(word, letter))) else {
        return Some(otherwise);
    };
    let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
    let command = help::command();
    let options = command.get_subcommands().flat_map(clap::Command::get_arguments);
    let known: Vec<&str> = options.filter_map(clap::Arg::get_long_and_visible_aliases).flatten().collect();
    Some(match (known.contains(&name), manifest::similar(name, known.iter().copied())) {
        (true, _) => format!("write `{word}` with two dashes: `--{name}`"),
        (false, Some(close)) => format!("did you mean `--{close}`?"),
        (false, None) => otherwise,
    })
}

/// The options that an error is about and that nobody typed: which variables, or which file, they come
/// from.
fn inherited(error: &clap::Error, defaults: &[config::OptionDefault]) -> Vec<String> {
    let about =
        error.context().filter(|(kind, _)| matches!(kind, ContextKind::InvalidArg | ContextKind::PriorArg));
    let options = about.flat_map(|(_, value)| match value {
        ContextValue::String(option) => vec![option.as_str()],
        ContextValue::Strings(options) => options.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    });
    let tip = |option: &str| {
        let long = option.strip_prefix("--")?.split([' ', '=', '[', '.']).next()?;
        Some(format!("`--{long}` is set by {}", origin(long, defaults)?))
    };
    options.filter_map(tip).collect()
}

/// What sets an option that nobody typed.
fn origin(long: &str, defaults: &[config::OptionDefault]) -> Option<String> {
    if is_typed(long) {
        return None;
    }
    if let Some(variable) = variable(long) {
        return Some(format!("the environment variable {variable}"));
    }
    defaults.iter().find(|default| default.option == long).map(|default| default.place.to_string())
}

#[cfg(test)]
mod tests {
    use super::{in_our_style, typed_only};

    #[test]
    fn a_usage_has_what_was_typed() {
        let is_inherited = |long: &str| ["format", "quiet", "rate", "sandbox"].contains(&long);
        for (clap, expected) in [
            (
                "Usage: poolctl plan --format <FORMAT> --live <DIR> <PATH>...",
                "Usage: poolctl plan --live <DIR> [PATH]...",
            ),
            ("Usage: poolctl plan --rate <NUMBER or N%> <PATH>...", "Usage: poolctl plan [PATH]..."),
            ("Usage: poolctl plan --quiet <PATH>...", "Usage: poolctl plan [PATH]..."),
            ("Usage: poolctl restore --quiet <BACKUP>", "Usage: poolctl restore <BACKUP>"),
            ("Usage: poolctl plan --sandbox[=<DIR>] [PATH]...", "Usage: poolctl plan [PATH]..."),
            ("it takes --format <FORMAT>", "it takes --format <FORMAT>"),
        ] {
            let around = |text: &str| format!("error: x\n\n{text}\n\nFor more");
            assert_eq!(typed_only(&around(clap), &is_inherited), around(expected));
        }
    }

    #[test]
    fn names_are_in_backticks_and_a_remedy_is_help() {
        for (clap, expected) in [
            ("unexpected argument '--x' found", "unexpected argument `--x` found"),
            (
                "value 'it's' for '--a <B>': bad\n\n  tip: try '--a', '--b'",
                "value `it's` for `--a <B>`: bad\n\n  help: try `--a`, `--b`",
            ),
            (
                "value 'x' for '-n': invalid digit found in string",
                "value `x` for `-n`: it takes a whole number",
            ),
            (
                "value '0' for '--n <N>': 0 is not in 1..=1000\n\nFor more",
                "value `0` for `--n <N>`: it takes a whole number from 1 to 1000\n\nFor more",
            ),
            ("nobody's fault", "nobody's fault"),
        ] {
            assert_eq!(in_our_style(clap), expected);
        }
    }
}
