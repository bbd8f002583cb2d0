"""What payrolls say of a whole establishment: a declaration that was taken, a contract that covers nobody there."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import cast

import events
from events.dsn import Declaration, NobodyCovered
from services.members.access import payroll
from services.members.access.payroll import Place, UnattachedRow
from services.members.actions.outcomes import write_outcomes
from services.members.config import Work
from services.members.rules import facts as words
from services.members.rules.declarations import superseded
from services.members.rules.facts import Judged
from services.members.rules.spells import Spoken

Row = tuple[UnattachedRow, Declaration]


def judge(work: Work, rows: Sequence[UnattachedRow]) -> set[Place]:
    """Say what became of facts that name nobody; returns where, since when, people may have lost their cover or found it again."""
    if not rows:
        return set()
    told = [(row, payroll.declaration_of(row)) for row in rows]
    sirets = {row.siret for row in rows}
    dead = superseded([*(declaration for _, declaration in told), *payroll.corrections(work, sirets)])
    known = payroll.known_places(work, sirets)
    write_outcomes(work, {row.id: words.superseded(said) if dead(said) else _outcome(row, known) for row, said in told})
    return {_place(row, corrected=dead(said)) for row, said in told if row.contract_reference and said.month}


def recognise(work: Work, sirets: Collection[str]) -> None:
    """Some establishments became known: what their payrolls said of them waits no more."""
    judge(work, payroll.waiting_for_place(work, sirets))


def _outcome(row: UnattachedRow, known: Collection[str]) -> Judged:
    fact = cast(Spoken | NobodyCovered, events.decode(events.CATALOGUE[row.name], row.told.encode(), str))
    return words.unattached(fact, known_place=row.siret in known)


def _place(row: UnattachedRow, *, corrected: bool) -> Place:
    """A closure that dies may give cover back to whoever lost it by it, however long ago."""
    return row.siret, row.contract_reference, date.min if corrected else row.month - timedelta(days=1)
