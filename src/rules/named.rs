//! Names in messages.

/// The names that a message has at most.
pub const NAMED: usize = 6;

/// The names, joined by commas: [`NAMED`] at most, and the number of the others. Nobody reads a message that names a
/// thousand documents.
pub fn named(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let mut named: Vec<String> = names.iter().take(NAMED).cloned().collect();
    named.extend((more > 0).then(|| format!("and {more} more")));
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_beyond_the_limit_are_counted() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"].map(str::to_owned);
        assert_eq!(named(&names), "a, b, c, d, e, f, and 2 more");
        assert_eq!(named(&names[..6]), "a, b, c, d, e, f");
        assert_eq!(named(&[]), "");
    }
}
