"""Dominique's décomptes arrive by the feed: each is settled once, under the contract of its day (S0:139-154, S3:125-150)."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from sqlalchemy.exc import ProgrammingError

from chassis.actor import Actor
from chassis.testing import Bench
from events.fact import Sealed
from events.members import Reimbursed
from events.noemie import Care, StatementTold
from services.members.models import Reimbursement, Statement
from services.members.rules.reimbursements import Waits, share, twelve_months
from tests.members.decomptes import AMC, GUARANTEES, cover, decompte, gp, ids_of, tell, to_third_party
from tests.members.people import CASEWORKER, CHARLIE, CONTRACT_FORM, DOMINIQUE, EMPLOYER, child, finalised, member, register

D = Decimal
SINCE = date(2023, 1, 1)
TODAY = date(2024, 11, 15)


def settled(bench: Bench) -> None:
    """Dominique and her child are covered since 2023."""
    cover(bench)
    bench.tell(finalised(DOMINIQUE, SINCE, dependents=(child("Lou"),)))


def items(bench: Bench, who: dict[str, Any] = DOMINIQUE, asked: str = "") -> list[dict[str, Any]]:
    return list(bench.as_(member(bench, who), on=TODAY).get(f"/me/reimbursements{asked}").json["items"])


def waiting(bench: Bench) -> list[str]:
    with bench.running.working() as work:
        return [row.reason for row in work.session.scalars(select(Statement)) if row.state == "waiting"]


def test_a_consultation_pays_thirty_percent_of_its_base_and_nothing_of_what_is_withheld(bench: Bench):
    """S3:141: 26,50 € and 7,95 €, not what was really left."""
    settled(bench)
    tell(bench, decompte("1", gp()))
    (line,) = items(bench)
    assert (line["care"], line["cost"], line["base_scheme"], line["complementary"], line["left"]) == (
        "Consultation chez un médecin généraliste",
        "26.50",
        "16.55",
        "7.95",
        "2.00",
    )
    assert (line["beneficiary"]["first_name"], line["care_on"], line["paid_to_label"]) == ("Dominique", "2024-06-14", "Payé à l'assuré")


def test_a_drug_without_guarantee_is_shown_and_pays_nothing(bench: Bench):
    """S0:141-143: 28,65 € and 0,00 €."""
    settled(bench)
    drug = Care(number=1, act="PH7", starts_on=date(2024, 1, 17), cost=D("28.65"), base=D("28.65"), rate=65, base_scheme=D("18.12"))
    tell(bench, decompte("1", drug))
    (line,) = items(bench)
    assert (line["cost"], line["complementary"]) == ("28.65", "0.00")
    assert bench.told(Reimbursed) == []


def test_the_detail_says_who_paid_what_and_why(bench: Bench):
    """S4:128: every step, its rule and its day."""
    settled(bench)
    tell(bench, decompte("1", gp()))
    (line,) = items(bench)
    detail = bench.as_(member(bench, DOMINIQUE)).get(f"/me/reimbursements/{line['id']}").json
    assert [step["rule"] for step in detail["steps"]] == ["base", "rate", "participation", "guarantee", "left"]
    assert (detail["statement_number"], detail["fund"], detail["base"], detail["rate"]) == ("1", "01751", "26.50", 70)
    assert "Consultations, 100 % BR" in detail["steps"][3]["sentence"]


def test_a_third_party_who_was_paid_is_not_paid_again(bench: Bench):
    settled(bench)
    tell(bench, decompte("1", to_third_party(1, "196.00", date(2024, 9, 2)), issued_on=date(2024, 9, 10)))
    (line,) = items(bench)
    assert (line["complementary"], line["left"], line["paid_to"]) == ("196.00", "0.00", "third_party")
    detail = bench.as_(member(bench, DOMINIQUE)).get(f"/me/reimbursements/{line['id']}").json
    assert "vous n'avez pas eu à l'avancer" in detail["steps"][0]["sentence"]


def test_a_correction_is_a_negative_line_and_the_first_stays(bench: Bench):
    settled(bench)
    tell(bench, decompte("1", gp()), decompte("2", gp(sign=-1), issued_on=date(2024, 7, 2)))
    amounts = [(line["cost"], line["complementary"], line["left"]) for line in items(bench)]
    assert amounts == [("-26.50", "-7.95", "-2.00"), ("26.50", "7.95", "2.00")]
    assert [fact.corrected for fact in bench.told(Reimbursed)] == [False, True]
    with pytest.raises(ProgrammingError, match="append-only"), bench.running.working() as work:
        work.session.execute(text("UPDATE reimbursement SET cost = 0"))


def test_who_is_told_hears_nothing_of_the_care(bench: Bench):
    settled(bench)
    tell(bench, decompte("1", gp()))
    (fact,) = bench.told(Reimbursed)
    assert fact.subject.startswith("person:")
    assert set(Reimbursed.__struct_fields__) == {"statement_id", "person_id", "paid_on", "corrected"}


def test_a_decompte_of_somebody_unknown_waits_until_she_is_registered(bench: Bench):
    cover(bench)
    tell(bench, decompte("1", gp()), decompte("2", gp(), who=CHARLIE))
    assert waiting(bench) == ["Personne inconnue : aucune affiliation finalisée ne porte ce numéro de sécurité sociale."] * 2
    bench.tell(finalised(DOMINIQUE, SINCE))
    assert [line["complementary"] for line in items(bench)] == ["7.95"]
    assert len(waiting(bench)) == 1
    assert [fact.corrected for fact in bench.told(Reimbursed)] == [False]


def test_a_decompte_waits_for_its_contract(bench: Bench):
    register(bench)
    bench.tell(finalised(DOMINIQUE, SINCE))
    tell(bench, decompte("1", gp()))
    assert waiting(bench) == ["Aucun contrat de ce numéro d'AMC ne couvrait cette personne au jour des soins."]
    assert bench.as_(CASEWORKER).post("/contracts", json=CONTRACT_FORM | {"guarantees": GUARANTEES}).status_code == 201
    assert [line["complementary"] for line in items(bench)] == ["7.95"]


def test_care_before_the_first_covered_day_or_of_another_insurer_is_not_paid(bench: Bench):
    settled(bench)
    tell(bench, decompte("1", gp(day=date(2022, 12, 31))), decompte("2", gp(), amc="9999999999"), decompte("3", gp(act="ZZZ")))
    assert items(bench) == []
    assert sorted(waiting(bench)) == [
        *["Aucun contrat de ce numéro d'AMC ne couvrait cette personne au jour des soins."] * 2,
        "Soin absent de nos tarifs : un gestionnaire complète la table.",
    ]


def test_a_line_that_waits_does_not_hold_its_neighbours_and_the_decompte_is_not_shown_yet(bench: Bench):
    settled(bench)
    tell(bench, decompte("1", gp(), gp(2, act="ZZZ")))
    assert [line["complementary"] for line in items(bench)] == ["7.95"]
    assert bench.as_(member(bench, DOMINIQUE)).get("/me/statements").json["items"] == []


def test_a_child_is_found_by_her_birth_and_nobody_else_is_paid_for(bench: Bench):
    """S4:130: the list is narrowed by patient and by days of care."""
    settled(bench)
    lou = {"birth_on": date(2012, 5, 6), "first_name": "LOU"}
    tell(bench, decompte("1", gp(), **lou), decompte("2", gp(day=date(2024, 6, 3))), decompte("3", gp(), birth_on=date(2001, 1, 1)))
    assert waiting(bench) == ["La personne soignée n'est pas parmi les bénéficiaires du contrat."]
    (hers,) = [line for line in items(bench) if line["beneficiary"]["first_name"] == "Lou"]
    assert items(bench, asked=f"?beneficiary={hers['beneficiary']['id']}") == [hers]
    assert [line["care_on"] for line in items(bench, asked="?until=2024-06-10")] == ["2024-06-03"]
    assert items(bench, asked=f"?since=2024-06-10&beneficiary={uuid.uuid4()}") == []


@pytest.fixture
def counted(bench: Bench) -> Callable[[Callable[[], Any]], int]:
    def count(act: Callable[[], Any]) -> int:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(bench.running.engine, "before_cursor_execute", note)
        act()
        event.remove(bench.running.engine, "before_cursor_execute", note)
        return len(statements)

    return count


def test_a_batch_costs_the_same_statements_whatever_its_size(bench: Bench, counted: Callable[[Callable[[], Any]], int]):
    settled(bench)

    def cost(first: int, many: int) -> int:
        told = [decompte(str(number), gp(), gp(2)) for number in range(first, first + many)]
        bench.deliver(*told, brand="", ids=ids_of(told))
        return counted(bench.work)

    assert cost(1, 3) == cost(4, 90)
    assert bench.parked() == []


def test_a_page_costs_the_same_statements_whatever_its_lines(bench: Bench, counted: Callable[[Callable[[], Any]], int]):
    settled(bench)
    dominique = bench.as_(member(bench, DOMINIQUE), on=TODAY)
    pages = ("/me/home", "/me/reimbursements", "/me/statements", "/me/reimbursements.csv", "/me/reimbursements.pdf")

    def cost() -> list[int]:
        return [counted(lambda page=page: dominique.get(page).get_data()) for page in pages]  # type: ignore[misc]

    tell(bench, decompte("0", gp()))
    one = cost()
    tell(bench, *(decompte(str(number), gp(), gp(2)) for number in range(1, 30)))
    assert cost() == one


def test_pages_follow_one_another_without_a_gap(bench: Bench):
    settled(bench)
    tell(bench, *(decompte(str(number), gp()) for number in range(5)))
    everything = [line["id"] for line in items(bench)]
    dominique, seen, after = bench.as_(member(bench, DOMINIQUE)), [], ""
    while True:
        page = dominique.get(f"/me/reimbursements?limit=2{after}").json
        seen += [line["id"] for line in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == everything


def test_only_she_reads_her_care(bench: Bench):
    settled(bench)
    bench.tell(finalised(CHARLIE, SINCE))
    tell(bench, decompte("1", gp()))
    (line,) = items(bench)
    charlie = bench.as_(member(bench, CHARLIE))
    foreign, missing = (charlie.get(f"/me/reimbursements/{one}") for one in (line["id"], uuid.uuid4()))
    assert (foreign.status_code, foreign.json) == (404, missing.json)
    foreign, missing = (charlie.get(f"/me/statements/{one}/paper.pdf") for one in (line["statement_id"], uuid.uuid4()))
    assert (foreign.status_code, foreign.json) == (404, missing.json)
    assert [bench.as_(one).get("/me/home").status_code for one in (EMPLOYER, CASEWORKER)] == [403, 403]


def test_the_database_itself_walls_care_and_seals_it(bench: Bench):
    settled(bench)
    bench.tell(finalised(CHARLIE, SINCE))
    tell(bench, decompte("1", gp()))

    def seen(actor: Actor) -> list[int]:
        with bench.running.begin(actor).session as session:
            return [len(session.execute(select(table)).all()) for table in (Statement, Reimbursement)]

    actors = (member(bench, DOMINIQUE), member(bench, CHARLIE), EMPLOYER, CASEWORKER, Actor(kind="anonymous"))
    assert [seen(actor) for actor in actors] == [[1, 1], [0, 0], [0, 0], [1, 1], [0, 0]]
    with bench.running.engine.connect() as connection, connection.begin():
        connection.execute(text("SELECT set_config('affilia.kind', 'system', true)"))
        kept = str(connection.execute(text("SELECT row_to_json(s), row_to_json(r) FROM statement s, reimbursement r")).all())
    assert not any(secret in kept for secret in ("Dominique", "ESSAI", DOMINIQUE["nir13"], "généraliste", '"G"'))


def test_what_cannot_be_read_is_set_aside_and_its_neighbours_pass(bench: Bench):
    settled(bench)
    good, bad = decompte("1", gp()), decompte("2", gp())
    spoilt = StatementTold(fund="01751", number="2", issued_on=bad.issued_on, amc_number=AMC, party=bad.party, lines=Sealed("[{}]"))
    bench.deliver(good, spoilt, brand="", ids=ids_of([good, bad]))
    bench.work()
    assert len(items(bench)) == 1
    assert [name for name, _reason in bench.parked()] == ["noemie.statement.v1"]


TOLD = [
    decompte("1", gp(), gp(2, date(2024, 6, 15), cost="60.00")),
    decompte("2", gp(sign=-1), issued_on=date(2024, 7, 2)),
    decompte("3", gp(day=date(2023, 9, 19), cost="25.00", base="25.00", base_scheme="16.50"), issued_on=date(2023, 9, 25)),
    decompte("4", to_third_party(1, "196.00", date(2024, 9, 2)), issued_on=date(2024, 9, 10)),
]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.sampled_from([*TOLD, None]), min_size=0, max_size=6))
def test_any_order_with_repeats_gives_the_same_totals(bench: Bench, order: list[StatementTold | None]):
    """S3:145-147: 203,95 = 7,95 + 196,00. ``None`` is the moment when she is registered, wherever it falls."""
    bench.empty()
    cover(bench)
    for told in [*order, None, *TOLD]:
        tell(bench, told) if told else bench.tell(finalised(DOMINIQUE, SINCE))
    synthesis = bench.as_(member(bench, DOMINIQUE), on=TODAY).get("/me/home").json["synthesis"]
    assert (synthesis["total"], synthesis["to_member"], synthesis["to_third_parties"]) == ("203.95", "7.95", "196.00")
    within = [line for line in items(bench) if str(twelve_months(TODAY)) <= line["paid_on"] <= str(TODAY)]
    assert sum(D(line["complementary"]) for line in within) == D(synthesis["total"])
    assert len(items(bench)) == 5


cents = st.decimals(min_value="0.01", max_value="9999.99", places=2)


@given(
    cost=cents,
    base=cents,
    rate=st.integers(0, 100),
    withheld=st.decimals(0, 4, places=2),
    act=st.sampled_from(["G", "CS", "PH7", "FJ", "MON"]),
)
def test_the_parts_of_a_line_add_up_and_a_correction_is_its_mirror(cost: Decimal, base: Decimal, rate: int, withheld: Decimal, act: str):
    paid = max(D("0.00"), min(cost, (base * rate / 100).quantize(D("0.01")) - withheld))
    lines = [
        Care(number=1, act=act, starts_on=date(2025, 3, 3), cost=sign * cost, base=sign * base, rate=rate, base_scheme=sign * paid)
        for sign in (1, -1)
    ]
    there, back = (share(line, GUARANTEES, responsible=True) for line in lines)
    assert cost == paid + there.complementary + there.left
    assert min(there.complementary, there.left) >= 0
    assert (back.complementary, back.left) == (-there.complementary, -there.left)
    assert all(type(amount) is Decimal for amount in (there.complementary, there.left, *(step.amount for step in there.steps)))


def test_an_exonerated_care_leaves_nothing_to_the_complementary():
    """ALD: the base scheme pays all of its base (formats §6.2, EXO_MTF)."""
    told = gp(rate=100, base_scheme="24.50", exoneration="ald")
    assert share(told, GUARANTEES, responsible=True).complementary == 0


def test_outside_the_care_path_the_surcharge_is_never_paid_back():
    assert share(gp(rate=30, base_scheme="5.95"), GUARANTEES, responsible=True).complementary == D("7.95")


def test_words_that_no_program_reads_are_for_a_caseworker():
    with pytest.raises(Waits, match="ne se lit pas"):
        share(gp(), [{"domain": "MED", "label": "Consultations", "level": "selon accord"}], responsible=True)


@pytest.mark.parametrize(("today", "since"), [(date(2024, 11, 15), date(2023, 11, 16)), (date(2024, 2, 29), date(2023, 3, 1))])
def test_twelve_months_begin_the_day_after_the_same_day(today: date, since: date):
    assert twelve_months(today) == since
