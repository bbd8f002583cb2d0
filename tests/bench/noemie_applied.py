"""Décomptes from the broker to the member's home page, by one worker; beside it the machine's limit, and the usual way.

As ``dsn_applied``, whose country it borrows: everybody's care of the month, two lines a décompte, each reckoned under a contract.
"""

from datetime import date, timedelta
from decimal import Decimal

from chassis.actor import Actor
from events.noemie import Care, Party, StatementTold, care, party
from feeds import kit
from feeds.kit import CloudEvent
from tests.bench import payrolls
from tests.bench.dsn_applied import Months
from tests.bench.ground import ground
from tests.bench.payrolls import CONTRACT, HIRED, INSURER, Employee
from tests.bench.readings import Reading

COMPANIES = 100
AMC = "0099999999"
DESK = Actor(kind="caseworker", brand="hcr", grants={"platform": "handle"}, strong=True)
FORM = {
    "reference": CONTRACT,
    "insurer_code": INSURER,
    "label": "BASE",
    "population": "NC",
    "starts_on": HIRED.isoformat(),
    "guarantees": [{"domain": "MED", "label": "Consultations", "level": "100 % BR"}],
    "card": {"amc_number": AMC, "convention_type": "SP", "csr": "A1", "responsible": True},
}


def run(rounds: int) -> list[Reading]:
    with ground() as (postgres, node):
        return Statements(postgres, node, COMPANIES).compare(rounds)


class Statements(Months):
    """The same country, whose funds tell what they paid."""

    what = "Décomptes"

    def _enrol(self) -> None:
        super()._enrol()
        desk = self._bench.as_(DESK)
        for siren in {one.siret[:9] for one in self._people}:
            assert desk.post("/contracts", json=FORM | {"siren": siren}).status_code == 201

    def _told(self) -> list[CloudEvent]:
        day = HIRED + timedelta(days=self._month)
        statements = [_statement(one, day) for one in self._people]
        return payrolls.sealed([kit.Item(kit.statement_id(told), told) for told in statements], self._keys)


def _statement(one: Employee, day: date) -> StatementTold:
    about = Party(nir=one.nir13, birth_on=date(1980, 4, 4), first_name="Dominique", last_name=one.last_name)
    lines = care([_consultation(number, day) for number in (1, 2)])
    number = f"{day:%Y%m%d}-{one.place}"
    return StatementTold(fund="01751", number=number, issued_on=day, amc_number=AMC, party=party(about), lines=lines)


def _consultation(number: int, day: date) -> Care:
    amount = Decimal("26.50")
    return Care(number=number, act="G", starts_on=day, cost=amount, base=amount, rate=70, base_scheme=Decimal("16.55"))
