"""« Mes salariés affiliés »: each filter of the guide, the orders, the pages, the numbers, one employee (S1:185-196, S1:251-295)."""

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from chassis.actor import Actor
from chassis.testing import Bench
from identifiers.nir import key_of
from tests.members.people import (
    ANDREA,
    CASEWORKER,
    CHARLIE,
    CONTRACT,
    CONTRACT_FORM,
    DOMINIQUE,
    ELSEWHERE,
    EMPLOYER,
    SIREN,
    SIRET,
    STRANGER,
    child,
    declaration,
    employment,
    ends,
    finalised,
    settle_in,
    spouse,
)

TODAY = date(2026, 7, 1)
OTHER_SIRET, OTHER = "55210055400013", "552100554"
PAUL = Actor(kind="employer", brand="hcr", account_id=uuid.UUID(int=4), grants={SIREN: "user"}, strong=True)
MARIE = Actor(kind="employer", brand="hcr", account_id=uuid.UUID(int=5), grants={SIREN: "user+nir"}, strong=True)
BOTH = Actor(kind="employer", brand="hcr", account_id=uuid.UUID(int=6), grants={SIREN: "administrator", OTHER: "user"}, strong=True)


@pytest.fixture
def staff(bench: Bench) -> None:
    """Dominique with her family, Charlie who left, Andréa elsewhere under another contract; Dominique works for another company too."""
    settle_in(bench)
    bench.as_(CASEWORKER).post("/contracts", json=CONTRACT_FORM | {"reference": "CADRES", "label": "BASE CCN HCR CADRES"})
    bench.tell(finalised(DOMINIQUE, dependents=(spouse(), child())), finalised(CHARLIE, date(2018, 3, 1)))
    bench.tell(finalised(ANDREA, date(2026, 4, 1), siret=ELSEWHERE, contract_reference="CADRES"))
    bench.tell(finalised(DOMINIQUE, date(2026, 3, 1), siret=OTHER_SIRET))
    bench.tell(ends(declaration(1), employment(CHARLIE, date(2018, 3, 1), "00007"), motive="088"))


def lines(bench: Bench, actor: Actor = EMPLOYER, **asked: Any) -> list[dict[str, Any]]:
    answer = bench.as_(actor).get("/employees", query_string=asked)
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


def names(bench: Bench, actor: Actor = EMPLOYER, **asked: Any) -> list[str]:
    return [line["last_name"] for line in lines(bench, actor, **asked)]


def sought(bench: Bench, actor: Actor = EMPLOYER, **asked: Any) -> list[dict[str, Any]]:
    answer = bench.as_(actor).post("/employees/search", json=asked)
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


def named(bench: Bench, **asked: Any) -> list[str]:
    return [line["last_name"] for line in sought(bench, **asked)]


def number(who: dict[str, Any]) -> str:
    return str(who["nir13"] + key_of(who["nir13"]))


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"siren": SIREN}, ["ESSAI", "MAQUETTE"]),
        ({"siren": OTHER}, []),
        ({"siret": ELSEWHERE}, ["MAQUETTE"]),
        ({"siren": OTHER, "siret": ELSEWHERE}, []),
        ({"establishment": "RESTAURANT FICTIF"}, ["ESSAI"]),
        ({"establishment": ELSEWHERE}, ["MAQUETTE"]),
        ({"establishment": "RESTAURANT FICTIF", "siret": ELSEWHERE}, []),
        ({"status": "ended"}, ["FAUX"]),
        ({"status": "all", "professional_status": "ACTIF NON CADRE"}, ["ESSAI", "FAUX", "MAQUETTE"]),
        ({"professional_status": "CADRE"}, []),
        ({"contract": "CADRES"}, ["MAQUETTE"]),
    ],
    ids=str,
)
def test_each_filter_of_the_guide_narrows_the_list(bench: Bench, asked: dict[str, str], found: list[str]) -> None:
    """S1:191-196, S1:259-279."""
    assert names(bench, **asked) == named(bench, **asked) == found


