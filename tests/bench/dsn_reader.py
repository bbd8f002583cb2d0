"""The DSN reader beside a bare loop that only cuts each line, and its memory on a gigabyte.

The file is the shipped month of six people, its staff multiplied: three lines in five are of blocks that facts are drawn from.
"""

import resource
import subprocess
import sys
import time
from dataclasses import replace
from io import BytesIO
from itertools import cycle

from feeds.dsn import Taken, read
from feeds.dsn.lines import read_runs
from feeds.dsn.tree import PERSON, TRAILER
from feeds.dsn.writer import MONTHLY_SAMPLE, Pair, counted, sample
from tests.bench.readings import Reading, at_most, in_turn, within
from tests.feeds.files import pairs, written

STAFF = 300
"""People of one declaration."""

MONTHS = 10
"""Declarations of the file that is timed: 213,000 lines."""

SHORT, LONG = 20_000_000, 1_000_000_000
"""Bytes of the two files whose memory is compared."""


def run(rounds: int) -> list[Reading]:
    file = month(STAFF) * MONTHS
    found = in_turn(rounds, {"ours": lambda: _ours(file), "lines": lambda: _lines(file), "bare": lambda: _bare(file)})
    more = _peak(LONG) - _peak(SHORT)
    whole = at_most("Lecture d'une DSN, faits compris, au regard d'une boucle qui coupe chaque ligne", found["ours"], found["bare"], 4)
    return [
        replace(whole, beside=f"{whole.beside} ; les lignes seules, sans les faits : {found['lines'] / found['bare']:.1f}"),
        within("Mémoire de plus pour 1 Go que pour 20 Mo", more, 4, "Mio"),
    ]


def month(staff: int) -> bytes:
    """One month of ``staff`` people, each with a NIR (or NTT) of her own."""
    lines = pairs(sample(MONTHLY_SAMPLE))
    begins = [place for place, (code, _) in enumerate(lines) if code[:10] == PERSON and lines[place - 1][0][:10] != PERSON]
    end = next(place for place, (code, _) in enumerate(lines) if code[:10] == TRAILER)
    people = [lines[begin:stop] for begin, stop in zip(begins, [*begins[1:], end], strict=True)]
    everybody = [_renumbered(pair, number) for number, person in zip(range(staff), cycle(people), strict=False) for pair in person]
    return written(counted([*lines[: begins[0]], *everybody, *lines[end:]]))


def _renumbered(pair: Pair, number: int) -> Pair:
    code, value = pair
    if code == f"{PERSON}.001":
        return code, f"{value[:10]}{number:03d}"
    return code, f"{value}{number}" if code == f"{PERSON}.020" else value


def _bare(file: bytes) -> float:
    started = time.process_time()
    for line in BytesIO(file):
        line.split(b",")
    return time.process_time() - started


def _lines(file: bytes) -> float:
    started = time.process_time()
    for _ in read_runs(BytesIO(file)):
        pass
    return time.process_time() - started


def _ours(file: bytes) -> float:
    started = time.process_time()
    facts = sum(len(outcome.facts) for outcome in read(BytesIO(file)) if isinstance(outcome, Taken))
    assert facts > STAFF * MONTHS
    return time.process_time() - started


class Repeated:
    """A stream of at least ``size`` bytes, the same month again and again, that takes no room."""

    def __init__(self, size: int) -> None:
        one = month(STAFF)
        self._content, self._months = BytesIO(one), size // len(one)

    def read(self, size: int = -1, /) -> bytes:
        if not (content := self._content.read(size)) and self._months:
            self._months -= 1
            self._content.seek(0)
            content = self._content.read(size)
        return content


def _peak(size: int) -> float:
    """The memory of a process that reads so many bytes, in MiB."""
    told = subprocess.run([sys.executable, "-m", "tests.bench.dsn_reader", str(size)], capture_output=True, text=True, check=True)
    return int(told.stdout) / 1024


if __name__ == "__main__":
    assert all(isinstance(outcome, Taken) for outcome in read(Repeated(int(sys.argv[1]))))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
