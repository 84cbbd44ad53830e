//! HTML in which text from elsewhere is text.

use std::fmt::Write as _;

use crate::report::line::Line;
use crate::report::style::Tone;
use crate::report::visible;

/// HTML as it grows. It has no way to add markup that is not a literal of this program: every other text is escaped
/// when it is added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Markup(String);

impl Markup {
    /// Adds markup.
    pub(super) fn raw(&mut self, html: &'static str) -> &mut Self {
        self.0.push_str(html);
        self
    }

    /// Adds a text on one line.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.push(&visible::escape(text), false);
        self
    }

    /// Adds a number.
    pub(super) fn number(&mut self, number: usize) -> &mut Self {
        let _ = write!(self.0, "{number}");
        self
    }

    /// Adds an attribute to the tag that is open: ` name="value"`.
    pub(super) fn attribute(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"");
        self.push(&visible::escape(value), true);
        self.raw("\"")
    }

    /// Adds an element with a class that holds nothing but a text; nothing if there is no text.
    pub(super) fn span(&mut self, class: &'static str, text: &str) -> &mut Self {
        if text.is_empty() {
            return self;
        }
        self.raw("<span class=").raw(class).raw(">").text(text).raw("</span>")
    }

    /// Adds a name of a setting, a file or a command, as code.
    pub(super) fn code(&mut self, text: &str) -> &mut Self {
        self.raw("<code>").text(text).raw("</code>")
    }

    /// Adds a sentence: what is between backticks is code.
    pub(super) fn sentence(&mut self, text: &str) -> &mut Self {
        let parts: Vec<&str> = text.split('`').collect();
        // Without its partner a backtick is one.
        let is_paired = parts.len() % 2 == 1;
        if !is_paired {
            return self.text(text);
        }
        for (position, part) in parts.into_iter().enumerate() {
            if position % 2 == 0 {
                self.text(part)
            } else {
                self.code(part)
            };
        }
        self
    }

    /// Adds a line with its tones.
    pub(super) fn line(&mut self, line: &Line) -> &mut Self {
        for (tone, text) in line.pieces() {
            let (open, close) = tags(tone);
            self.raw(open);
            self.push(text, false);
            self.raw(close);
        }
        self
    }

    /// Adds the lines of a text. Lines that come, go or stay together are one element. In it, the parts that make the
    /// difference are bold.
    pub(super) fn text_lines(&mut self, lines: &[Line]) -> &mut Self {
        for lines in lines.chunk_by(|one, next| block_tags(one) == block_tags(next)) {
            let (open, close) = lines.first().map(block_tags).unwrap_or_default();
            self.raw(open);
            for line in lines {
                for (tone, text) in line.pieces() {
                    let is_part = matches!(tone, Tone::AddedPart | Tone::RemovedPart);
                    self.raw(if is_part { "<b>" } else { "" });
                    self.push(text, false);
                    self.raw(if is_part { "</b>" } else { "" });
                }
                self.raw("\n");
            }
            self.raw(close);
        }
        self
    }

    /// Adds what was made elsewhere.
    pub(super) fn append(&mut self, other: &Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    /// Puts a short text in front, without a copy of a long one.
    pub(super) fn after(&mut self, head: &Self) -> &mut Self {
        self.0.insert_str(0, &head.0);
        self
    }

    /// The length in bytes.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn finish(self) -> String {
        self.0
    }

    /// Adds a text that has nothing hidden in it. Quotes mean something in the value of an attribute alone, and `>`
    /// nothing outside of a tag.
    fn push(&mut self, text: &str, is_value: bool) {
        let mut kept = 0;
        for (at, byte) in text.bytes().enumerate() {
            let entity = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' if is_value => "&gt;",
                b'"' if is_value => "&quot;",
                b'\'' if is_value => "&#39;",
                _ => continue,
            };
            self.0.push_str(&text[kept..at]);
            self.0.push_str(entity);
            kept = at + 1;
        }
        self.0.push_str(&text[kept..]);
    }
}

