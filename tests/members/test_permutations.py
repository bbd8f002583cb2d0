"""A payroll tells what it tells in any order, with repeats, corrections and cancellations: the rights end the same (architecture §2.8).

``AFFILIA_FUZZ_EXAMPLES`` asks for more histories (``make orders``: 2,000); every one is drawn from all the signals of a DSN.
"""

import os
import random
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from chassis.testing import Bench
from events.dsn import AffiliationSeen, Cover, Declaration, DeclarationTaken, Employment, EmploymentChanged, IdentityChanged, NobodyCovered
from events.fact import Fact, Sealed
from services.members.lifecycle import Halt
from services.members.rules.declarations import CORRECTING
from services.members.rules.fold import settle
from services.members.rules.spells import Spell, Spoken
from tests.members.people import CONTRACT, DOMINIQUE, ELSEWHERE, SIRET, cover, declaration, employment, ends, finalised, rank, settle_in

EXAMPLES = int(os.environ.get("AFFILIA_FUZZ_EXAMPLES", "120"))
OTHER_EMPLOYER, OTHER_CONTRACT = "55210055400013", "PREVOYANCE-0002"
FIRST, MONTHS = date(2026, 1, 1), 12
NIR, NEXT_NIR, NTT = DOMINIQUE["nir13"], "2800475999006", "2123456782DOMINIQUE"
MOTIVES = ("011", "031", "038", "043", "059", "066", "085", "088", "096", "099", "100", "116", "998", "999", "777")
RIGHTS = text(
    "SELECT affiliation_id, siret, status, reason, ends_on, motive, portability_months, portability_ends_on, employment_number, entitlement"
    " FROM rights ORDER BY 1"
)
OUTCOMES = text("SELECT fact_id, state, reason FROM dsn_outcome ORDER BY 1")
OPEN = text("SELECT r.affiliation_id, a.month FROM anomaly a JOIN rights r ON r.id = a.rights_id WHERE a.closed_at IS NULL ORDER BY 1, 2")


