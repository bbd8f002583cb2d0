"""What is read, in bulk, before facts are folded: people, their numbers, their rights, and all that payrolls told of them."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

import events
from chassis.work import Told
from events.dsn import Declaration, IdentityChanged, NobodyCovered
from identifiers import nir
from services.members.access import payroll, rights
from services.members.access.payroll import TellingRow
from services.members.access.rights import ContractKey
from services.members.config import Work
from services.members.models import Person, PersonKey, Rights
from services.members.rules.declarations import superseded
from services.members.rules.facts import latest_nir
from services.members.rules.spells import Spell, Spoken


@dataclass
class Dossiers:
    """Some people with all that decides their rights. ``owners`` maps each number to the people it names, one a brand; ``people`` is
    empty unless a payroll told that somebody changed identity."""

    people: Sequence[Person]
    rights: dict[uuid.UUID, list[Rights]]
    told: list[tuple[TellingRow, Spoken]]
    owners: dict[bytes, list[uuid.UUID]]
    new_keys: list[PersonKey]
    corrections: list[Declaration]
    closures: list[NobodyCovered]
    guaranteed: dict[ContractKey, date]
    dead: Callable[[Declaration], bool]
    _facts: dict[uuid.UUID, list[Spoken]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row, fact in self.told:
            for person_id in self.owners.get(row.person_key or b"", ()):
                self._facts.setdefault(person_id, []).append(fact)

    def facts_about(self, person_id: uuid.UUID) -> list[Spoken]:
        """All that payrolls told of somebody, under any of her numbers."""
        return self._facts.get(person_id, [])

    def spell(self, row: Rights) -> Spell:
        """Rights as the fold sees them, with the first day of the contract's guarantees if the contract is known."""
        return replace(row.spell, guaranteed_on=self.guaranteed.get((row.brand, row.siren, row.contract_reference)))

    def moved_by(self, causes: Mapping[bytes, Told[Any]]) -> dict[uuid.UUID, Told[Any]]:
        """The fact of this batch that names each person, the latest id when several do."""
        named: dict[uuid.UUID, Told[Any]] = {}
        for key, told in sorted(causes.items(), key=lambda cause: cause[1].id):
            named |= dict.fromkeys(self.owners.get(key, ()), told)
        return named

    def renew_numbers(self) -> None:
        """Give people the NIR that their payrolls know them by now."""
        for person in self.people:
            latest = latest_nir(fact for fact in self.facts_about(person.id) if isinstance(fact, IdentityChanged))
            if latest and latest != person.nir[:13] and nir.SHAPE.fullmatch(latest):
                person.nir = latest + nir.key_of(latest)


def read(work: Work, keys: Collection[bytes]) -> Dossiers:
    """The dossiers of all the people that some numbers, or the numbers linked to them, name. Their rights are locked."""
    linked = payroll.connected(work, keys)
    owned = payroll.owners(work, linked)
    people = {row.person_id for row in owned}
    held = rights.of_people(work, people)  # before the facts: who waited for these rows then reads what was told meanwhile
    told = [(row, _fact(row)) for row in payroll.facts_of(work, linked | {row.fingerprint for row in owned})]
    new_keys = renewed(owned, [(row.former_key, row.person_key) for row, _ in told if row.former_key and row.person_key])
    sirets = {row.siret for row, _ in told} | {row.siret for row in held} | {row.opened_siret for row in held}
    corrections = payroll.corrections(work, sirets)
    return Dossiers(
        people=payroll.people(work, people) if any(isinstance(fact, IdentityChanged) for _, fact in told) else (),
        rights=_by_person(held),
        told=told,
        owners=_by_key([*owned, *new_keys]),
        new_keys=new_keys,
        corrections=corrections,
        closures=payroll.closures(work, sirets),
        guaranteed=rights.guaranteed_on(work, {(row.brand, row.siren, row.contract_reference) for row in held}),
        dead=superseded([*(fact.declaration for _, fact in told), *corrections]),
    )


def renewed(owned: Iterable[PersonKey], links: Iterable[tuple[bytes, bytes]]) -> list[PersonKey]:
    """The numbers that changes of identity give to people. A number that already names somebody in a brand never changes hands there."""
    named = {(row.brand, row.fingerprint): row.person_id for row in owned}
    brands = {brand for brand, _ in named}
    pairs = sorted({pair for link in links for pair in (link, link[::-1])})
    added: list[PersonKey] = []
    growing = True
    while growing:
        fresh = [(brand, to, named[brand, of]) for brand in brands for of, to in pairs if (brand, of) in named and (brand, to) not in named]
        for brand, to, person_id in fresh:
            if named.setdefault((brand, to), person_id) == person_id and all(row.fingerprint != to or row.brand != brand for row in added):
                added.append(PersonKey(brand=brand, fingerprint=to, person_id=person_id))
        growing = bool(fresh)
    return added


def _fact(row: TellingRow) -> Spoken:
    return cast(Spoken, events.decode(events.CATALOGUE[row.name], row.told.encode(), str))


def _by_person(rows: Iterable[Rights]) -> dict[uuid.UUID, list[Rights]]:
    grouped: dict[uuid.UUID, list[Rights]] = {}
    for row in rows:
        grouped.setdefault(row.person_id, []).append(row)
    return grouped


def _by_key(rows: Iterable[PersonKey]) -> dict[bytes, list[uuid.UUID]]:
    grouped: dict[bytes, list[uuid.UUID]] = {}
    for row in rows:
        grouped.setdefault(bytes(row.fingerprint), []).append(row.person_id)
    return grouped
