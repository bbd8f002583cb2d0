"""The fold: from a set of facts to where each row of rights stands. Same set, same decision, whatever the order and the repeats."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from events.dsn import Declaration, NobodyCovered, Radiation
from events.members import Source
from services.members.lifecycle import Status
from services.members.rules import portability, reasons
from services.members.rules.cover import Stop, stop
from services.members.rules.declarations import ends_cover, last_word, superseded
from services.members.rules.motives import Motive, Motives, Outcome, motive
from services.members.rules.portability import Contract, Entitlement
from services.members.rules.spells import Course, Key, Spell, Spoken, Trail, concerns, key_of, share, trails


@dataclass(frozen=True)
class Decision:
    """Where rights stand. ``ends_on`` is the last covered day, ``None`` while cover is open; ``reason`` a French sentence."""

    status: Status
    reason: str
    source: Source
    ends_on: date | None = None
    motive: str | None = None
    portability_months: int | None = None
    portability_ends_on: date | None = None

    def differs(self, other: "Decision") -> bool:
        """Whether something changed that people must be told; another wording of the same state is not told."""
        return self._substance != other._substance

    @property
    def _substance(self) -> tuple[object, ...]:
        return self.status, self.ends_on, self.motive, self.portability_months, self.portability_ends_on


@dataclass(frozen=True)
class Settled:
    """What the facts of a person make of one spell: the decision, the key of the employment it follows, the facts that were heard, and how
    the portability was counted if there is one."""

    decision: Decision
    key: Key | None = None
    heard: frozenset[Spoken | NobodyCovered] = frozenset()
    entitlement: Entitlement | None = None


@dataclass(frozen=True)
class _Life:
    """All that decides the rights of one person: her spells, her employments, the facts that died, what her establishments say of all."""

    spells: Sequence[Spell]
    employments: Sequence[Trail]
    gone: frozenset[Spoken]
    closures: Sequence[NobodyCovered]
    table: Motives | None


def settle(
    spells: Sequence[Spell],
    facts: Iterable[Spoken],
    corrections: Iterable[Declaration] = (),
    closures: Iterable[NobodyCovered] = (),
    table: Motives | None = None,
) -> dict[UUID, Settled]:
    """Every spell of one person, from all that payrolls ever said of her. ``corrections`` are declarations that replace or cancel others
    without naming her, ``closures`` what her establishments say of everybody; ``table`` is what motives mean in her brand."""
    told, emptied = set(facts), set(closures)
    dead = superseded([*(fact.declaration for fact in (*told, *emptied)), *corrections])
    gone = frozenset(fact for fact in told if dead(fact.declaration))
    employments = trails(told - gone, table)
    life = _Life(spells, employments, gone, [fact for fact in emptied if not dead(fact.declaration)], table)
    courses = share(spells, employments)
    return {spell.rights_id: _settled(life, spell, courses[spell.rights_id]) for spell in spells}


def fold(spell: Spell, facts: Iterable[Spoken], corrections: Iterable[Declaration] = ()) -> Decision:
    """The decision for a person who has one spell."""
    return settle([spell], facts, corrections)[spell.rights_id].decision


def _settled(life: _Life, spell: Spell, course: Course) -> Settled:
    ends = [[end for end in trail.ends(spell.contract_reference) if course.holds(end.ended_on, spell)] for trail in course.chain]
    last = ends[-1] if ends else []
    stopped = stop(spell, course, last, life.closures)
    decided, entitlement = _decide(life, spell, course, _employment_word(last), stopped)
    kept = [word for one in ends if (word := _employment_word(one)) and word.maintained]
    if decided.status is Status.ACTIVE and kept:
        decided = Decision(Status.ACTIVE, reasons.kept(kept[-1]), "dsn", motive=kept[-1].motive)
    if decided.status is Status.ACTIVE and course.until:
        eve = course.until - timedelta(days=1)
        decided = Decision(Status.ENDED, reasons.taken_over(eve), "affiliation", ends_on=eve)
    key = course.chain[-1].key if course.chain else None
    return Settled(decided, key, _heard(spell, course, stopped), entitlement)


def _heard(spell: Spell, course: Course, stopped: Stop | None) -> frozenset[Spoken | NobodyCovered]:
    """The facts of the employments followed, but for the ends that were another spell's; and who says that nobody is covered."""
    facts = {fact for trail in course.chain for fact in trail.facts}
    others = {fact for fact in facts if isinstance(fact, Radiation) and not course.holds(fact.ended_on, spell)}
    return frozenset(facts - others) | ({stopped.told_by} if stopped else set())


