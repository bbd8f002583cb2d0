"""A payroll file checked for whoever asks, by the producers' own reader: a report line by line, and nothing of the file is kept."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from chassis import problems
from events.dsn import DeclarationTaken
from feeds import formats, kit

MOST_LINES = 200
"""Refused lines that are told; the rest is counted."""
AT_ONCE = 2
"""Files read at the same time by one process: reading takes the processor from those who work."""
PATIENCE_S = 1.0
"""How long one waits for a turn."""
_turns = threading.BoundedSemaphore(AT_ONCE)


class Refused(msgspec.Struct, frozen=True, omit_defaults=True):
    """A refused line; ``rubrique`` in a DSN alone. The reason is French and holds nothing of what is written there."""

    line: int
    reason: str
    rubrique: str | None = None


class Report(msgspec.Struct, kw_only=True):
    """What a file would come to. ``lines`` are the first refused ones, ``refused`` how many there are, ``ignored`` declarations of test."""

    kind: str
    kind_label: str
    declarations: int = 0
    facts: int = 0
    ignored: int = 0
    refused: int = 0
    lines: list[Refused] = []

    def note(self, outcome: formats.Outcome) -> None:
        match outcome:
            case kit.Item():
                self.facts += 1
                self.declarations += isinstance(outcome.fact, DeclarationTaken)
            case formats.Ignored():
                self.ignored += outcome.declarations
            case formats.Line():
                self.refused += outcome.more or 1
                if len(self.lines) < MOST_LINES:
                    self.lines.append(Refused(outcome.line, outcome.reason, outcome.rubrique))


def report(stream: formats.Seekable) -> Report:
    """The report of a file, whichever of the three it is. Raises ``TooMany`` when others are being read."""
    with _turn():
        kind = formats.kind_of(stream)
        found = Report(kind=kind, kind_label=formats.LABELS[kind])
        for outcome in formats.read(stream):
            found.note(outcome)
        return found


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE_S):
        raise problems.TooMany
    try:
        yield
    finally:
        _turns.release()
