"""The same facts and forms, whatever their order, their batches and their repeats, leave the same rights, numbers and outcomes."""

import random
import uuid
from datetime import date
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from chassis.testing import Bench
from events.dsn import AffiliationSeen, DeclarationTaken, EmploymentChanged, IdentityChanged
from events.fact import Fact, Sealed
from tests.members.people import (
    CONTRACT,
    DOMINIQUE,
    ELSEWHERE,
    SIRET,
    cover,
    declaration,
    employment,
    ends,
    finalised,
    rank,
    settle_in,
)

OTHER_EMPLOYER = "55210055400013"
HIRED, REHIRED = date(2026, 2, 1), date(2026, 9, 1)
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
RIGHTS = text(
    "SELECT affiliation_id, siret, status, reason, ends_on, motive, portability_ends_on, employment_number FROM rights ORDER BY 1"
)
OUTCOMES = text("SELECT fact_id, state, reason FROM dsn_outcome ORDER BY 1")


def renamed(former: str, new: str, day: int, number: int, **options: Any) -> IdentityChanged:
    """The payroll knows Dominique by another number."""
    return IdentityChanged(
        declaration=declaration(number, day, nature="01", month=JUNE, **options),
        employment=employment({**DOMINIQUE, "nir13": new}),
        covers=(cover(),),
        changed_on=date(2026, 6, day),
        former_nir=Sealed(former),
    )


def pool() -> list[Fact]:
    """Dominique works for two employers, moves and comes back, changes number twice, keeps her cover, leaves, is hired again; each month
    her first employer says again that she is covered, and once takes it back."""
    born, later, last = DOMINIQUE["nir13"], "2800475999006", "2800475999007"
    job, again = employment(DOMINIQUE), employment({**DOMINIQUE, "nir13": last}, REHIRED, "00009")
    moved = {"former_siret": SIRET, "former_number": "00004"}
    there = employment(DOMINIQUE, HIRED, "00077")
    elsewhere = declaration(20, 2, siret=ELSEWHERE, nature="01", month=JUNE)
    second_job = employment({**DOMINIQUE, "nir13": later}, date(2026, 3, 1), "A1")
    may, june, corrected = (declaration(number, 10, nature="01", month=month) for number, month in ((40, MAY), (41, JUNE), (42, MAY)))
    return [
        finalised(DOMINIQUE, affiliation_id=uuid.UUID(int=1)),
        finalised(DOMINIQUE, REHIRED, affiliation_id=uuid.UUID(int=2)),
        finalised(DOMINIQUE, date(2026, 3, 1), affiliation_id=uuid.UUID(int=3), siret=OTHER_EMPLOYER),
        renamed(born, later, 1, 1),
        renamed(born, last, 2, 2),
        renamed(later, last, 3, 3),
        ends(declaration(4, 4), job),
        ends(declaration(5, 5, target=rank(4, 4)), job, date(2026, 6, 20)),
        ends(declaration(6, 6, type="cancels", target=rank(5, 5)), job, date(2026, 6, 20)),
        ends(declaration(7, 7, nature="01", month=JULY), job, date(2026, 7, 31), "031", maintained=True),
        EmploymentChanged(declaration=elsewhere, employment=there, covers=(cover(),), changed_on=JUNE, **moved),
        DeclarationTaken(
            declaration=declaration(21, 3, siret=ELSEWHERE, nature="01", month=JUNE, type="replaces_without_individual"),
            individuals=0,
            facts=0,
        ),
        AffiliationSeen(declaration=declaration(8, 8, nature="01", month=JULY), employment=again, covers=(cover(),)),
        ends(declaration(9, 9), again, date(2026, 12, 31), "088"),
        AffiliationSeen(declaration=may, employment=job, covers=(cover(),)),
        AffiliationSeen(declaration=june, employment=job, covers=(cover(),)),
        DeclarationTaken(declaration=msgspec.structs.replace(corrected, type="replaces"), individuals=0, facts=0),
        ends(declaration(30, 9, siret=OTHER_EMPLOYER), second_job, date(2026, 8, 31), "059", covers=(cover(CONTRACT),)),
    ]


def play(bench: Bench, facts: list[Fact], chance: random.Random | None = None) -> tuple[Any, ...]:
    """Tell facts in batches; returns where rights, outcomes and the number of each person end."""
    ids = {id(fact): uuid.uuid5(uuid.NAMESPACE_OID, str(place)) for place, fact in enumerate(facts)}
    order = facts + (facts[::3] if chance else [])
    if chance:
        chance.shuffle(order)
    while order:
        size = chance.randint(1, 4) if chance else len(order)
        batch, order = order[:size], order[size:]
        for fact in batch:
            bench.deliver(fact, brand="hcr" if fact.name.startswith("affiliation.") else "", ids=[ids[id(fact)]])
        bench.work()
    assert bench.parked() == []
    with bench.running.working() as work:
        from services.members.models import Person

        numbers = sorted(person.nir for person in work.session.query(Person))
        ended = [tuple(row) for row in work.session.execute(RIGHTS)]
        return ended, [tuple(row) for row in work.session.execute(OUTCOMES)], numbers


@pytest.mark.parametrize("seed", range(10))
def test_forms_and_facts_in_any_order_and_batches_end_the_same(bench: Bench, seed: int) -> None:
    chance = random.Random(seed)
    facts = chance.sample(pool()[3:], 9)
    told = [*pool()[:3], *facts]
    settle_in(bench)
    expected = play(bench, told)
    bench.empty()
    settle_in(bench)
    assert play(bench, told, chance) == expected
