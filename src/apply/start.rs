/// How many pools may be written at a time: one at first, and once all of those have come out as planned
/// twice as many, up to a most; one again after any that has not.
///
/// So an error in a change shows while it affects few pools. Until the maximum is reached, the next pools start
/// when all earlier ones have finished.
#[derive(Debug)]
pub(super) struct SlowStart {
    width: usize,
    most: usize,
    /// How many have begun since the width is what it is.
    begun: usize,
    flying: usize,
    /// Whether a pool of this round, or one outside of it, is not as planned.
    is_bad: bool,
}

/// How a pool came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PoolResult {
    /// As planned.
    Good,
    /// Otherwise.
    Bad,
    /// Nothing was tried.
    Idle,
}

impl SlowStart {
    /// At most `most` at a time; at least one.
    pub(super) fn new(most: usize) -> Self {
        Self { width: 1, most: most.max(1), begun: 0, flying: 0, is_bad: false }
    }

    /// Whether one more may begin.
    pub(super) fn has_room(&self) -> bool {
        let is_open = self.width == self.most && !self.is_bad;
        if is_open { self.flying < self.most } else { self.begun < self.width && !self.is_bad }
    }

    /// A pool begins.
    pub(super) fn begins(&mut self) {
        self.begun += 1;
        self.flying += 1;
    }

    /// Records that a started pool has finished.
    pub(super) fn ends(&mut self, end: PoolResult) {
        self.flying -= 1;
        match end {
            PoolResult::Good => {}
            PoolResult::Bad => self.is_bad = true,
            PoolResult::Idle => self.begun = self.begun.saturating_sub(1),
        }
        if self.flying > 0 {
            return;
        }
        if self.is_bad {
            *self = Self::new(self.most);
        } else if self.begun >= self.width {
            self.width = self.width.saturating_mul(2).min(self.most);
            self.begun = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Begins as many as there is room for.
    fn fill(start: &mut SlowStart) -> usize {
        let before = start.flying;
        while start.has_room() {
            start.begins();
        }
        start.flying - before
    }

    #[test]
    fn twice_as_many_begin_once_all_before_have_come_out_well() {
        let mut start = SlowStart::new(6);
        let mut waves = Vec::new();
        for _ in 0..3 {
            let wave = fill(&mut start);
            waves.push(wave);
            for left in (0..wave).rev() {
                assert!(!start.has_room(), "{left} of {wave} have not come out yet");
                start.ends(PoolResult::Good);
            }
        }
        assert_eq!(waves, [1, 2, 4]);
        // At the most, each that ends makes room for one.
        assert_eq!(fill(&mut start), 6);
        start.ends(PoolResult::Good);
        assert_eq!(fill(&mut start), 1);
    }

    #[test]
    fn after_a_bad_one_the_others_end_and_then_one_begins() {
        let mut start = SlowStart::new(2);
        fill(&mut start);
        start.ends(PoolResult::Good);
        assert_eq!(fill(&mut start), 2);
        start.ends(PoolResult::Bad);
        assert_eq!(fill(&mut start), 0);
        start.ends(PoolResult::Good);
        assert_eq!(fill(&mut start), 1);
    }

    #[test]
    fn a_pool_for_which_nothing_is_left_to_do_proves_nothing() {
        let mut start = SlowStart::new(8);
        for _ in 0..5 {
            assert_eq!(fill(&mut start), 1);
            start.ends(PoolResult::Idle);
        }
        assert_eq!(fill(&mut start), 1);
        start.ends(PoolResult::Good);
        assert_eq!(fill(&mut start), 2);
        start.ends(PoolResult::Idle);
        assert_eq!(fill(&mut start), 1);
    }

    #[test]
    fn there_is_always_room_for_one() {
        let mut start = SlowStart::new(0);
        for end in [PoolResult::Good, PoolResult::Bad, PoolResult::Idle, PoolResult::Good] {
            assert_eq!(fill(&mut start), 1);
            start.ends(end);
        }
    }
}
