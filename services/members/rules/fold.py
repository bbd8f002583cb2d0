"""The fold: from a set of facts to where each row of rights stands. Same set, same decision, whatever the order and the repeats."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from events.dsn import Declaration, Radiation
from events.members import Source
from services.members.lifecycle import Status
from services.members.rules import portability, reasons
from services.members.rules.declarations import ends_cover, last_word, superseded
from services.members.rules.motives import Outcome, motive
from services.members.rules.spells import Chain, Key, Spell, Spoken, concerns, key_of, share, trails


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
    """What the facts of a person make of one spell: the decision, the key of the employment it follows, and the facts that were heard."""

    decision: Decision
    key: Key | None = None
    heard: frozenset[Spoken] = frozenset()


def settle(spells: Sequence[Spell], facts: Iterable[Spoken], corrections: Iterable[Declaration] = ()) -> dict[UUID, Settled]:
    """Every spell of one person, from all that payrolls ever said of her. ``corrections`` are declarations that replace or cancel others
    without naming her."""
    told = set(facts)
    dead = superseded([*(fact.declaration for fact in told), *corrections])
    gone = {fact for fact in told if dead(fact.declaration)}
    chains = share(spells, trails(told - gone))
    return {spell.rights_id: _settled(spell, chains.get(spell.rights_id, ()), gone) for spell in spells}


def fold(spell: Spell, facts: Iterable[Spoken], corrections: Iterable[Declaration] = ()) -> Decision:
    """The decision for a person who has one spell."""
    return settle([spell], facts, corrections)[spell.rights_id].decision


def _settled(spell: Spell, chain: Chain, gone: set[Spoken]) -> Settled:
    taken_back = any(isinstance(fact, Radiation) and _would_have_ended(fact, spell, chain) for fact in gone)
    if not chain:
        return Settled(_open(spell, taken_back))
    trails_ends = [[end for end in trail.ends(spell.contract_reference) if end.ended_on >= spell.starts_on] for trail in chain]
    kept = [word for ends in trails_ends if (word := _employment_word(ends)) and word.maintained]
    before = {fact for trail in chain for fact in trail.facts if isinstance(fact, Radiation) and fact.ended_on < spell.starts_on}
    heard = frozenset(fact for trail in chain for fact in trail.facts) - before
    decided = _decide(spell, chain[0].starts_on, trails_ends[-1], taken_back)
    if decided.status is Status.ACTIVE and kept:
        decided = Decision(Status.ACTIVE, reasons.kept(kept[-1]), "dsn", motive=kept[-1].motive)
    return Settled(decided, chain[-1].key, heard)


def _would_have_ended(fact: Radiation, spell: Spell, chain: Chain) -> bool:
    """Whether a dead end was about this spell: what reopens is told so."""
    if not concerns(fact, spell.contract_reference) or not ends_cover(fact) or fact.ended_on < spell.starts_on:
        return False
    if chain:
        return key_of(fact) in chain[-1].keys
    return fact.declaration.siret == spell.siret and fact.employment.starts_on <= spell.starts_on


def _decide(spell: Spell, employed_since: date, ends: Sequence[Radiation], taken_back: bool) -> Decision:
    employment = _employment_word(ends)
    cover = last_word(end for end in ends if end.cause == "cover")
    ended = employment if employment and ends_cover(employment) else None
    if cover and (ended is None or cover.ended_on < ended.ended_on):
        return Decision(Status.ENDED, reasons.cover_ended(cover.ended_on), "dsn", ends_on=cover.ended_on)
    if ended is None:
        return _open(spell, taken_back and employment is None)
    return ended_cover(spell, employed_since, ended)


def _employment_word(ends: Sequence[Radiation]) -> Radiation | None:
    """What the payroll says last of the end of one employment."""
    return last_word(end for end in ends if end.cause == "employment")


def _open(spell: Spell, taken_back: bool) -> Decision:
    if taken_back:
        return Decision(Status.ACTIVE, reasons.taken_back(spell.starts_on), "dsn")
    return Decision(Status.ACTIVE, reasons.opened(spell.starts_on), "affiliation")


def ended_cover(spell: Spell, employed_since: date, end: Radiation) -> Decision:
    """What an end of employment makes of the cover."""
    why = motive(end.motive)
    if why.outcome in (Outcome.EXCLUDED, Outcome.OTHER_DUTY):
        return Decision(Status.ENDED, reasons.closed(end, why), "dsn", ends_on=end.ended_on, motive=end.motive)
    months = portability.length(employed_since, end.ended_on, end.employment.seniority_months)
    pending = Decision(
        Status.PORTABILITY_PENDING,
        reasons.awaiting(end, why, months),
        "dsn",
        ends_on=end.ended_on,
        motive=end.motive,
        portability_months=months,
        portability_ends_on=portability.last_day(end.ended_on, months),
    )
    return _proved(pending, spell.lapsed_on) if spell.proved_on else pending


def _proved(pending: Decision, lapsed_on: date | None) -> Decision:
    """A proof came: cover lasts until the portability's last day, and is over once that day has passed."""
    last_day = pending.portability_ends_on
    assert last_day is not None
    status, reason = (Status.ENDED, reasons.lapsed) if lapsed_on and lapsed_on > last_day else (Status.PORTABILITY, reasons.granted)
    return replace(pending, status=status, reason=reason(last_day), source="caseworker", ends_on=last_day)
