"""Whose facts are whose: employments as the payroll names them, under the keys they had over time, and the rights each of them moves.

Everything here is a function of sets: the order in which facts arrived, or rights were opened, never matters.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from events.dsn import AffiliationSeen, EmploymentChanged, IdentityChanged, Radiation, Rank
from services.members.rules.declarations import ends_cover, last_word
from services.members.rules.direct import DirectEnd
from services.members.rules.motives import CANCELS_END

Spoken = AffiliationSeen | EmploymentChanged | IdentityChanged | Radiation
"""A fact that names a person and an employment."""

Key = tuple[str, str, date]
"""SIRET, number and start of an employment (the DSN's key, with the person)."""


@dataclass(frozen=True)
class Spell:
    """One row of rights as the fold sees it: cover under one contract, opened in one establishment for one employment.

    ``proved_on`` is when a proof of unemployment benefit came; ``lapsed_on`` a day
    on which its portability was found over; ``direct_end`` what was said of its end otherwise than by a payroll.
    """

    rights_id: UUID
    siret: str
    contract_reference: str
    starts_on: date
    proved_on: date | None = None
    lapsed_on: date | None = None
    direct_end: DirectEnd | None = None


@dataclass(frozen=True)
class Trail:
    """All that was said of one employment. ``key`` is the latest it is known by, ``keys`` are all of them."""

    key: Key
    keys: frozenset[Key]
    facts: tuple[Spoken, ...]

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

    def goes_on(self, contract_reference: str) -> bool:
        """Whether the employment ended and the cover did not: the next employment carries it on."""
        end = self.last_end(contract_reference)
        return end is not None and end.motive != CANCELS_END and not ends_cover(end)


Chain = tuple[Trail, ...]
"""Consecutive employments that one row of rights follows; the last one decides."""


def concerns(fact: Spoken, contract_reference: str) -> bool:
    """Whether a fact is about a contract; one that names none is about all."""
    return not fact.covers or any(cover.contract_reference == contract_reference for cover in fact.covers)


def key_of(fact: Spoken) -> Key:
    """The key that a fact itself gives to its employment."""
    return fact.declaration.siret, fact.employment.number, fact.employment.starts_on


def trails(facts: Iterable[Spoken]) -> list[Trail]:
    """The facts of one person, employment by employment."""
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
    return [Trail(key, frozenset(keys[key]), tuple(by_key[key])) for key in sorted(by_key)]


def share(spells: Sequence[Spell], employments: Sequence[Trail]) -> dict[UUID, Chain]:
    """The employments that each spell follows. One employment moves one spell of a contract, and never the next one's."""
    shared: dict[UUID, Chain] = {}
    for reference, group in groupby(sorted(spells, key=_by_contract), key=lambda spell: spell.contract_reference):
        shared |= _share(list(group), [trail for trail in employments if trail.concerns(reference)])
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
    return chains


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
        end = trail.last_end(spell.contract_reference)
        return end is None or not ends_cover(end) or end.ended_on >= spell.starts_on
    return not any(one.siret == spell.siret and spell.starts_on < one.starts_on <= trail.starts_on for one in spells)


def _followed(chain: Chain, spell: Spell, free: list[Trail]) -> Chain:
    """The chain, as far as the affiliation is maintained from one employment to the next."""
    while chain[-1].goes_on(spell.contract_reference):
        later = [trail for trail in free if trail.starts_on > chain[-1].starts_on and trail.in_establishment(chain[-1].key[0])]
        if not later:
            break
        chain = (*chain, min(later, key=lambda trail: trail.key[::-1]))
        free.remove(chain[-1])
    return chain


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