class Payroll:
    """A payroll office that declares one employee, makes mistakes and corrects them; ``facts`` is all that it told."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.facts: list[Fact] = []
        self.said: list[Declaration] = []
        self.jobs = [(SIRET, self.job("00004", date(2026, 2, 1)))]

    def job(self, number: str, starts_on: date) -> Employment:
        seniority = self.draw(st.sampled_from([None, 3, 30]))
        return employment(DOMINIQUE, starts_on, number, seniority_months=seniority)

    def day(self) -> date:
        return FIRST + timedelta(self.draw(st.integers(0, 330)))

    def declares(self, nature: str, siret: str, **options: Any) -> Declaration:
        """A declaration that may replace or cancel an earlier one, by its name or by its month."""
        number = len(self.said) + 1
        month = (FIRST + timedelta(31 * self.draw(st.integers(0, MONTHS - 1)))).replace(day=1) if nature == "01" else None
        kind = self.draw(st.sampled_from(["normal", "normal", "normal", *CORRECTING]))
        earlier = [said.rank for said in self.said if (said.siret, said.nature) == (siret, nature)]
        named = bool(earlier) and kind != "normal" and self.draw(st.booleans())
        target = self.draw(st.sampled_from(earlier)) if named else None
        at = rank(number, self.draw(st.integers(1, 28)), self.draw(st.integers(1, 12)))
        said = declaration(number, at=at, siret=siret, nature=nature, type=kind, month=month, target=target, **options)
        self.said.append(said)
        return said

    def covers(self) -> tuple[Cover, ...]:
        since, until = (self.draw(st.none() | st.just(self.day())) for _ in range(2))
        dated = cover(starts_on=since, ends_on=until if until and (since is None or since <= until) else None)
        return self.draw(st.sampled_from([(cover(),), (), (cover(OTHER_CONTRACT),), (dated,), (cover(ends_on=until), dated)]))

    def who(self) -> tuple[str, Employment]:
        """One of her employments, under one of her numbers."""
        siret, job = self.draw(st.sampled_from(self.jobs))
        number = self.draw(st.sampled_from(["nir", "nir", "nir", "next", "ntt", "both"]))
        numbers: dict[str, Any] = {
            "nir": {},
            "next": {"nir": Sealed(NEXT_NIR)},
            "ntt": {"nir": None, "ntt": Sealed(NTT)},
            "both": {"ntt": Sealed(NTT)},
        }
        return siret, msgspec.structs.replace(job, **numbers[number])

    def sees(self) -> None:
        siret, job = self.who()
        nature = self.draw(st.sampled_from(["01", "01", "08"]))
        self.facts.append(AffiliationSeen(declaration=self.declares(nature, siret), employment=job, covers=self.covers()))

    def ends(self) -> None:
        siret, job = self.who()
        nature, maintained = self.draw(st.sampled_from(["01", "07"])), self.draw(st.integers(0, 4)) == 0
        said, motive = self.declares(nature, siret), self.draw(st.sampled_from(MOTIVES))
        self.facts.append(ends(said, job, self.day(), motive, covers=self.covers(), maintained=maintained))

    def ends_cover(self) -> None:
        siret, job = self.who()
        self.facts.append(ends(self.declares("01", siret), job, self.day(), None))

    def hires(self) -> None:
        siret = self.draw(st.sampled_from([SIRET, SIRET, ELSEWHERE, OTHER_EMPLOYER]))
        self.jobs.append((siret, self.job(f"{len(self.jobs):05}", self.day())))
        self.sees()

    def moves(self) -> None:
        former_siret, former = self.draw(st.sampled_from(self.jobs))
        siret, job = self.draw(st.sampled_from([ELSEWHERE, SIRET])), self.job(f"M{len(self.jobs):04}", former.starts_on)
        changed = {"former_siret": former_siret, "former_number": former.number, "former_starts_on": former.starts_on}
        said = self.declares("01", siret)
        self.facts.append(EmploymentChanged(declaration=said, employment=job, covers=(cover(),), changed_on=self.day(), **changed))
        self.jobs.append((siret, job))

    def renames(self) -> None:
        siret, job = self.draw(st.sampled_from(self.jobs))
        renewed = msgspec.structs.replace(job, nir=Sealed(NEXT_NIR))
        changed = {"changed_on": self.day(), "former_nir": Sealed(NIR)}
        self.facts.append(IdentityChanged(declaration=self.declares("01", siret), employment=renewed, covers=(cover(),), **changed))

    def covers_nobody(self) -> None:
        said = self.declares("01", self.draw(st.sampled_from([SIRET, ELSEWHERE])))
        self.facts.append(NobodyCovered(declaration=said, contract_reference=CONTRACT, insurer_code="P9999"))

    def closes_month(self) -> None:
        said = self.declares("01", self.draw(st.sampled_from([SIRET, ELSEWHERE])), fraction=self.draw(st.sampled_from(["11", "12", "22"])))
        self.facts.append(DeclarationTaken(declaration=said, individuals=0, facts=0))


ACTS = ("sees", "sees", "ends", "ends", "ends_cover", "hires", "moves", "renames", "covers_nobody", "closes_month")


@st.composite
def histories(draw: st.DrawFn, most: int = 12) -> list[Fact]:
    payroll = Payroll(draw)
    for act in draw(st.lists(st.sampled_from(ACTS), min_size=2, max_size=most)):
        getattr(payroll, act)()
    return payroll.facts


@st.composite
def forms(draw: st.DrawFn) -> list[tuple[str, str, date]]:
    """The spells that forms open: hired, hired again, taken up after a dispense, by a second employer."""
    places = st.sampled_from([(SIRET, CONTRACT), (SIRET, CONTRACT), (OTHER_EMPLOYER, CONTRACT), (SIRET, OTHER_CONTRACT)])
    days = st.sampled_from([date(2026, month, 1) for month in (2, 3, 6, 9)])
    return draw(st.lists(st.tuples(places, days).map(lambda one: (*one[0], one[1])), unique=True, min_size=1, max_size=3))


def proved(place: int, key: tuple[str, str, date]) -> Spell:
    """The second spell was proved, the third too and its benefit stopped: what people did is weighed with what payrolls told."""
    halted = {"halted_on": date(2026, 10, 1), "halt": Halt.BENEFIT_ENDED} if place == 2 else {}
    return Spell(uuid.UUID(int=place), *key, proved_on=date(2026, 8, 1) if place else None, **halted)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(told=histories(), keys=forms(), seed=st.integers(0, 2**32))
def test_any_order_of_a_history_gives_one_state(told: list[Fact], keys: list[tuple[str, str, date]], seed: int) -> None:
    chance, spells = random.Random(seed), [proved(place, key) for place, key in enumerate(keys)]
    expected = weigh(spells, told)
    shuffled = told + chance.sample(told, len(told) // 2)
    chance.shuffle(shuffled)
    assert weigh(chance.sample(spells, len(spells)), shuffled) == expected


def weigh(spells: Sequence[Spell], told: Sequence[Fact]) -> Any:
    """The pure fold, given what a batch would read."""
    spoken = [fact for fact in told if isinstance(fact, Spoken)]
    closures = [fact for fact in told if isinstance(fact, NobodyCovered)]
    corrections = [fact.declaration for fact in told if fact.declaration.type in CORRECTING]  # type: ignore[attr-defined]
    return settle(spells, spoken, corrections, closures)


@settings(max_examples=max(2, EXAMPLES // 40), deadline=None, suppress_health_check=[*HealthCheck])
@given(told=histories(8), keys=forms(), seed=st.integers(0, 2**32))
def test_any_order_and_batches_leave_the_same_rows(bench: Bench, told: list[Fact], keys: list[tuple[str, str, date]], seed: int) -> None:
    opened = [
        finalised(DOMINIQUE, starts_on, affiliation_id=uuid.UUID(int=place + 1), siret=siret, contract_reference=reference)
        for place, (siret, reference, starts_on) in enumerate(keys)
    ]
    facts = [*opened, *told]
    assert play(bench, facts, None) == play(bench, facts, random.Random(seed))


def play(bench: Bench, facts: list[Fact], chance: random.Random | None) -> Any:
    """Tell facts, at once or in shuffled batches with repeats; returns where everything ends."""
    bench.empty()
    settle_in(bench)
    order = [*enumerate(facts)]
    if chance:
        order += order[::3]
        chance.shuffle(order)
    while order:
        size = chance.randint(1, 4) if chance else len(order)
        for place, fact in order[:size]:
            brand = "hcr" if fact.name.startswith("affiliation.") else ""
            bench.deliver(fact, brand=brand, ids=[uuid.uuid5(uuid.NAMESPACE_OID, str(place))])
        order = order[size:]
        bench.work()
    assert bench.parked() == []
    with bench.running.working() as work:
        return [[tuple(row) for row in work.session.execute(query)] for query in (RIGHTS, OUTCOMES, OPEN)]
