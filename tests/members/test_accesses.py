"""« Qui a consulté mon dossier »: the member sees each look at what is hers, by whom, never a colleague's name."""

import uuid

import pytest
from msgspec.structs import replace

from chassis.actor import Actor
from chassis.testing import Bench
from events.members import PersonRegistered
from tests.members.people import CASEWORKER, CHARLIE, DOMINIQUE, EMPLOYER, STRANGER, declaration, employment, ends, finalised, settle_in


@pytest.fixture
def people(bench: Bench) -> dict[str, Actor]:
    """Dominique and Charlie are covered at the same place; each as they sign in."""
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE))
    known = {fact.first_name.value: fact.subject for fact in bench.told(PersonRegistered)}
    return {
        name: Actor(kind="member", brand="hcr", space="assure", account_id=uuid.uuid4(), reference=reference, strong=True)
        for name, reference in known.items()
    }


def seen(bench: Bench, who: Actor, query: str = "") -> list[dict[str, str]]:
    answer = bench.as_(who).get(f"/me/accesses{query}")
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


def look(bench: Bench, last_name: str) -> None:
    """The employer opens the file of one employee."""
    (line,) = (line for line in bench.as_(EMPLOYER).get("/employees").json["items"] if line["last_name"] == last_name)
    assert bench.as_(EMPLOYER).get(f"/employees/{line['rights_id']}").status_code == 200


def test_dominique_sees_that_her_employer_looked_and_charlie_does_not(bench: Bench, people: dict[str, Actor]):
    look(bench, "ESSAI")
    (line, *_before) = seen(bench, people["Dominique"])
    assert (line["role_label"], line["organisation"]) == ("Votre employeur", "SOCIETE FICTIVE")
    assert line["what"] == "employee.seen"
    assert "employee.seen" not in {line["what"] for line in seen(bench, people["Charlie"])}


def test_an_export_is_told_to_everybody_its_list_covered(bench: Bench, people: dict[str, Actor]):
    for query in ("", "?siret=12345678200010"):
        assert bench.as_(EMPLOYER).get(f"/employees/export.xlsx{query}").status_code == 200
    assert bench.as_(STRANGER).get("/employees/export.xlsx").status_code == 200
    for person in people.values():
        told = [line for line in seen(bench, person) if line["what"] == "employees.exported"]
        assert [line["organisation"] for line in told] == ["SOCIETE FICTIVE"] * 2, "the stranger's list held nobody of ours"


def test_the_act_of_a_caseworker_from_another_brand_is_told_too(bench: Bench, people: dict[str, Actor]):
    bench.tell(ends(declaration(1), employment(DOMINIQUE)))
    path = f"/persons/{people['Dominique'].reference.removeprefix('person:')}/portability-proof"
    proved = bench.as_(replace(CASEWORKER, brand="klesia-pro")).post(path, json={"received_on": "2026-07-01"})
    assert proved.status_code == 204, proved.json
    assert ("portability.proved", "Un conseiller") in {(line["what"], line["role_label"]) for line in seen(bench, people["Dominique"])}


def test_a_caseworkers_act_is_told_as_a_conseiller(bench: Bench, people: dict[str, Actor]):
    person_id = people["Dominique"].reference.removeprefix("person:")
    refused = bench.as_(CASEWORKER).post(f"/persons/{person_id}/portability-proof", json={"received_on": "2026-07-01"})
    assert refused.status_code == 409
    assert {line["role"] for line in seen(bench, people["Dominique"])} <= {"system"}, "what was refused is no access"


def test_nobody_is_named(bench: Bench, people: dict[str, Actor]):
    look(bench, "ESSAI")
    text = bench.as_(people["Dominique"]).get("/me/accesses").text
    assert str(EMPLOYER.account_id) not in text
    assert set(seen(bench, people["Dominique"])[0]) == {"at", "role", "role_label", "organisation", "what", "what_label"}


def test_pages_follow_one_another_without_a_gap(bench: Bench, people: dict[str, Actor]):
    for _ in range(5):
        look(bench, "ESSAI")
    whole = seen(bench, people["Dominique"])
    first = bench.as_(people["Dominique"]).get("/me/accesses?limit=3").json
    assert first["items"] + seen(bench, people["Dominique"], f"?after={first['next']}") == whole


@pytest.mark.parametrize("query", ["?after=0", "?after=x", "?limit=0", "?limit=1000", "?after=99999999999999999999"])
def test_a_page_that_cannot_be_is_refused(bench: Bench, people: dict[str, Actor], query: str):
    assert bench.as_(people["Dominique"]).get(f"/me/accesses{query}").status_code == 422
