/// How many pools may be written at a time: one at first, twice as many each time that so many have come
/// out as planned, and one again after any that has not.
///
/// What is wrong with a change, or with how the service takes it, then shows where it can do least.
#[derive(Debug)]
pub(super) struct SlowStart {
    width: usize,
    most: usize,
    /// How many have come out as planned since the width is what it is.
    good: usize,
}

impl SlowStart {
    /// At most `most` at a time; at least one.
    pub(super) fn new(most: usize) -> Self {
        Self { width: 1, most: most.max(1), good: 0 }
    }

    /// How many there may be now.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// A pool has come out as planned.
    pub(super) fn good(&mut self) {
        self.good += 1;
        if self.good >= self.width {
            self.width = self.width.saturating_mul(2).min(self.most);
            self.good = 0;
        }
    }

    /// A pool has not.
    pub(super) fn bad(&mut self) {
        *self = Self::new(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_doubles_while_all_is_well_and_starts_anew_when_not() {
        let mut start = SlowStart::new(6);
        let mut widths = vec![start.width()];
        for _ in 0..8 {
            start.good();
            widths.push(start.width());
        }
        assert_eq!(widths, [1, 2, 2, 4, 4, 4, 4, 6, 6]);
        start.bad();
        assert_eq!(start.width(), 1);
        start.good();
        assert_eq!(start.width(), 2);
    }

    #[test]
    fn there_is_always_room_for_one() {
        let mut start = SlowStart::new(0);
        start.good();
        assert_eq!(start.width(), 1);
    }
}
