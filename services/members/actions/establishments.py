"""What payrolls say of a whole establishment: a declaration that was taken, a contract that covers nobody there."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from services.members.access import payroll
from services.members.access.payroll import Place
from services.members.actions.outcomes import write_outcomes
from services.members.config import Work
from services.members.rules import facts as words
from services.members.rules.declarations import superseded
from services.members.rules.facts import Unattached


def judge(work: Work, told: Sequence[Unattached]) -> set[Place]:
    """Say what became of facts that name nobody; returns where, since when, people may have lost their cover or found it again."""
    if not told:
        return set()
    sirets = {fact.declaration.siret for fact in told}
    dead = superseded([*(fact.declaration for fact in told), *payroll.corrections(work, sirets)])
    gone = {fact for fact in told if dead(fact.declaration)}
    known = payroll.known_places(work, sirets)
    standing = {fact.id: words.unattached(fact, known_place=fact.declaration.siret in known) for fact in told if fact not in gone}
    write_outcomes(work, standing | {fact.id: words.superseded(fact.declaration) for fact in gone})
    return {place for fact in told if (place := _place(fact, corrected=fact in gone))}


def recognise(work: Work, sirets: Collection[str]) -> None:
    """Some establishments became known: what their payrolls said of them waits no more."""
    judge(work, payroll.waiting_for_place(work, sirets))


def _place(fact: Unattached, *, corrected: bool) -> Place | None:
    """Where a contract covers nobody, and since when. A closure that dies may give cover back to whoever lost it, however long ago."""
    said = fact.declaration
    if fact.contract_reference is None or said.month is None:
        return None
    return said.siret, fact.contract_reference, date.min if corrected else said.month - timedelta(days=1)
