//! Fingerprints, by which a platform knows a result again in a later report.

use crate::document::{FastMap, FastSet};

/// The fingerprints of one report: a fleet has many, and few of them twice.
#[derive(Default)]
pub(super) struct ResultPrints {
    all: FastSet<u64>,
    /// How often those came that came more than once.
    repeated: FastMap<u64, usize>,
}

impl ResultPrints {
    /// The fingerprint of what these parts identify: neither a line nor a value is among them, so that a result is
    /// known again when a file grows or a pool moves. Of several alike, it counts.
    pub(super) fn of(&mut self, parts: &[&str]) -> String {
        let print = fnv(&parts.join("\n"));
        let number = match self.all.insert(print) {
            true => 1,
            false => {
                let number = self.repeated.entry(print).or_insert(1);
                *number += 1;
                *number
            }
        };
        format!("{print:016x}:{number}")
    }
}

/// FNV-1a with 64 bits, which says the same on every machine and in every version.
///
/// http://www.isthe.com/chongo/tech/comp/fnv/
fn fnv(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_that_are_alike_are_counted() {
        let mut prints = ResultPrints::default();
        let numbers = ["a", "b", "a", "a", "b"].map(|part| prints.of(&[part]).split_off(17));
        assert_eq!(numbers, ["1", "1", "2", "3", "2"]);
    }
}