@pytest.mark.usefixtures("staff")
def test_a_name_is_sought_with_every_other_filter_and_never_in_an_address(bench: Bench) -> None:
    """S1:191-196: an address stands in logs, a body does not; the address takes no notice of a name."""
    assert named(bench, name="maq") == named(bench, name="Maquette andrea") == ["MAQUETTE"]
    assert named(bench, name="aquette") == []
    assert named(bench, name="Essai dom", contract=CONTRACT, siret=SIRET, status="all", sort="-name") == ["ESSAI"]
    assert sought(bench, STRANGER, name="maq") == []
    assert names(bench, name="maq") == ["ESSAI", "MAQUETTE"]


@pytest.mark.usefixtures("staff")
def test_a_search_turns_its_pages_as_the_list_does(bench: Bench) -> None:
    asked = {"status": "all", "sort": "-name", "limit": 1}
    first = bench.as_(EMPLOYER).post("/employees/search", json=asked).json
    assert first == bench.as_(EMPLOYER).get("/employees", query_string=asked).json | {"next": first["next"]}
    assert [line["last_name"] for line in first["items"]] == ["MAQUETTE"]
    assert named(bench, **asked | {"after": first["next"], "limit": 2}) == ["FAUX", "ESSAI"]


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["ESSAI", "FAUX", "MAQUETTE"]),
        ("start", ["FAUX", "ESSAI", "MAQUETTE"]),
        ("end", ["FAUX", "ESSAI", "MAQUETTE"]),
        ("establishment", ["ESSAI", "FAUX", "MAQUETTE"]),
    ],
)
def test_pages_follow_each_order_in_both_directions_without_hole_or_repeat(bench: Bench, sort: str, expected: list[str]) -> None:
    for asked, order in ((sort, expected), (f"-{sort}", expected[::-1])):
        seen, after = [], {}
        while after is not None:
            page = bench.as_(EMPLOYER).get("/employees", query_string={"sort": asked, "status": "all", "limit": "1", **after}).json
            seen += [line["last_name"] for line in page["items"]]
            after = {"after": page["next"]} if page["next"] else None
        if sort == "end":  # two are open: they have no end, and their order is that of their ids
            assert sorted(seen) == sorted(expected)
            assert seen.index("FAUX") == order.index("FAUX")
        else:
            assert seen == order


@pytest.mark.usefixtures("staff")
def test_a_page_goes_on_where_it_ended_whatever_became_of_its_last_line(bench: Bench) -> None:
    """Andréa's page is asked for after Dominique married: nobody is skipped, nobody comes twice."""
    page = bench.as_(EMPLOYER).get("/employees?limit=1").json
    with bench.running.working() as work:
        work.session.execute(text("UPDATE person SET last_name = 'ZEBRE', search_name = 'zebre dominique' WHERE search_name LIKE 'essai%'"))
    assert names(bench, after=page["next"]) == ["MAQUETTE", "ZEBRE"]
    assert named(bench, name="zeb") == ["ZEBRE"], "the copy that lists are ordered by follows the name"


@pytest.mark.usefixtures("staff")
def test_a_cursor_is_good_for_one_account_and_one_order_and_says_no_name(bench: Bench) -> None:
    after = bench.as_(EMPLOYER).get("/employees?limit=1").json["next"]
    for actor, asked in ((STRANGER, {}), (EMPLOYER, {"sort": "-name"}), (EMPLOYER, {"after": "é"}), (EMPLOYER, {"after": ""})):
        refused = bench.as_(actor).get("/employees", query_string={"after": after} | asked)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "after")
    assert bench.as_(EMPLOYER).get("/employees", query_string={"after": after}).status_code == 200
    assert "essai" not in after.lower()


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    "asked",
    [{"sort": "nir"}, {"limit": "1000000000"}, {"name": "a\x00b"}, {"name": "x" * 81}, {"after": "x" * 1001}, {"siren": "1"}],
    ids=str,
)
def test_what_is_no_filter_is_refused_where_it_stands(bench: Bench, asked: dict[str, str]) -> None:
    answer = bench.as_(EMPLOYER).post("/employees/search", json=asked)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, next(iter(asked)))


