"""DSN files for tests: the shipped samples, altered line by line, with counts made right again unless a test wants them wrong."""

from io import BytesIO

from feeds.dsn import Outcome, Refused, Taken, read
from feeds.dsn.writer import MONTHLY_SAMPLE, Pair, counted, sample, split

LOT = sample()
MONTHLY = sample(MONTHLY_SAMPLE)
DOMINIQUE_LEAVES, DOMINIQUE_LEAVES_EARLIER, CHARLIE_IS_DISMISSED, CHARLIE_STAYS, ANDREA_IS_KEPT = split(LOT)

PEOPLE = tuple(f"S21.G00.{tens}" for tens in "345678")
"""The beginnings of every block of a person."""


def outcomes(content: bytes) -> list[Outcome]:
    return list(read(BytesIO(content)))


def taken(content: bytes) -> Taken:
    """The only outcome, when it was taken; a refusal shows its flaws."""
    (outcome,) = outcomes(content)
    assert isinstance(outcome, Taken), outcome
    return outcome


def refused(content: bytes) -> Refused:
    """The only outcome, when it was refused."""
    (outcome,) = outcomes(content)
    assert isinstance(outcome, Refused), outcome
    return outcome


def reasons(content: bytes) -> list[tuple[str | None, str]]:
    """Rubrique and reason of every flaw of a file."""
    refusals = [outcome for outcome in outcomes(content) if isinstance(outcome, Refused)]
    return [(flaw.rubrique, flaw.reason) for refusal in refusals for flaw in refusal.flaws]


def pairs(content: bytes) -> list[Pair]:
    lines = content.decode("latin-1").splitlines()
    return [(line[:14], line[16:-1]) for line in lines]


def written(lines: list[Pair]) -> bytes:
    return "".join(f"{code},'{value}'\n" for code, value in lines).encode("latin-1")


def with_values(content: bytes, **values: str) -> bytes:
    """Each rubrique (``S21_G00_62_002``) with another value wherever it stands."""
    wanted = {code.replace("_", "."): value for code, value in values.items()}
    return written(counted([(code, wanted.get(code, value)) for code, value in pairs(content)]))


def without(content: bytes, *codes: str) -> bytes:
    """The file without these rubriques, or these blocks."""
    return written(counted([pair for pair in pairs(content) if not pair[0].startswith(codes)]))


def with_lines(content: bytes, after: str, *added: Pair) -> bytes:
    """The file with lines added after the first line of rubrique ``after``."""
    lines = pairs(content)
    place = next(place for place, (code, _) in enumerate(lines) if code == after) + 1
    return written(counted([*lines[:place], *added, *lines[place:]]))


def as_monthly(content: bytes, **values: str) -> bytes:
    """An end of contract told by a monthly declaration instead."""
    monthly = without(content, "S21.G00.62.020")
    return with_values(with_lines(monthly, "S20.G00.05.004", ("S20.G00.05.005", "01062026")), S20_G00_05_001="01", **values)