/// The class of a tone, as the style sheet names it.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "v",
        Tone::Title => "b",
        Tone::Added | Tone::AddedPart => "a",
        Tone::Removed | Tone::RemovedPart => "r",
        Tone::Changed => "m",
        Tone::Context => "c",
        Tone::Refused => "x",
        Tone::Warning => "w",
        Tone::Notice => "n",
    }
}

/// The element of a line of a text.
fn block_tags(line: &Line) -> (&'static str, &'static str) {
    match line.pieces().next().map(|(tone, _)| tone) {
        Some(Tone::Added | Tone::AddedPart) => ("<ins>", "</ins>"),
        Some(Tone::Removed | Tone::RemovedPart) => ("<del>", "</del>"),
        Some(Tone::Context) => ("<i>", "</i>"),
        _ => ("<span>", "</span>"),
    }
}

fn tags(tone: Tone) -> (&'static str, &'static str) {
    match tone {
        Tone::Plain => ("", ""),
        Tone::Title => ("<b>", "</b>"),
        Tone::Added | Tone::AddedPart => ("<span class=a>", "</span>"),
        Tone::Removed | Tone::RemovedPart => ("<span class=r>", "</span>"),
        Tone::Changed => ("<span class=m>", "</span>"),
        Tone::Context => ("<i>", "</i>"),
        Tone::Refused => ("<span class=x>", "</span>"),
        Tone::Warning => ("<span class=w>", "</span>"),
        Tone::Notice => ("<span class=n>", "</span>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(make: impl for<'a> FnOnce(&'a mut Markup) -> &'a mut Markup) -> String {
        let mut markup = Markup::default();
        make(&mut markup);
        markup.finish()
    }

    #[test]
    fn a_text_is_never_markup() {
        for (text, shown) in [
            ("a", "a"),
            ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
            ("</code></details>", "&lt;/code>&lt;/details>"),
            ("&lt;&#x3c;", "&amp;lt;&amp;#x3c;"),
            ("<!-- ]]> -->", "&lt;!-- ]]> -->"),
            ("a\n\u{0}\u{202e}b\u{a0}", "a\\n\\u0000\\u202eb\\u00a0"),
            ("##[group]x", "##\\u005bgroup]x"),
            ("é漢🎉", "é漢🎉"),
        ] {
            assert_eq!(made(|markup| markup.text(text)), shown);
            assert_eq!(made(|markup| markup.line(&Line::of(Tone::Plain, text))), shown);
            let value = shown.replace('>', "&gt;");
            assert_eq!(made(|markup| markup.attribute("id", text)), format!(" id=\"{value}\""));
            assert_eq!(made(|markup| markup.sentence(text)), shown);
        }
        assert_eq!(made(|markup| markup.text("\" onload='x'")), "\" onload='x'");
        assert_eq!(
            made(|markup| markup.attribute("id", "\" onload='x'")),
            " id=\"&quot; onload=&#39;x&#39;\""
        );
    }

    #[test]
    fn what_a_sentence_has_between_backticks_is_code() {
        for (text, shown) in [
            ("set `A<b>` to `x`", "set <code>A&lt;b></code> to <code>x</code>"),
            ("one ` alone <b>", "one ` alone &lt;b>"),
            ("", ""),
        ] {
            assert_eq!(made(|markup| markup.sentence(text)), shown);
        }
    }

    #[test]
    fn a_line_keeps_its_tones() {
        let line = Line::of(Tone::Removed, "- ").with(Tone::RemovedPart, "<a>").with(Tone::Removed, " b");
        let lines = [line.clone(), line, Line::of(Tone::Context, "  c")];
        let shown = "<del>- <b>&lt;a></b> b\n- <b>&lt;a></b> b\n</del><i>  c\n</i>";
        assert_eq!(made(|markup| markup.text_lines(&lines)), shown);
        let line = Line::of(Tone::Plain, "8").with(Tone::Context, " → ").with(Tone::Plain, "12");
        assert_eq!(made(|markup| markup.line(&line)), "8<i> → </i>12");
    }
}
