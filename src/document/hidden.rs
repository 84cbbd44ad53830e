//! What a text must not carry to a reader as it is: characters that nobody sees or that a terminal obeys, and
//! commands to what runs a job of CI and reads its log.

/// The hidden characters of Unicode 17.0, as ranges with both ends.
///
/// These are the general categories Cc, Cf, Zs, Zl and Zp, and the property Default_Ignorable_Code_Point;
/// without the blank, and without the property Prepended_Concatenation_Mark, whose characters have ink. The
/// last row adds characters outside of these that are drawn as a blank: the Braille blank, two hieroglyphic
/// blanks, the filler of Khitan and the null notehead. `tests/it/stories/harmless.rs` holds the table to Node.js.
const HIDDEN: [(u32, u32); 26] = [
    (0x0000, 0x001f),
    (0x007f, 0x00a0),
    (0x00ad, 0x00ad),
    (0x034f, 0x034f),
    (0x061c, 0x061c),
    (0x115f, 0x1160),
    (0x1680, 0x1680),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x2000, 0x200f),
    (0x2028, 0x202f),
    (0x205f, 0x206f),
    (0x2800, 0x2800),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0x13430, 0x1343f),
    (0x13441, 0x13442),
    (0x16fe4, 0x16fe4),
    (0x1bca0, 0x1bca3),
    (0x1d159, 0x1d159),
    (0x1d173, 0x1d17a),
    (0xe0000, 0xe0fff),
];

/// Whether `c` is obeyed by a terminal, turns the direction of writing, has no ink, or looks like a blank and is
/// another character.
pub fn is_hidden(c: char) -> bool {
    match c {
        ' '..='~' => false,
        _ => {
            let c = u32::from(c);
            let after = HIDDEN.partition_point(|(start, _)| *start <= c);
            after > 0 && HIDDEN[after - 1].1 >= c
        }
    }
}

/// The offsets of the brackets that make a command of the word before them, wherever it is in a line:
/// `##[group]` of GitHub Actions and Azure Pipelines, `##vso[…]` of Azure Pipelines, `##teamcity[…]`, and others
/// of their kind.
///
/// The runners look for these words anywhere in a line:
/// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs ·
/// https://github.com/microsoft/azure-pipelines-agent/blob/master/src/Microsoft.VisualStudio.Services.Agent/Command.cs ·
/// https://www.jetbrains.com/help/teamcity/service-messages.html
pub fn brackets(text: &str) -> impl Iterator<Item = usize> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let is_command = move |at: &usize| text[..*at].trim_end_matches(is_of_name).ends_with("##");
    text.match_indices('[').map(|(at, _)| at).filter(is_command)
}

/// The offset of the first sign of a command that only counts where a line begins: `::group::x` of GitHub Actions,
/// also behind blanks, and the heads of Buildkite's groups (`--- x`). `None` if the line begins with none.
///
/// https://buildkite.com/docs/pipelines/configure/managing-log-output
pub fn head(line: &str) -> Option<usize> {
    let blanks = line.len() - line.trim_start().len();
    let is_command = line[blanks..].strip_prefix("::").is_some_and(|rest| rest.contains("::"));
    let is_group = ["--- ", "+++ ", "~~~ ", "^^^ "].iter().any(|head| line.starts_with(head));
    (is_command || is_group).then_some(if is_group { 0 } else { blanks })
}

/// Whether any line of the text holds something that must not reach a reader as it is; `is_fine` says which hidden
/// characters may.
pub fn is_harmless(text: &str, is_fine: impl Fn(char) -> bool) -> bool {
    !text.contains(|c| is_hidden(c) && !is_fine(c))
        && brackets(text).next().is_none()
        && text.split('\n').all(|line| head(line).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_found_wherever_a_runner_would_find_it() {
        for (line, expected) in [
            ("##[group]x", Some(2)),
            ("it is ##vso[task.x]y", Some(11)),
            ("####[group]x", Some(4)),
            ("##teamcity[x 'y']", Some(10)),
            ("##my-own_1[x]", Some(10)),
            ("# #[x]", None),
            ("#[x]", None),
            ("## [x]", None),
            ("Your code is {####}", None),
        ] {
            assert_eq!(brackets(line).next(), expected, "{line}");
        }
        assert_eq!(brackets("##[a ##[b ##c[d").collect::<Vec<_>>(), [2, 7, 13]);
    }

    #[test]
    fn a_line_is_a_command_where_it_begins_with_one() {
        for (line, expected) in [
            ("::notice::x", Some(0)),
            ("  ::notice file=a::x", Some(2)),
            ("\u{a0}\u{3000}::notice::x", Some(5)),
            ("--- x", Some(0)),
            ("+++ x", Some(0)),
            ("a::notice::x", None),
            ("::before { color: red }", None),
            ("  --- x", None),
            ("---", None),
        ] {
            assert_eq!(head(line), expected, "{line}");
        }
    }
}
