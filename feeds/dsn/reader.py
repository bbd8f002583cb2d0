"""The reader's door: a stream of bytes in, outcomes out (taken, refused, ignored). It never raises on what it reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from events.dsn import Declaration
from events.fact import Fact
from feeds.dsn import lot as lots
from feeds.dsn.draft import Draft
from feeds.dsn.envoi import Envoi
from feeds.dsn.lines import MOST_FLAWS, Flaw, Flaws, Readable, Run, read_runs
from feeds.dsn.lot import Lot
from feeds.dsn.tree import PARENT, UNDER_PERSON


@dataclass(frozen=True, slots=True)
class Taken:
    """A declaration whose envoi is whole: its facts in order, the last one a ``DeclarationTaken``, and the line that tells each."""

    line: int
    declaration: Declaration
    facts: tuple[Fact, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing of it was told. ``declarations`` counts those that go with it; ``more`` the flaws that were not kept."""

    what: Literal["file", "lot", "envoi", "declaration"]
    line: int
    flaws: tuple[Flaw, ...]
    declarations: int = 1
    more: int = 0


@dataclass(frozen=True, slots=True)
class Ignored:
    """Right not to be told: a test file, or an envoi that declares nothing."""

    line: int
    reason: str
    declarations: int


Outcome = Taken | Refused | Ignored

MOST_FAULTS = 10_000
"""Unreadable lines after which the rest of a file is not read: a hostile one must not hold the machine."""


def read(stream: Readable) -> Iterator[Outcome]:
    """The outcomes of a DSN file or lot, as soon as each envoi is whole; one person's lines are in memory at a time."""
    reading, begun, faults = _Reading(), False, 0
    for run in read_runs(stream):
        if reading.person and run.block in UNDER_PERSON and not run.fault:
            reading.person.append(run)
            continue
        if not begun and not run.is_blank:
            if run.code is None:
                yield _refused_file(run.number, f"Ce fichier n'est pas une DSN : ligne {run.number}, {run.fault}.")
                return
            begun = True
        yield from reading.take(run)
        faults += run.fault is not None
        if faults == MOST_FAULTS:
            yield _refused_rest(run)
            break
    if begun:
        yield from reading.finish()
    else:
        yield _refused_file(1, "Ce fichier est vide.")


class _Reading:
    """Where the reader is: in a lot or not, in an envoi or not."""

    def __init__(self) -> None:
        self._lot: Lot | None = None
        self._envoi: Envoi | None = None
        self.person: list[Run] = []
        """The lines of the open person: what is under her is simply added to them."""

    def take(self, run: Run) -> Iterator[Outcome]:
        """Lines that may begin or end something."""
        if self._envoi and self.person:
            self._envoi.resume(self.person[-1])
        for part in (run,) if run.block in PARENT else run.apart():
            yield from self._take(part)
        self.person = self._envoi.person if self._envoi else []

    def finish(self) -> Iterator[Outcome]:
        yield from self._close_envoi()
        yield from self._close_lot()

    def _take(self, run: Run) -> Iterator[Outcome]:
        if run.block in lots.BLOCKS:
            yield from self._close_envoi()
            yield from self._take_lot_line(run)
            return
        if self._envoi and self._envoi.ends_before(run):
            yield from self._close_envoi()
        if self._envoi is None:
            self._envoi = Envoi(run.number, self._lot.refusal if self._lot else None)
        self._envoi.take(run)
        if self._envoi.complete:
            yield from self._close_envoi()

    def _take_lot_line(self, line: Run) -> Iterator[Outcome]:
        if line.block == lots.START and line.rubrique == "001":
            yield from self._close_lot()
        if self._lot is None:
            self._lot = Lot(line.number)
        self._lot.take(line)
        if self._lot.complete:
            yield from self._close_lot()

    def _close_lot(self) -> Iterator[Outcome]:
        lot, self._lot = self._lot, None
        if lot:
            lot.finish()
            if lot.flaws:
                yield Refused("lot", lot.line, tuple(lot.flaws.kept), declarations=0, more=lot.flaws.more)

    def _close_envoi(self) -> Iterator[Outcome]:
        envoi, self._envoi = self._envoi, None
        if envoi is None:
            return
        envoi.finish()
        if self._lot:
            self._lot.count(envoi.declarations)
        yield from _outcomes(envoi)


def _refused_file(line: int, reason: str) -> Refused:
    return Refused("file", line, (Flaw(line, None, reason),), declarations=0)


def _refused_rest(run: Run) -> Refused:
    reason = f"plus de {MOST_FAULTS} lignes illisibles : la suite n'est pas lue"
    return Refused("envoi", run.number, (run.flaw(reason),), declarations=0)


def _outcomes(envoi: Envoi) -> Iterator[Outcome]:
    if envoi.is_test:
        yield Ignored(envoi.line, "fichier de test (S10.G00.00.005 = 01)", envoi.declarations)
    elif envoi.flaws:
        yield _refused_envoi(envoi)
    elif envoi.is_empty:
        yield Ignored(envoi.line, "envoi néant (S10.G00.00.008 = 02)", 0)
    else:
        yield from map(_outcome, envoi.drafts)


def _refused_envoi(envoi: Envoi) -> Refused:
    every = Flaws(list(envoi.flaws.kept), envoi.flaws.more)
    for draft in envoi.drafts:
        for flaw in draft.flaws.kept:
            every.add(flaw)
        every.more += draft.flaws.more
    return Refused("envoi", envoi.line, tuple(sorted(every.kept[:MOST_FLAWS], key=_place)), envoi.declarations, every.more)


def _outcome(draft: Draft) -> Outcome:
    if draft.flaws or draft.declaration is None:
        return Refused("declaration", draft.line, tuple(sorted(draft.flaws.kept, key=_place)), more=draft.flaws.more)
    return Taken(draft.line, draft.declaration, tuple(draft.facts), tuple(draft.lines))


def _place(flaw: Flaw) -> tuple[int, str]:
    return flaw.line, flaw.rubrique or ""
