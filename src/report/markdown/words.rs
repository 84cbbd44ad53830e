//! Foreign text in Markdown: nothing in it becomes markup, a mention, a link or a reference.
//!
//! GitHub makes mentions, links to issues and links to commits of what is left after the Markdown is
//! rendered, so that no backslash helps: but it looks at no code. So all that is no plain word is code.

use super::super::visible;

/// The characters of a name in a table or a title.
const NAME: usize = 120;
/// The characters of a sentence.
const SENTENCE: usize = 600;

/// A value in a line of code.
pub(super) fn code(text: &str) -> String {
    let text = visible::shorten(text, SENTENCE, "…");
    let text = visible::escape(&text);
    if text.trim_matches(' ').is_empty() {
        // A line of code cannot be empty, and blanks alone are none either.
        return format!("`\"{text}\"`");
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let blank = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// A name in a cell of a table, in which a bar would end the cell even in code.
pub(super) fn cell(text: &str) -> String {
    code(&visible::escape(&visible::shorten(text, NAME, "…")).replace('|', "\\u007c"))
}

/// A name where HTML is written, as in the line that opens the details.
pub(super) fn html(text: &str) -> String {
    let text = visible::shorten(text, NAME, "…");
    let text = visible::escape(&text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<code>{}</code>", text.replace('"', "&quot;"))
}

/// A sentence: the parts between backticks are code, and so is every other word that is not plain.
pub(super) fn sentence(text: &str) -> String {
    let text = visible::shorten(text, SENTENCE, "…");
    let mut in_code = false;
    let words = text.split(|c: char| {
        in_code ^= c == '`';
        !in_code && c.is_whitespace()
    });
    words.filter(|word| !word.is_empty()).map(word).collect::<Vec<_>>().join(" ")
}

/// A word, in which a part may be code: two such parts would run into each other.
fn word(word: &str) -> String {
    match word.split('`').collect::<Vec<_>>().as_slice() {
        [plain] if is_plain(plain) => (*plain).to_owned(),
        [before, inside, after] if !inside.is_empty() && is_plain(before) && is_plain(after) => {
            format!("{before}{}{after}", code(inside))
        }
        [bare] => {
            // The punctuation around it is not part of it.
            let start = bare.len() - bare.trim_start_matches(OPENING).len();
            let (before, rest) = bare.split_at(start);
            let is_part = |c: char| c == ')' && rest.contains('(') || c == ';' && rest.contains('&');
            let closes = |c: char| CLOSING.contains(&c) && !is_part(c);
            let core = rest.trim_end_matches(closes);
            let after = &rest[core.len()..];
            if core.is_empty() { code(bare) } else { format!("{before}{}{after}", code(core)) }
        }
        _ => code(word),
    }
}

/// Punctuation that means nothing to Markdown in front of a word, and behind it.
const OPENING: [char; 2] = ['(', '"'];
const CLOSING: [char; 8] = ['.', ',', ';', ':', '!', '?', ')', '"'];

/// Whether neither Markdown nor GitHub could see anything in it but a word, with the punctuation around it.
fn is_plain(word: &str) -> bool {
    let core = word.trim_start_matches(OPENING).trim_end_matches(CLOSING);
    let letters = |part: &str| !part.is_empty() && part.chars().all(char::is_alphabetic);
    // What looks like the name of a commit may become a link to it.
    let is_commit = core.len() >= 7 && core.chars().all(|c| c.is_ascii_hexdigit());
    let is_number = core.chars().all(|c| c.is_ascii_digit());
    !is_commit && (is_number || core.split(['-', '\'']).all(letters))
}

/// The longest run of backticks.
pub(super) fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_keeps_its_code_and_gets_more_where_a_word_could_mean_something() {
        for (text, shown) in [
            ("the plan does not change `a b`, (`c`)", "the plan does not change `a b`, (`c`)"),
            ("ask @octocat about #12, GH-3 and o/r#4", "ask `@octocat` about `#12`, `GH-3` and `o/r#4`"),
            (
                "see https://example.com, a@b.c or www.x.y.",
                "see `https://example.com`, `a@b.c` or `www.x.y`.",
            ),
            ("<img src=x> **b** _i_ [a](b) ~~s~~", "`<img` `src=x>` `**b**` `_i_` `[a](b)` `~~s~~`"),
            ("a\nb ` c d", "a b ``` ` c d ```".replace("```", "``").as_str()),
            ("`a``b` don't deadbeef 1234567", "```` `a``b` ```` don't `deadbeef` `1234567`"),
            ("a | b &amp; c", "a `|` b `&amp;` c"),
            ("(\"Invalid parameter.\")", "(\"Invalid parameter.\")"),
            ("`\u{202e}x`", "`\\u202ex`"),
        ] {
            assert_eq!(sentence(text), shown.replace("````", "```"));
        }
    }

    #[test]
    fn code_is_closed_by_nothing_in_it() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(code(""), "`\"\"`");
        assert_eq!(cell("a|b"), "`a\\u007cb`");
        assert_eq!(html("<b>&@x"), "<code>&lt;b&gt;&amp;@x</code>");
    }
}
