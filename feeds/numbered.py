"""Text files line by line: each line with its number, a line without end cut short, the ids of the file's facts looked at once."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

LONGEST_LINE = 65_536
ENDLESS = 1 << 20
"""Bytes without a line end after which nothing more is read."""
MOST_FLAWS = 10_000
"""Refused lines after which the rest of a file is not read: a hostile one must not hold the machine."""
REMEMBERED = 50_000
"""Facts among which a repetition is looked for: a file of any length is read in the same memory."""
MARK = b"\xef\xbb\xbf"


T = TypeVar("T")


class Readable(Protocol):
    """All that is asked of a file."""

    def readline(self, limit: int = -1, /) -> bytes: ...


class Flaw(NamedTuple):
    """Why a line cannot be published: its number, and the reason in French, without anything of what it holds."""

    line: int
    reason: str


class Wrong(ValueError):
    """The reason alone."""


class Seen:
    """The latest facts of a file, by their ids."""

    def __init__(self) -> None:
        self._lines: dict[UUID, int] = {}

    def note(self, fact_id: UUID, line: int) -> None:
        """Raises ``Wrong`` when an earlier line told the same fact."""
        if fact_id in self._lines:
            raise Wrong(f"même identifiant que la ligne {self._lines[fact_id]}")
        self._lines[fact_id] = line
        if len(self._lines) > REMEMBERED:
            del self._lines[next(iter(self._lines))]


def lines(stream: Readable) -> Iterator[tuple[int, bytes]]:
    """Numbered lines that are not blank; of one that is too long, what is enough to refuse it."""
    number = unended = 0
    while unended < ENDLESS and (raw := stream.readline(LONGEST_LINE + 1)):
        number, rest, unended = number + 1, raw, 0
        while not rest.endswith(b"\n") and len(rest) > LONGEST_LINE and unended < ENDLESS:
            unended += len(rest)
            rest = stream.readline(LONGEST_LINE + 1)
        if text := (raw.removeprefix(MARK) if number == 1 else raw).strip():
            yield number, text


def bounded(outcomes: Iterator[T | Flaw]) -> Iterator[T | Flaw]:
    """The same, until too many lines are refused."""
    flaws = 0
    for outcome in outcomes:
        yield outcome
        flaws += isinstance(outcome, Flaw)
        if flaws == MOST_FLAWS and isinstance(outcome, Flaw):
            yield Flaw(outcome.line, f"{MOST_FLAWS} lignes refusées : la suite n'est pas lue")
            return


def bearable(raw: bytes) -> bytes:
    """The line itself. Raises ``Wrong`` when it is too long."""
    if len(raw) > LONGEST_LINE:
        raise Wrong(f"ligne de plus de {LONGEST_LINE} octets")
    return raw