@pytest.mark.usefixtures("staff")
def test_a_person_is_found_by_her_number_by_whoever_may_read_it_and_never_in_an_address(bench: Bench) -> None:
    asked = {"nir": number(CHARLIE)}
    for actor in (EMPLOYER, MARIE):
        assert [line["last_name"] for line in bench.as_(actor).post("/employees/search", json=asked).json["items"]] == ["FAUX"]
    refused = bench.as_(PAUL).post("/employees/search", json=asked)
    assert (refused.status_code, refused.json["type"]) == (403, "/problemes/numeros-reserves")
    assert bench.as_(STRANGER).post("/employees/search", json=asked).json["items"] == []
    assert bench.audited().count("employee.sought") == 3
    with bench.running.engine.connect() as connection:
        trail = str(connection.execute(text("SELECT subject, details FROM audit")).all())
    assert CHARLIE["nir13"] not in trail


@pytest.mark.usefixtures("staff")
def test_a_number_is_sought_in_the_companies_where_it_may_be_read_and_no_other(bench: Bench) -> None:
    """Dominique works for both companies; in one of them the account is a mere user."""
    answer = bench.as_(BOTH).post("/employees/search", json={"nir": number(DOMINIQUE)}).json
    assert [line["establishment"]["siret"] for line in answer["items"]] == [SIRET]
    assert len(sought(bench, BOTH, name="essai")) == 2


@pytest.mark.usefixtures("staff")
def test_each_filter_offers_the_values_that_exist_in_the_perimeter(bench: Bench) -> None:
    found = bench.as_(EMPLOYER).get("/employees/filters").json
    assert found["companies"] == [{"value": SIREN, "label": "SOCIETE FICTIVE"}]
    assert found["establishments"] == [{"value": ELSEWHERE, "label": ELSEWHERE}, {"value": SIRET, "label": "RESTAURANT FICTIF"}]
    assert [one["value"] for one in found["contracts"]] == ["CADRES", CONTRACT]
    assert [one["label"] for one in found["statuses"]] == ["Actif", "En portabilité", "Terminé", "Tous"]
    assert [one["value"] for one in found["professional_statuses"]] == ["ACTIF NON CADRE"]
    assert (found["complete"], found["sees_nir"]) == (True, True)
    stranger = bench.as_(Actor(kind="employer", brand="hcr", account_id=uuid.uuid4(), grants={"732829320": "user"})).get(
        "/employees/filters"
    )
    assert (stranger.json["companies"], stranger.json["establishments"], stranger.json["contracts"]) == ([], [], [])
    assert [len(one["establishments"]) for one in (bench.as_(BOTH).get(f"/employees/filters?siren={OTHER}").json,)] == [1]


@pytest.mark.usefixtures("staff")
def test_one_employee_with_her_family_who_decided_and_what_comes_next(bench: Bench) -> None:
    """S1:292-295, S1:312-314: whom her rights cover too, without their birth dates nor their numbers."""
    lucie = bench.as_(EMPLOYER, on=TODAY)
    (dominique,) = sought(bench, name="essai")
    shown = lucie.get(f"/employees/{dominique['rights_id']}").json
    assert [(one["kinship_label"], one["first_name"], one["covered"]) for one in shown["dependents"]] == [
        ("Conjoint", "Alex", True),
        ("Enfant", "Lou", True),
    ]
    assert not {"birth_on", "nir_masked", "nir"} & set(shown["dependents"][0])
    assert [line["decided_by"] for line in shown["history"]] == ["Le bulletin d'affiliation du salarié"]
    assert [step["verb"] for step in shown["next_steps"]] == ["transmit", "ask"]
    assert shown["possible"] == [], "the payroll radiates"
    (charlie,) = lines(bench, status="ended")
    gone = lucie.get(f"/employees/{charlie['rights_id']}").json
    assert gone["history"][-1]["decided_by"] == "La paie de l'entreprise (DSN)"
    assert [step["verb"] for step in gone["next_steps"]] == ["ask", "affiliate"]
