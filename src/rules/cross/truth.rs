//! Yes, no, or not known.

use std::ops::{BitAnd, BitOr, Not};

/// Whether something holds of a pool of which not everything is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// What is known does not tell.
    Unknown,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl BitAnd for Truth {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

impl BitOr for Truth {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        !(!self & !other)
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, No, Unknown, Yes};

    #[test]
    fn what_is_not_known_decides_nothing_unless_the_other_side_does() {
        for (a, b, and, or) in [
            (Yes, Yes, Yes, Yes),
            (Yes, No, No, Yes),
            (No, No, No, No),
            (Yes, Unknown, Unknown, Yes),
            (No, Unknown, No, Unknown),
            (Unknown, Unknown, Unknown, Unknown),
        ] {
            let both: [(Truth, Truth); 2] = [(a, b), (b, a)];
            for (a, b) in both {
                assert_eq!(a & b, and, "{a:?} and {b:?}");
                assert_eq!(a | b, or, "{a:?} or {b:?}");
            }
        }
        assert_eq!([!Yes, !No, !Unknown], [No, Yes, Unknown]);
    }
}
