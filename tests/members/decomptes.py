"""Décomptes as a fund tells them of the people of the stories."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from chassis.testing import Bench
from events.noemie import Care, Party, StatementTold, care, party
from feeds.kit import statement_id
from tests.members.people import CASEWORKER, CONTRACT_FORM, DOMINIQUE, register

D = Decimal
AMC = "0123456789"
GUARANTEES = [
    {"domain": "MED", "label": "Consultations", "level": "100 % BR"},
    {"domain": "HOSP", "label": "Hospitalisation", "level": "200 % BR"},
]
"""Nothing for drugs: the guides' lines of pharmacy are refunded nothing (S0:143)."""


def cover(bench: Bench) -> None:
    """The company, and a contract that pays consultations since 2018."""
    register(bench)
    answer = bench.as_(CASEWORKER).post("/contracts", json=CONTRACT_FORM | {"guarantees": GUARANTEES})
    assert answer.status_code == 201, answer.json


def gp(number: int = 1, day: date = date(2024, 6, 14), sign: int = 1, **options: Any) -> Care:
    """A consultation at 26,50 €, the participation withheld (formats §6.4)."""
    amounts = {"cost": D("26.50"), "base": D("26.50"), "base_scheme": D("16.55")}
    amounts |= {name: D(options.pop(name)) for name in tuple(options) if name in amounts}
    told = {name: sign * amount for name, amount in amounts.items()}
    return Care(number=number, act=options.pop("act", "G"), starts_on=day, rate=options.pop("rate", 70), **told, **options)


def to_third_party(number: int, amount: str, day: date, **options: Any) -> Care:
    """A stay whose share the hospital was paid directly."""
    paid = D(amount)
    told = {"complementary_asked": paid, "complementary_paid": paid, "paid_to": "third_party"}
    return Care(number=number, act="HOS", starts_on=day, cost=5 * paid, base=5 * paid, rate=80, base_scheme=4 * paid, **told, **options)


def decompte(number: str, *lines: Care, issued_on: date = date(2024, 6, 18), **options: Any) -> StatementTold:
    """One décompte about Dominique, unless told otherwise."""
    who = options.pop("who", DOMINIQUE)
    told = Party(
        nir=who["nir13"],
        birth_on=options.pop("birth_on", who["birth_on"]),
        first_name=options.pop("first_name", who["first_name"]),
        last_name=who["last_name"],
    )
    amc = options.pop("amc", AMC)
    return StatementTold(fund="01751", number=number, issued_on=issued_on, amc_number=amc, party=party(told), lines=care(lines))


def tell(bench: Bench, *told: StatementTold) -> None:
    """As the feed would: the id is drawn from the key, and no brand is named."""
    bench.deliver(*told, brand="", ids=ids_of(told))
    bench.work()
    assert bench.parked() == []


def ids_of(told: Sequence[StatementTold]) -> list[uuid.UUID]:
    return [statement_id(one) for one in told]
