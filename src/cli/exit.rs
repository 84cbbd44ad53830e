use std::process::ExitCode;

/// How a run ended. The codes are part of the interface: scripts and pipelines branch on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to do, or applied and verified.
    Clean = 0,
    /// It failed, and wrote to no pool.
    Failed = 1,
    /// There are differences, and the caller asked for this code.
    Differences = 2,
    /// It was refused, and wrote to no pool.
    Refused = 3,
    /// A planned setting has moved since the plan was made; it wrote to no pool.
    Stale = 4,
    /// It wrote to at least one pool, and not every selected pool is clean.
    Partial = 5,
    /// The command line is wrong, or nothing matched.
    Usage = 64,
    /// Interrupted (SIGINT) before the first write.
    Interrupted = 130,
    /// Terminated (SIGTERM), or its terminal gone (SIGHUP), before the first write.
    Terminated = 143,
}

impl Exit {
    /// The process's exit code.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The end of a run over several pools, from the ends of each.
    ///
    /// Once something was written, whatever is not clean is 5; before that 1 outweighs 4, 4 outweighs
    /// 3, 3 outweighs 2.
    pub fn of_fleet(ends: impl IntoIterator<Item = Self>, written: bool) -> Self {
        let weight = |end: &Self| match end {
            Self::Clean => 0,
            Self::Differences => 1,
            Self::Refused => 2,
            Self::Stale => 3,
            Self::Failed => 4,
            Self::Usage | Self::Interrupted | Self::Terminated => 5,
            Self::Partial => 6,
        };
        let worst = ends.into_iter().max_by_key(weight).unwrap_or(Self::Clean);
        if written && worst != Self::Clean { Self::Partial } else { worst }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit::{self, *};

    #[test]
    fn the_worst_end_of_a_fleet_counts_and_a_write_outweighs_all() {
        for (ends, written, expected) in [
            (vec![], false, Clean),
            (vec![Clean, Differences], false, Differences),
            (vec![Refused, Differences], false, Refused),
            (vec![Refused, Stale], false, Stale),
            (vec![Failed, Stale, Refused], false, Failed),
            (vec![Clean, Clean], true, Clean),
            (vec![Clean, Stale], true, Partial),
            (vec![Clean, Partial], true, Partial),
        ] {
            assert_eq!(Exit::of_fleet(ends.clone(), written), expected, "{ends:?}, written: {written}");
        }
    }
}
