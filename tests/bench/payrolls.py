"""A country in small: companies whose people are known, and what their payrolls tell each month, sealed by the producers' kit.

Of a hundred people in a month: all are declared again; two leave, one moves to another number of contract, one is not affiliated yet.
A declaration ends with the fact that it was read. Declarations of all companies arrive mixed, as from ten producers.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest

from nacl.public import PrivateKey

from chassis.config import Keys
from chassis.sealing import unb64
from events.affiliation import Finalised
from events.dsn import AffiliationSeen, Cover, Declaration, DeclarationTaken, Employment, EmploymentChanged, Radiation, Rank
from events.employers import CompanyRegistered
from events.fact import Fact, Sealed
from feeds import kit
from feeds.publishers import _properties
from feeds.sealing import PlatformKey, b64
from identifiers.invented import iban, siren
from identifiers.nir import key_of
from identifiers.siret import of as siret_of

HEADCOUNT = 20
PRODUCERS = 10
CONTRACT, INSURER = "SANTE-EX-0001", "P9999"
HIRED = date(2024, 1, 8)
FIRST_MONTH = 24_300
"""Months since year 0: January 2025."""
LEAVES, MOVES, IS_NEW = (0, 50), (7, 100), (13, 100)
"""One person in fifty, or in a hundred, another one each month."""


@dataclass(frozen=True)
class Employee:
    """Somebody on a payroll; ``place`` numbers the country's people from 0."""

    place: int
    siret: str

    @property
    def nir13(self) -> str:
        """Thirteen characters that nobody has: commune 999; distinct for the first 800,000 places."""
        month, rest = divmod(self.place, 80_000)
        year, order = divmod(rest, 1_000)
        return f"2{20 + year % 80:02d}{month % 12 + 1:02d}75{998 + year // 80:03d}{order:03d}"

    @property
    def last_name(self) -> str:
        return f"ESSAI {self.place:06d}"

    def number(self, month: int) -> str:
        """The contract's number in the payroll: it changes in the month of a move."""
        moved = sum(_turn(MOVES, self.place, earlier) for earlier in range(month + 1))
        return f"{self.place:05d}-{moved}"


def country(companies: int) -> list[Employee]:
    """The people of so many companies of one establishment each."""
    sirets = [siret_of(siren(company), "0001") for company in range(companies)]
    return [Employee(place, sirets[place // HEADCOUNT]) for place in range(companies * HEADCOUNT)]


def enrolments(people: Sequence[Employee]) -> Iterator[Fact]:
    """The companies, and the form of everybody but the newly hired."""
    for siret in dict.fromkeys(one.siret for one in people):
        yield CompanyRegistered(siren=siret[:9], company_name=f"SOCIETE {siret}", insurer="klesia")
    for one in people:
        if not _turn(IS_NEW, one.place, 0):
            yield _form(one)


def month(people: Sequence[Employee], number: int, keys: Keys) -> list[kit.CloudEvent]:
    """All that the payrolls tell in a month, numbered from 0, in the order in which it reaches the broker."""
    by_company: dict[str, list[Employee]] = {}
    for one in people:
        by_company.setdefault(one.siret, []).append(one)
    declared = [list(_items(siret, staff, number)) for siret, staff in by_company.items()]
    streams = [sealed([item for items in declared[first::PRODUCERS] for item in items], keys) for first in range(PRODUCERS)]
    return [event for turn in zip_longest(*streams) for event in turn if event is not None]


def messages(events: Sequence[kit.CloudEvent]) -> list[tuple[str, bytes, bytes]]:
    """Events as the kit's publisher gives them to the broker: routing key, properties, body."""
    return [(event.type, b"".join(_properties(event).encode()), bytes(event.data)) for event in events]


def _items(siret: str, staff: Sequence[Employee], number: int) -> Iterator[kit.Item]:
    year, place = divmod(FIRST_MONTH + number, 12)
    declared = date(year, place + 1, 1)
    declaration = Declaration(siret=siret, nature="01", type="normal", rank=Rank(built_on=declared, number=1), month=declared)
    facts = [fact for one in staff if not _left(one, number) for fact in _told(one, declaration, number)]
    return kit.items(declaration, [*facts, DeclarationTaken(declaration=declaration, individuals=len(staff), facts=len(facts))])


def _told(one: Employee, declaration: Declaration, number: int) -> Iterator[Fact]:
    assert declaration.month
    common = {
        "declaration": declaration,
        "employment": _employment(one, number),
        "covers": (Cover(contract_reference=CONTRACT, insurer_code=INSURER),),
    }
    if number and _turn(MOVES, one.place, number):
        yield EmploymentChanged(changed_on=declaration.month, former_number=one.number(number - 1), **common)
    yield AffiliationSeen(**common)
    if _turn(LEAVES, one.place, number):
        yield Radiation(cause="employment", ended_on=declaration.month + timedelta(days=14), motive="043", **common)


def _left(one: Employee, number: int) -> bool:
    return any(_turn(LEAVES, one.place, earlier) for earlier in range(number))


def _turn(which: tuple[int, int], place: int, number: int) -> bool:
    offset, every = which
    return (place + offset + 3 * number) % every == 0


def _employment(one: Employee, number: int) -> Employment:
    return Employment(
        starts_on=HIRED,
        number=one.number(number),
        last_name=Sealed(one.last_name),
        first_name=Sealed("Dominique"),
        birth_on=Sealed("1980-04-04"),
        nir=Sealed(one.nir13),
        nature="01",
    )


def _form(one: Employee) -> Finalised:
    return Finalised(
        affiliation_id=uuid.UUID(int=one.place + 1),
        siren=one.siret[:9],
        siret=one.siret,
        contract_reference=CONTRACT,
        professional_status="ACTIF NON CADRE",
        starts_on=HIRED,
        first_name=Sealed("Dominique"),
        last_name=Sealed(one.last_name),
        birth_on=Sealed("1980-04-04"),
        nir=Sealed(one.nir13 + key_of(one.nir13)),
        iban=Sealed(iban(one.place)),
        email=Sealed("dominique@exemple.fr"),
    )


def sealed(items: Sequence[kit.Item], keys: Keys) -> list[kit.CloudEvent]:
    """Items as the producers' kit seals them, for the platform of these keys."""
    ((key_id, secret),) = keys.feed.items()
    platform = PlatformKey(id=key_id, public_key=b64(bytes(PrivateKey(unb64(secret)).public_key)))
    now = datetime.now(UTC)
    return [event for batch in kit.batches(items) for event in kit.sealed(batch, platform, now)]
