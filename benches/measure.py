"""Runs programs as a shell would, and says what each took."""

import os
import statistics
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Took:
    """What one process took: seconds of wall clock, of processor, and kilobytes at its peak.

    Linux counts the peak from the moment before the program begins, so it is never below what this
    interpreter itself has resident.
    """

    wall: float
    cpu: float
    peak: int
    code: int


@dataclass(frozen=True)
class Program:
    """A command line, and where and with what environment it is run."""

    words: tuple
    environment: dict
    codes: tuple = (0,)

    def run(self, out=os.devnull):
        """Runs it to its end; what it prints goes to `out`. A wrong exit code ends the measurement."""
        into = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        nothing = os.open(os.devnull, os.O_RDWR)
        said = os.memfd_create("stderr")
        actions = [(os.POSIX_SPAWN_DUP2, end, number) for number, end in enumerate((nothing, into, said))]
        start = time.perf_counter()
        pid = os.posix_spawnp(self.words[0], self.words, self.environment, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        code = os.waitstatus_to_exitcode(status)
        errors = os.pread(said, 2000, 0).decode(errors="replace")
        for end in (into, nothing, said):
            os.close(end)
        if code not in self.codes:
            sys.exit(f"error: `{' '.join(self.words)}` ended with {code}: {errors}")
        return Took(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, code)


@dataclass(frozen=True)
class Beside:
    """Two programs that were run in turns: the median of each, and of what one took in parts of the other.

    A ratio is made of two neighbours in time, so that whatever else the machine does touches both.
    """

    ours: Took
    theirs: Took
    wall: float
    cpu: float


def beside(ours, theirs, rounds):
    """Runs two programs in turns, each first in every second round, after one round that does not count."""
    pairs = []
    for number in range(rounds + 1):
        first, second = (ours, theirs) if number % 2 else (theirs, ours)
        took = {id(program): program.run() for program in (first, second)}
        pairs.append((took[id(ours)], took[id(theirs)]))
    pairs = pairs[1:]
    return Beside(
        median([ours for ours, _ in pairs]),
        median([theirs for _, theirs in pairs]),
        statistics.median(ours.wall / theirs.wall for ours, theirs in pairs),
        statistics.median(ours.cpu / theirs.cpu for ours, theirs in pairs),
    )


def median(took):
    """The median of each figure by itself; of peaks, the highest."""
    return Took(
        statistics.median(one.wall for one in took),
        statistics.median(one.cpu for one in took),
        max(one.peak for one in took),
        took[-1].code,
    )
