//! Chance that falls alike at every run.

use sha2::{Digest as _, Sha256};

/// Where the draws of a sandbox come from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chance(u64);

impl Chance {
    /// Other seeds, other draws.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 up to 1, without 1, that depends on these words alone: not on what was drawn before,
    /// so that calls may come in any order.
    pub(super) fn draw(self, words: &[&str]) -> f64 {
        let mut hash = Sha256::new_with_prefix(self.0.to_be_bytes());
        for word in words {
            hash.update(word);
            hash.update([0]);
        }
        let [a, b, c, d, ..]: [u8; 32] = hash.finalize().into();
        f64::from(u32::from_be_bytes([a, b, c, d])) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_its_words_and_the_seed_and_lies_anywhere() {
        let draw = |seed, number: u32| Chance::new(seed).draw(&["a", &number.to_string()]);
        let draws: Vec<f64> = (0..1_000).map(|number| draw(1, number)).collect();
        assert_eq!(draws, (0..1_000).map(|number| draw(1, number)).collect::<Vec<_>>());
        assert_ne!(draw(1, 0), draw(2, 0));
        assert_ne!(Chance::new(1).draw(&["ab", "c"]), Chance::new(1).draw(&["a", "bc"]));
        for tenth in 0..10 {
            let within = draws.iter().filter(|draw| (**draw * 10.0) as u32 == tenth).count();
            assert!((60..140).contains(&within), "{within} of 1000 in tenth {tenth}");
        }
    }
}
