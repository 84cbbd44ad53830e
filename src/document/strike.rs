//! Takes secrets out of sentences.

/// What stands in place of a secret.
const STRUCK: &str = "(sensitive)";
/// The length from which a secret is taken out wherever it stands; a shorter one only where it is a word of
/// its own, since its letters stand in others by chance.
const LONG: usize = 4;

/// The text without these secrets, as they are, with their blanks run together, and as JSON writes them.
pub fn strike(text: &str, secrets: &[String]) -> String {
    let mut forms: Vec<String> = secrets.iter().flat_map(|secret| forms(secret)).collect();
    // One may begin as another does.
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.dedup();
    forms.iter().filter(|form| !form.is_empty()).fold(text.to_owned(), |text, form| without(&text, form))
}

fn forms(secret: &str) -> [String; 3] {
    let json = serde_json::Value::from(secret).to_string();
    let json = json.trim_matches('"').to_owned();
    let words: Vec<&str> = secret.split_whitespace().collect();
    [secret.to_owned(), words.join(" "), json]
}

fn without(text: &str, secret: &str) -> String {
    if secret.len() >= LONG {
        return text.replace(secret, STRUCK);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(secret) {
        let (before, after) = (&rest[..at], &rest[at + secret.len()..]);
        let in_word = before.chars().chain(out.chars().rev().take(usize::from(before.is_empty()))).last();
        let is_word =
            !in_word.is_some_and(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        out.push_str(before);
        out.push_str(if is_word { STRUCK } else { secret });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_goes_in_every_form_and_the_longest_first() {
        let struck = |text: &str, secrets: &[&str]| {
            strike(text, &secrets.iter().map(|secret| (*secret).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(struck("it is abcdefgh", &["abcd", "abcdefgh"]), "it is (sensitive)");
        assert_eq!(struck("is 97, not 1972 or 9", &["97"]), "is (sensitive), not 1972 or 9");
        assert_eq!(struck("9797 97", &["97"]), "9797 (sensitive)");
        assert_eq!(struck("said one two", &["one\r\ntwo"]), "said (sensitive)");
        assert_eq!(struck(r#"said "a\"bc""#, &["a\"bc"]), r#"said "(sensitive)""#);
        assert_eq!(struck("nothing", &["", "x"]), "nothing");
    }
}
