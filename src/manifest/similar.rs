//! Guesses at what a misspelt word was meant to be.

/// The bytes beyond which a word is nobody's misspelling; comparing takes their square.
const LONGEST_NAME: usize = 100;

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
