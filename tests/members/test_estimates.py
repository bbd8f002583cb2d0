"""The estimate of a care: the worked examples of the money rules, to the cent, and what holds for every care (S4:128)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.actor import Actor
from chassis.testing import Bench
from services.members.rules.estimates import Care, NoTariff, Promise, estimate
from services.members.rules.levels import Level, level
from services.members.rules.money import cents, words
from services.members.rules.tariffs import tariffs
from tests.members.people import DOMINIQUE, child, finalised, member, settle_in

D = Decimal


def promise(text: str, responsible: bool = True) -> Promise:
    read = level(text)
    assert read is not None
    return Promise(text, read, responsible)


GP = {"act": "G", "on": date(2025, 6, 14), "cost": D("30.00")}
WORKED = {
    "généraliste, 09/2023": ({**GP, "on": date(2023, 9, 19), "cost": D("25.00")}, "100 % BR", ("25.00", "16.50", "7.50", "1.00")),
    "généraliste, 14/06/2024": ({**GP, "on": date(2024, 6, 14), "cost": D("26.50")}, "100 % BR", ("26.50", "16.55", "7.95", "2.00")),
    "généraliste depuis le 22/12/2024": (GP, "100 % BR", ("30.00", "19.00", "9.00", "2.00")),
    "le même, hors parcours": ({**GP, "coordinated": False}, "100 % BR", ("30.00", "7.00", "9.00", "14.00")),
    "spécialiste secteur 2, 100 %": (
        {"act": "CS", "on": date(2025, 6, 14), "cost": D("60.00"), "optam": False},
        "100 % BR",
        ("23.00", "14.10", "6.90", "39.00"),
    ),
    "spécialiste secteur 2, 200 %": (
        {"act": "CS", "on": date(2025, 6, 14), "cost": D("60.00"), "optam": False},
        "200 % BR",
        ("23.00", "14.10", "29.90", "16.00"),
    ),
    "détartrage": ({"act": "SC", "on": date(2023, 10, 20), "cost": D("28.92")}, "100 % BR", ("28.92", "17.35", "11.57", "0.00")),
    "kinésithérapeute AMK 7,5": (
        {"act": "AMK", "on": date(2025, 6, 14), "cost": D("16.13"), "coefficient": D("7.5")},
        "100 % BR",
        ("16.13", "8.68", "6.45", "1.00"),
    ),
    "aide auditive de classe I": (
        {"act": "PAU", "on": date(2025, 6, 14), "cost": D("950.00")},
        "100 % santé",
        ("400.00", "240.00", "710.00", "0.00"),
    ),
    "monture de classe A": ({"act": "MON", "on": date(2025, 6, 14), "cost": D("30.00")}, "100 % santé", ("9.00", "5.40", "24.60", "0.00")),
    "médicament à 65 %, une boîte": (
        {"act": "PH7", "on": date(2025, 6, 14), "cost": D("28.65")},
        "100 % BR",
        ("28.65", "17.62", "10.03", "1.00"),
    ),
    "forfait journalier, trois jours de 2026": (
        {"act": "FJ", "on": date(2026, 6, 14), "cost": D("69.00"), "quantity": 3},
        "frais réels",
        ("0.00", "0.00", "69.00", "0.00"),
    ),
}
"""Care, guarantee, then base, base scheme, complementary and what is left."""


@pytest.mark.parametrize(("care", "words_", "expected"), WORKED.values(), ids=WORKED)
def test_a_worked_example_to_the_cent(care: dict[str, object], words_: str, expected: tuple[str, ...]):
    found = estimate(Care(**care), promise(words_))  # type: ignore[arg-type]
    assert (found.base, found.base_scheme, found.complementary, found.left) == tuple(map(D, expected))


def test_each_step_says_its_rule_its_day_and_its_source():
    steps = {step.rule: step for step in estimate(Care(**GP), promise("100 % BR")).steps}  # type: ignore[arg-type]
    assert list(steps) == ["base", "rate", "participation", "guarantee", "left"]
    assert (steps["base"].since, steps["base"].source) == (date(2024, 12, 22), "convention médicale 2024")
    assert steps["participation"].amount == D("-2.00")
    assert steps["left"].sentence == "Il vous reste à payer 2,00\u00a0€ (2,00\u00a0€ retenus par l'Assurance Maladie)."


def test_care_out_of_the_path_says_what_it_costs():
    steps = {step.rule: step for step in estimate(Care(**GP, coordinated=False), promise("100 % BR")).steps}  # type: ignore[arg-type]
    assert "30 % de cette base au lieu de 70 %" in steps["hors_parcours"].sentence
    assert "12,00\u00a0€ hors du parcours de soins" in steps["left"].sentence


def test_a_child_and_a_mother_to_be_keep_nothing_back():
    assert estimate(Care(**GP, adult=False), promise("100 % BR")).left == D("0.00")  # type: ignore[arg-type]
    mother = estimate(Care(**GP, exoneration="maternity"), promise("100 % BR"))  # type: ignore[arg-type]
    assert (mother.base_scheme, mother.complementary, mother.left) == (D("30.00"), D("0.00"), D("0.00"))


def test_a_long_illness_is_paid_in_full_by_the_base_scheme_but_for_the_participation():
    found = estimate(Care(**GP, exoneration="ald"), promise("100 % BR"))  # type: ignore[arg-type]
    assert (found.base_scheme, found.complementary, found.left) == (D("28.00"), D("0.00"), D("2.00"))


def test_the_year_s_last_participation_is_cut_at_fifty_euros():
    assert estimate(Care(**GP, withheld_before=D("49.00")), promise("100 % BR")).left == D("1.00")  # type: ignore[arg-type]


def test_a_flat_guarantee_is_paid_on_top_of_the_base_scheme_and_never_beyond_the_price():
    frame = {"act": "MON", "on": date(2025, 6, 14)}
    dear = estimate(Care(**frame, cost=D("200.00")), promise("100 % santé + 150 €"))  # type: ignore[arg-type]
    assert (dear.base_scheme, dear.complementary, dear.left) == (D("5.40"), D("150.00"), D("44.60"))
    fair = estimate(Care(**frame, cost=D("120.00")), promise("150 €"))  # type: ignore[arg-type]
    assert (fair.complementary, fair.left) == (D("114.60"), D("0.00"))


def test_a_responsible_contract_pays_a_doctor_without_optam_200_percent_at_most():
    dear = Care("CS", date(2025, 6, 14), D("150.00"), optam=False)
    assert estimate(dear, promise("300 % BR")).complementary == D("29.90")
    assert estimate(dear, promise("300 % BR", responsible=False)).complementary == D("52.90")
    assert estimate(dear, promise("220 % BR, 150 % BR hors OPTAM")).complementary == D("18.40")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("200 % BR", Level(percent=200)),
        ("200\u00a0%\u00a0BR", Level(percent=200)),
        ("220 % BR, 200 % BR hors OPTAM", Level(percent=220, outside=200)),
        ("100 % santé + 150 €", Level(flat=D(150), basket=True)),
        ("100 % BR + 32,50 € par séance", Level(percent=100, flat=D("32.50"))),
        ("Frais réels", Level(real_cost=True)),
        ("Néant", Level(percent=0)),
        ("Selon convention", None),
    ],
)
def test_the_words_of_a_guarantee_are_read_or_said_unreadable(text: str, expected: Level | None):
    assert level(text) == expected


def test_an_act_without_a_tariff_on_its_day_is_not_guessed():
    with pytest.raises(NoTariff):
        estimate(Care("APC", date(2019, 1, 1), D("60.00")))


def test_amounts_are_worded_as_people_read_them():
    assert words(D("1234.5")) == "1\u202f234,50\u00a0€"


cares = st.builds(
    Care,
    act=st.sampled_from(sorted(tariffs().acts)),
    on=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    cost=st.decimals("0.01", "99999.99", places=2),
    quantity=st.integers(1, 30),
    coefficient=st.decimals("0.5", "99", places=1),
    coordinated=st.booleans(),
    optam=st.booleans(),
    adult=st.booleans(),
    exoneration=st.sampled_from([None, "ald", "maternity", "work_accident", "solidarity"]),
    withheld_before=st.decimals("0", "50", places=2),
)
promises = st.builds(
    Promise,
    st.just("…"),
    st.builds(
        Level,
        percent=st.none() | st.integers(0, 600),
        outside=st.none() | st.integers(0, 600),
        flat=st.none() | st.decimals("0", "1500", places=2),
        real_cost=st.booleans(),
        basket=st.booleans(),
    ),
    st.booleans(),
)


@settings(max_examples=400, deadline=None)
@given(cares, promises)
def test_the_parts_always_add_up_and_nobody_gains(care: Care, promised: Promise):
    found = estimate(care, promised)
    assert found.base_scheme + found.complementary + found.left == care.cost
    assert min(found.base, found.base_scheme, found.complementary, found.left) >= 0
    assert all(amount == cents(amount) for amount in (found.base, found.base_scheme, found.complementary, found.left))
    assert found.steps[-1].amount == found.left


@pytest.fixture
def dominique(bench: Bench) -> Actor:
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE, dependents=(child(),)))
    return member(bench, DOMINIQUE)


BOX = {"act": "PH7", "care_on": "2026-05-15", "cost": "28.65"}


def test_dominique_asks_what_a_box_will_cost_her_and_why(bench: Bench, dominique: Actor):
    """S4:123-128: « Demander une estimation de remboursement »."""
    answer = bench.as_(dominique).post("/me/estimates", json=BOX)
    assert answer.status_code == 200, answer.json
    parts = {name: answer.json[name] for name in ("cost", "base_scheme", "complementary", "left", "guarantee")}
    assert parts == {
        "cost": "28.65",
        "base_scheme": "17.62",
        "complementary": "10.03",
        "left": "1.00",
        "guarantee": "Pharmacie, 100 % BR",
    }
    assert [step["rule"] for step in answer.json["steps"]] == ["base", "rate", "franchise", "guarantee", "left"]
    assert bench.as_(dominique).post("/me/estimates", json=BOX | {"beneficiary": 1}).json["left"] == "0.00"  # her child keeps nothing back


def test_a_care_without_a_guarantee_is_left_to_pay_and_said(bench: Bench, dominique: Actor):
    answer = bench.as_(dominique).post("/me/estimates", json={"act": "G", "care_on": "2026-05-15", "cost": "30,00"})
    assert (answer.json["complementary"], answer.json["left"], answer.json["guarantee"]) == (
        "0.00",
        "11.00",
        "aucune garantie pour ce soin",
    )


def test_the_care_that_can_be_estimated_is_listed(bench: Bench, dominique: Actor):
    listed = bench.as_(dominique).get("/me/estimates/acts").json
    assert {"code": "AMK", "label": "Séance chez un masseur-kinésithérapeute", "domain": "AUXM", "needs_coefficient": True} in listed[
        "acts"
    ]
    assert {"code": "ald", "label": "Soins en rapport avec une affection de longue durée"} in listed["exonerations"]


REFUSED = {
    "NaN": ({"cost": "NaN"}, 422, None),
    "a power": ({"cost": "1e400"}, 422, None),
    "full-width digits": ({"cost": "\uff12\uff16"}, 422, None),
    "a float": ({"cost": 26.5}, 422, None),
    "three decimals": ({"cost": "26.505"}, 422, None),
    "nothing": ({"cost": "0"}, 422, None),
    "a negative": ({"cost": "-3"}, 422, None),
    "a float for an integer": ({"quantity": 1.9}, 422, None),
    "an act out of the table": ({"act": "ZZZ"}, 422, None),
    "somebody else's child": ({"beneficiary": 9}, 422, None),
    "no coefficient": ({"act": "AMK"}, 422, None),
    "a day before the cover": ({"care_on": "2025-01-01"}, 409, "soin-non-couvert"),
}


@pytest.mark.parametrize(("change", "status", "slug"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_reckoned_is_refused_with_a_sentence(
    bench: Bench, dominique: Actor, change: dict[str, object], status: int, slug: str | None
):
    answer = bench.as_(dominique).post("/me/estimates", json=BOX | change)
    assert answer.status_code == status, answer.json
    assert slug is None or answer.json["type"].endswith(slug)
