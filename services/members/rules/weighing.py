"""The one decision on rights: what payrolls told, and beside it what was said directly. The payroll wins on dates."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from events.dsn import Declaration, Employment, NobodyCovered, Radiation, Rank
from events.fact import Sealed
from services.members.lifecycle import Status
from services.members.rules import fold, portability, reasons
from services.members.rules.declarations import ends_cover
from services.members.rules.direct import DirectEnd
from services.members.rules.fold import Decision, Settled
from services.members.rules.motives import Motives
from services.members.rules.portability import Contract, Entitlement
from services.members.rules.spells import Spell, Spoken

NOBODY = Sealed("")


def settle(
    spells: Sequence[Spell],
    facts: Iterable[Spoken],
    corrections: Iterable[Declaration] = (),
    closures: Iterable[NobodyCovered] = (),
    table: Motives | None = None,
) -> dict[UUID, Settled]:
    """Every spell of one person, from all that was ever said of her, by payrolls or directly. Arguments as in :func:`fold.settle`."""
    by_payroll = fold.settle(spells, facts, corrections, closures, table)
    return {spell.rights_id: _weighed(spell, by_payroll[spell.rights_id], spells, table) for spell in spells}


def _weighed(spell: Spell, settled: Settled, spells: Sequence[Spell], table: Motives | None) -> Settled:
    said = spell.direct_end
    if said is None or _payroll_wins(settled, said, table):
        return settled
    if said.ended_on is None:
        return replace(settled, decision=_taken_back(spell, settled.decision, said))
    decision, entitlement = _ended(spell, settled, said, said.ended_on, spells, table)
    return replace(settled, decision=decision, entitlement=entitlement)


def _payroll_wins(settled: Settled, said: DirectEnd, table: Motives | None) -> bool:
    """Whether the payroll tells another end, or told that the cover goes on when it already could know what was said directly."""
    decision = settled.decision
    if decision.status is not Status.ACTIVE:
        return not (_cover_only(decision) and said.ended_on and decision.ends_on and said.ended_on <= decision.ends_on)
    return any(_goes_on(fact, table) and fact.declaration.rank.built_on >= said.told_on for fact in settled.heard)


def _cover_only(decision: Decision) -> bool:
    """Whether the cover ended and the employment did not: no motive, no portability."""
    return decision.status is Status.ENDED and decision.motive is None and decision.portability_months is None


def _goes_on(fact: Spoken | NobodyCovered, table: Motives | None) -> bool:
    return isinstance(fact, Radiation) and (fact.declaration.type == "cancels" or not ends_cover(fact, table))


def _taken_back(spell: Spell, decision: Decision, said: DirectEnd) -> Decision:
    """What was said directly was taken back: only a payroll that is silent lets it be the reason."""
    if decision.source == "dsn":
        return decision
    return replace(decision, reason=reasons.taken_back(spell.starts_on), source=said.source)


def _ended(
    spell: Spell, settled: Settled, said: DirectEnd, ended_on: date, spells: Sequence[Spell], table: Motives | None
) -> tuple[Decision, Entitlement | None]:
    """The very decision that a payroll saying the same would lead to."""
    since = min((fact.employment.starts_on for fact in settled.heard if not isinstance(fact, NobodyCovered)), default=spell.starts_on)
    next_cover_on = portability.next_cover_on(spell, spells, ended_on)
    end = _as_told(spell, since, said, ended_on)
    decision, entitlement = fold.ended_cover(spell, end, [Contract(since, ended_on)], next_cover_on, table)
    return replace(decision, source=said.source) if decision.source == "dsn" else decision, entitlement


def _as_told(spell: Spell, since: date, said: DirectEnd, ended_on: date) -> Radiation:
    declaration = Declaration(siret=spell.siret, nature="07", type="normal", rank=Rank(built_on=said.told_on, number=0))
    employment = Employment(starts_on=since, number="", last_name=NOBODY, first_name=NOBODY, birth_on=NOBODY)
    return Radiation(declaration=declaration, employment=employment, cause="employment", ended_on=ended_on, motive=said.motive)
