//! Guesses at what a misspelt word was meant to be.

/// The bytes beyond which a word is nobody's misspelling; comparing takes their square.
const LONGEST_NAME: usize = 100;

/// The name that `word` is in all letters but a few: of a fleet, all files and ids begin alike.
pub fn misspelt<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST_NAME {
        return None;
    }
    let lower = word.to_lowercase();
    let far = |name: &str| strsim::osa_distance(&lower, &name.to_lowercase());
    let near = names.into_iter().map(|name| (far(name), name));
    let near = near.filter(|(far, name)| *far <= 1 + name.chars().count() / 10);
    near.min_by_key(|(far, _)| *far).map(|(_, name)| name)
}

/// The candidate that `word` is most likely a misspelling of.
pub fn similar<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST_NAME {
        return None;
    }
    let lower = word.to_lowercase();
    let scored = candidates.into_iter().map(|candidate| {
        let score = strsim::jaro_winkler(&lower, &candidate.to_lowercase());
        (score, candidate)
    });
    let best = scored.filter(|(score, _)| *score > 0.84).max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    Some(best.1)
}