def _would_have_ended(life: _Life, fact: Spoken, spell: Spell, course: Course) -> bool:
    """Whether a dead end was about this spell: what reopens is told so."""
    if not isinstance(fact, Radiation) or not concerns(fact, spell.contract_reference):
        return False
    if not ends_cover(fact, life.table) or not course.holds(fact.ended_on, spell):
        return False
    if course.chain:
        return key_of(fact) in course.chain[-1].keys
    return fact.declaration.siret == spell.siret and fact.employment.starts_on <= spell.starts_on


def _decide(
    life: _Life, spell: Spell, course: Course, employment: Radiation | None, stopped: Stop | None
) -> tuple[Decision, Entitlement | None]:
    ended = employment if employment and ends_cover(employment, life.table) else None
    if stopped and (ended is None or stopped.ended_on < ended.ended_on):
        return Decision(Status.ENDED, _stopped(stopped), "dsn", ends_on=stopped.ended_on), None
    if ended is not None:
        return _ended(life, spell, course, ended)
    taken_back = employment is None and any(_would_have_ended(life, fact, spell, course) for fact in life.gone)
    return _open(spell, taken_back), None


def _stopped(stopped: Stop) -> str:
    if isinstance(stopped.told_by, Radiation):
        return reasons.cover_ended(stopped.ended_on)
    return reasons.deserted(stopped.ended_on, stopped.ended_on + timedelta(days=1))


def _employment_word(ends: Sequence[Radiation]) -> Radiation | None:
    """What the payroll says last of the end of one employment."""
    return last_word(end for end in ends if end.cause == "employment")


def _open(spell: Spell, taken_back: bool) -> Decision:
    if taken_back:
        return Decision(Status.ACTIVE, reasons.taken_back(spell.starts_on), "dsn")
    return Decision(Status.ACTIVE, reasons.opened(spell.starts_on), "affiliation")


def _ended(life: _Life, spell: Spell, course: Course, end: Radiation) -> tuple[Decision, Entitlement | None]:
    contracts = portability.consecutive(course.chain, life.employments, end)
    return ended_cover(spell, end, contracts, portability.next_cover_on(spell, life.spells, end.ended_on), life.table)


def ended_cover(
    spell: Spell, end: Radiation, contracts: Sequence[Contract], next_cover_on: date | None = None, table: Motives | None = None
) -> tuple[Decision, Entitlement | None]:
    """What an end of employment makes of the cover: closed for good, or a portability, as the motive and the law say. ``contracts`` are
    those that count together, the last one ended; ``next_cover_on`` is when another cover of the same person begins."""
    why = motive(end.motive, table)
    closed = Decision(Status.ENDED, reasons.closed(end, why), "dsn", ends_on=end.ended_on, motive=end.motive)
    if why.outcome in (Outcome.EXCLUDED, Outcome.OTHER_DUTY):
        return closed, None
    if spell.guaranteed_on and spell.guaranteed_on > end.ended_on:
        return replace(closed, reason=reasons.without_guarantees(end, why)), None
    entitlement = portability.entitlement(contracts, end.employment.seniority_months, next_cover_on)
    if entitlement.ends_on < entitlement.starts_on:
        return replace(closed, reason=reasons.without_interval(end, why)), None
    return _proved(spell, _awaiting(closed, end, why, entitlement), end.ended_on), entitlement


def _awaiting(closed: Decision, end: Radiation, why: Motive, entitlement: Entitlement) -> Decision:
    return replace(
        closed,
        status=Status.PORTABILITY_PENDING,
        reason=reasons.awaiting(end, why, entitlement.months),
        portability_months=entitlement.months,
        portability_ends_on=entitlement.ends_on,
    )


def _proved(spell: Spell, pending: Decision, ended_on: date) -> Decision:
    """A proof came after the end of the employment: cover lasts until the portability's last day, or stops earlier, or is over."""
    if spell.proved_on is None or spell.proved_on < ended_on:
        return pending
    term = pending.portability_ends_on
    assert term is not None
    proved = replace(pending, source="caseworker", ends_on=term)
    if spell.halt and spell.halted_on and ended_on <= spell.halted_on < term:
        return replace(proved, status=Status.ENDED, reason=reasons.halted(spell.halted_on, spell.halt), ends_on=spell.halted_on)
    if spell.lapsed_on and spell.lapsed_on > term:
        return replace(proved, status=Status.ENDED, reason=reasons.lapsed(term))
    return replace(proved, status=Status.PORTABILITY, reason=reasons.granted(term))
