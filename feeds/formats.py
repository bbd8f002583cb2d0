"""The three ways in, told apart by how a file begins; whichever it is, its facts and its refused lines."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from feeds import dsn, jsonl, kit, numbered, table

LOOKED_AT = 512
DSN, EVENTS, CSV = "dsn", "events", "csv"
LABELS = {DSN: "DSN (NEODeS)", EVENTS: "Lignes JSON", CSV: "CSV"}


class Seekable(Protocol):
    """What is asked of a file here."""

    def read(self, size: int = -1, /) -> bytes: ...

    def readline(self, limit: int = -1, /) -> bytes: ...

    def seek(self, place: int, /) -> int: ...


class Line(NamedTuple):
    """A refused line of any file: ``rubrique`` in a DSN alone; ``more`` counts flaws of the same thing that were not kept."""

    line: int
    reason: str
    rubrique: str | None = None
    more: int = 0


class Ignored(NamedTuple):
    """Declarations that are right not to be told (a test file)."""

    declarations: int


Outcome = kit.Item | Line | Ignored


def kind_of(stream: Seekable) -> str:
    """Which of the three a file is; what begins as none of them is read as a DSN, which says so."""
    begins = stream.read(LOOKED_AT).removeprefix(numbered.MARK).lstrip()
    stream.seek(0)
    if begins.startswith(b"{"):
        return EVENTS
    return CSV if table.SEPARATOR.encode() in begins.split(b"\n")[0] and b",'" not in begins else DSN


def read(stream: Seekable) -> Iterator[Outcome]:
    """The facts of a file in their order, and what is wrong with it, line by line."""
    return READERS[kind_of(stream)](stream)


def _dsn(stream: Seekable) -> Iterator[Outcome]:
    for outcome in dsn.read(stream):
        match outcome:
            case dsn.Taken():
                yield from kit.items(outcome.declaration, outcome.facts, outcome.lines)
            case dsn.Ignored():
                yield Ignored(outcome.declarations)
            case dsn.Refused():
                yield from (Line(flaw.line, flaw.reason, flaw.rubrique) for flaw in outcome.flaws)
                if outcome.more:
                    yield Line(outcome.line, f"… et {outcome.more} autre(s) défaut(s)", more=outcome.more)


def _lines(reader: Callable[[numbered.Readable], Iterator[kit.Item | numbered.Flaw]]) -> Callable[[Seekable], Iterator[Outcome]]:
    def read_(stream: Seekable) -> Iterator[Outcome]:
        for outcome in reader(stream):
            yield Line(outcome.line, outcome.reason) if isinstance(outcome, numbered.Flaw) else outcome

    return read_


READERS: dict[str, Callable[[Seekable], Iterator[Outcome]]] = {DSN: _dsn, EVENTS: _lines(jsonl.read), CSV: _lines(table.read)}
