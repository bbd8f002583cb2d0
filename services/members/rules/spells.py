"""Whose facts are whose: employments as the payroll names them, under the keys they had over time, and the rights each of them moves.

Everything here is a function of sets: the order in which facts arrived, or rights were opened, never matters.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from events.dsn import AffiliationSeen, Cover, EmploymentChanged, IdentityChanged, Radiation, Rank
from services.members.lifecycle import Halt
from services.members.rules.declarations import ends_cover, last_word
from services.members.rules.direct import DirectEnd
from services.members.rules.motives import CANCELS_END, TRANSFERS, Motives

Spoken = AffiliationSeen | EmploymentChanged | IdentityChanged | Radiation
"""A fact that names a person and an employment."""

Key = tuple[str, str, date]
"""SIRET, number and start of an employment (the DSN's key, with the person)."""


@dataclass(frozen=True)
class Spell:
    """One row of rights as the fold sees it: cover under one contract, opened in one establishment for one employment.

    ``proved_on`` is when a proof of unemployment benefit came; ``lapsed_on`` a day on which its portability was found over;
    ``direct_end`` what was said of its end otherwise than by a payroll; ``halted_on`` the last day of a portability that stopped before
    its term, ``halt`` why. ``guaranteed_on`` is the first day of the contract's guarantees, once the contract is known.
    """

    rights_id: UUID
    siret: str
    contract_reference: str
    starts_on: date
    proved_on: date | None = None
    lapsed_on: date | None = None
    direct_end: DirectEnd | None = None
    halted_on: date | None = None
    halt: Halt | None = None
    guaranteed_on: date | None = None


@dataclass(frozen=True)
class Trail:
    """All that was said of one employment. ``key`` is the latest it is known by, ``keys`` are all of them."""

    key: Key
    keys: frozenset[Key]
    facts: tuple[Spoken, ...]
    table: Motives | None = field(default=None, compare=False, repr=False)

    @property
    def starts_on(self) -> date:
        return self.key[2]

    def in_establishment(self, siret: str) -> bool:
        return any(key[0] == siret for key in self.keys)

    def days_from(self, day: date) -> int:
        """Days between its first day, under the nearest of its keys, and another."""
        return min(abs((key[2] - day).days) for key in self.keys)

    def concerns(self, contract_reference: str) -> bool:
        return any(concerns(fact, contract_reference) for fact in self.facts)

    def ends(self, contract_reference: str) -> Iterator[Radiation]:
        """The ends of employment or of cover that touch a contract. What ended in an establishment that was left moved, it did not end."""
        for fact in self.facts:
            left = fact.declaration.siret != self.key[0]
            if isinstance(fact, Radiation) and concerns(fact, contract_reference) and not (left and fact.cause == "cover"):
                yield fact

    def last_end(self, contract_reference: str) -> Radiation | None:
        """What the payroll says last of the end of the employment, as far as a contract is concerned."""
        return last_word(end for end in self.ends(contract_reference) if end.cause == "employment")

    def over_before(self, day: date, contract_reference: str) -> bool:
        """Whether the employment had ended, and the cover with it, when another began."""
        end = self.last_end(contract_reference)
        return end is not None and ends_cover(end, self.table) and end.ended_on < day

    def goes_on(self, contract_reference: str) -> bool:
        """Whether the employment ended and the cover did not: the next employment carries it on."""
        end = self.last_end(contract_reference)
        return end is not None and end.motive != CANCELS_END and not ends_cover(end, self.table)

    def carried_on_by(self, later: "Trail", contract_reference: str) -> bool:
        """Whether another employment may carry the cover on: a later one in the establishment, or wherever the company transfers it."""
        end = self.last_end(contract_reference)
        if end is not None and end.motive in TRANSFERS and later.key[0][:9] == self.key[0][:9]:
            return later.starts_on >= self.starts_on
        return later.starts_on > self.starts_on and later.in_establishment(self.key[0])

    def resumes(self, spell: Spell) -> bool:
        """Whether the cover stopped in the course of this employment (a dispense), and a later form took it up again."""
        if not self.in_establishment(spell.siret) or self.over_before(spell.starts_on, spell.contract_reference):
            return False
        before = [end for end in self.ends(spell.contract_reference) if end.ended_on < spell.starts_on]
        return self.cover_end(before, spell.contract_reference) is not None or any(
            cover.starts_on == spell.starts_on for _, cover in self.seen(spell.contract_reference)
        )

    def cover_end(self, ends: Iterable[Radiation], contract_reference: str) -> Radiation | None:
        """The last 70.015 of some ends, unless it only closed an option while another one of the same contract went on."""
        end = last_word(end for end in ends if end.cause == "cover")
        if end is None or any(_carries_on(end, fact, cover) for fact, cover in self.seen(contract_reference)):
            return None
        return end

    def seen(self, contract_reference: str) -> Iterator[tuple[AffiliationSeen, Cover]]:
        """The affiliations to a contract that payrolls declared, each with its dates."""
        for fact in self.facts:
            if isinstance(fact, AffiliationSeen):
                yield from ((fact, cover) for cover in fact.covers if cover.contract_reference == contract_reference)


Chain = tuple[Trail, ...]
"""Consecutive employments that one row of rights follows; the last one decides."""


@dataclass(frozen=True)
class Course:
    """What one row of rights follows: a chain of employments, and the day on which a later form of the same employment takes over."""

    chain: Chain = ()
    until: date | None = None

    def holds(self, day: date, spell: Spell) -> bool:
        """Whether what happens on a day is for this spell."""
        return spell.starts_on <= day and (self.until is None or day < self.until)


def concerns(fact: Spoken, contract_reference: str) -> bool:
    """Whether a fact is about a contract; one that names none is about all."""
    return not fact.covers or any(cover.contract_reference == contract_reference for cover in fact.covers)


def key_of(fact: Spoken) -> Key:
    """The key that a fact itself gives to its employment."""
    return fact.declaration.siret, fact.employment.number, fact.employment.starts_on


def trails(facts: Iterable[Spoken], table: Motives | None = None) -> list[Trail]:
    """The facts of one person, employment by employment; ``table`` says what motives mean in her brand."""
    told = set(facts)
    renamed = _renamed(told)
    by_key: dict[Key, set[Spoken]] = {}
    keys: dict[Key, set[Key]] = {}
    for fact in told:
        latest = _latest(key_of(fact), renamed)
        by_key.setdefault(latest, set()).add(fact)
        keys.setdefault(latest, {latest}).add(key_of(fact))
    for former in renamed:
        keys.setdefault(_latest(former, renamed), set()).add(former)
    return [Trail(key, frozenset(keys[key]), tuple(by_key[key]), table) for key in sorted(by_key)]


def share(spells: Sequence[Spell], employments: Sequence[Trail]) -> dict[UUID, Course]:
    """The employments that each spell follows. One employment moves one spell of a contract, and never the next one's, unless the cover
    was interrupted in its course: each spell then has its own part of it."""
    shared: dict[UUID, Course] = {}
    for reference, group in groupby(sorted(spells, key=_by_contract), key=lambda spell: spell.contract_reference):
        ordered = list(group)
        shared |= _courses(ordered, _share(ordered, [trail for trail in employments if trail.concerns(reference)]))
    return shared


def _share(spells: list[Spell], free: list[Trail]) -> dict[UUID, Chain]:
    chains: dict[UUID, Chain] = {}
    for spell, trail in _claims(spells, free):
        if spell.rights_id not in chains and trail in free:
            chains[spell.rights_id] = (trail,)
            free.remove(trail)
    for spell in spells:
        if spell.rights_id in chains:
            chains[spell.rights_id] = _followed(chains[spell.rights_id], spell, free)
    for spell in spells:
        if spell.rights_id not in chains and (taken_up := _taken_up(spell, spells, chains)):
            chains[spell.rights_id] = taken_up
    return chains


def _taken_up(spell: Spell, spells: list[Spell], chains: Mapping[UUID, Chain]) -> Chain | None:
    """The chain of the last spell whose interrupted cover this one takes up."""
    earlier = [chains[one.rights_id] for one in spells if one.rights_id in chains and one.starts_on < spell.starts_on]
    return next((chain for chain in reversed(earlier) if chain[-1].resumes(spell)), None)


def _courses(spells: list[Spell], chains: Mapping[UUID, Chain]) -> dict[UUID, Course]:
    """Each chain with the first day of the next spell that follows the same one."""
    courses = {}
    for spell in spells:
        chain = chains.get(spell.rights_id, ())
        later = [one.starts_on for one in spells if chain and chains.get(one.rights_id) is chain and one.starts_on > spell.starts_on]
        courses[spell.rights_id] = Course(chain, min(later, default=None))
    return courses


def _claims(spells: list[Spell], employments: list[Trail]) -> list[tuple[Spell, Trail]]:
    """Which spell may follow which employment, those that began nearest to each other first: the form's first day and the payroll's
    need not agree."""
    pairs = [(spell, trail) for spell in spells for trail in reversed(employments) if _may_follow(spell, trail, spells)]
    return sorted(pairs, key=lambda pair: pair[1].days_from(pair[0].starts_on))


def _may_follow(spell: Spell, trail: Trail, spells: list[Spell]) -> bool:
    """Whether they are of one establishment, and neither was over, nor followed by the next spell, when the other began."""
    if not trail.in_establishment(spell.siret):
        return False
    if trail.days_from(spell.starts_on) == 0:
        return True
    if trail.starts_on < spell.starts_on:
        return not trail.over_before(spell.starts_on, spell.contract_reference)
    return not any(one.siret == spell.siret and spell.starts_on < one.starts_on <= trail.starts_on for one in spells)


def _followed(chain: Chain, spell: Spell, free: list[Trail]) -> Chain:
    """The chain, as far as the affiliation is maintained from one employment to the next."""
    while chain[-1].goes_on(spell.contract_reference):
        later = [trail for trail in free if chain[-1].carried_on_by(trail, spell.contract_reference)]
        if not later:
            break
        chain = (*chain, min(later, key=lambda trail: trail.key[::-1]))
        free.remove(chain[-1])
    return chain


def _carries_on(end: Radiation, fact: AffiliationSeen, cover: Cover) -> bool:
    """Whether a cover of the same contract goes on after another's end, without a gap: declared beside it, or dated, and no earlier."""
    if cover.ends_on and cover.ends_on <= end.ended_on:
        return False
    if cover.starts_on is None:
        return fact.declaration == end.declaration
    return cover.starts_on <= end.ended_on + timedelta(days=1) and fact.declaration.rank >= end.declaration.rank


def _former(fact: EmploymentChanged) -> Key:
    siret, number, starts_on = key_of(fact)
    return fact.former_siret or siret, fact.former_number or number, fact.former_starts_on or starts_on


def _renamed(facts: set[Spoken]) -> dict[Key, Key]:
    """What each key became, within one company; the highest rank settles a conflict."""
    ranked: dict[Key, tuple[Rank, Key]] = {}
    for fact in facts:
        if isinstance(fact, EmploymentChanged) and (former := _former(fact)) != key_of(fact) and former[0][:9] == fact.declaration.siren:
            change = (fact.declaration.rank, key_of(fact))
            ranked[former] = max(ranked.get(former, change), change)
    return {former: key for former, (_, key) in ranked.items()}


def _latest(key: Key, renamed: Mapping[Key, Key]) -> Key:
    """Follow a key to its latest name. A circle, which no right payroll writes, ends at its smallest key."""
    seen = [key]
    while seen[-1] in renamed:
        following = renamed[seen[-1]]
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1]


def _by_contract(spell: Spell) -> tuple[str, date, str]:
    """An order that owes nothing to when rights were opened: these three name a spell of one person."""
    return spell.contract_reference, spell.starts_on, spell.siret
