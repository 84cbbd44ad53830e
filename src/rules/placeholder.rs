//! What is left of the placeholders of a message after another tool has encoded or split them.

/// The characters of a word that are quoted at most.
const LONGEST: usize = 40;

/// The first word of the text that has an encoded placeholder, such as `%7B####%7D`, or a part of one; of a long word what
/// is around that.
pub(super) fn torn(text: &str) -> Option<&str> {
    const LEFT: [&str; 5] = ["{####", "####}", "{# ##", "## #}", "{ ####"];
    let is_between = |sign: char| sign.is_whitespace() || "\"'<>=/?(),".contains(sign);
    let marks = |text: &str| text.matches("{##").count() + text.matches("##}").count();
    // Every encoding begins with one of these.
    let may_be_encoded = |text: &&str| text.contains(['%', '&']);
    let encoded = || {
        let mut words = Some(text).filter(may_be_encoded)?.split(is_between).filter(may_be_encoded);
        words.find(|word| marks(&decoded(word)) > marks(word))
    };
    // A whole one joins nothing around it.
    let rests = || text.split("{####}").filter(|rest| rest.contains("##"));
    let rests = || rests().flat_map(|rest| LEFT.iter().map(move |part| (rest, *part)));
    let torn = || {
        let (rest, part) = rests().find(|(rest, part)| rest.contains(part))?;
        let at = rest.find(part)?;
        let before = rest.get(..at)?.rsplit(is_between).next()?;
        rest.get(at - before.len()..at + part.len())
    };
    torn().or_else(encoded).map(around)
}

/// The part of a word that has the placeholder, where it is long.
fn around(word: &str) -> &str {
    let start = word.find(['{', '%', '&', '#']).filter(|_| word.len() > LONGEST).unwrap_or_default();
    let rest = &word[start..];
    rest.char_indices().nth(LONGEST).and_then(|(end, _)| rest.get(..end)).unwrap_or(rest)
}

/// The text with the signs of a placeholder in the place of their encodings in an address or in HTML.
fn decoded(text: &str) -> String {
    const ENCODED: [(&str, &[&str]); 4] = [
        ("%", &["%25"]),
        ("{", &["%7b", "%7B", "&#123;", "&#x7b;", "&#x7B;", "&lbrace;", "&lcub;"]),
        ("#", &["%23", "&#35;", "&#x23;", "&num;"]),
        ("}", &["%7d", "%7D", "&#125;", "&#x7d;", "&#x7D;", "&rbrace;", "&rcub;"]),
    ];
    let all =
        ENCODED.iter().flat_map(|(sign, encodings)| encodings.iter().map(move |encoded| (sign, encoded)));
    all.fold(text.to_owned(), |text, (sign, encoded)| match text.contains(encoded) {
        true => text.replace(encoded, sign),
        false => text,
    })
}
