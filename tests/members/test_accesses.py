"""« Qui a ouvert mon dossier »: the member sees each look at what is hers, in every service, by whom, never a reader's name."""

import uuid

import pytest
from msgspec.structs import replace

from chassis.actor import Actor
from chassis.testing import Bench
from events.accesses import FileOpened
from events.affiliation import AffiliationOpened
from events.documents import DocumentOpened
from events.members import PersonRegistered
from events.messaging import ThreadOpened
from tests.members.people import (
    CASEWORKER,
    CHARLIE,
    DOMINIQUE,
    EMPLOYER,
    SIREN,
    STRANGER,
    declaration,
    employment,
    ends,
    finalised,
    settle_in,
)

READ = ("thread.read", "document.read", "bulletin.read", "affiliations.read")


@pytest.fixture
def people(bench: Bench) -> dict[str, Actor]:
    """Dominique and Charlie are covered at the same place; each as they sign in."""
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE))
    known = {fact.first_name.value: fact.subject for fact in bench.told(PersonRegistered)}
    return {name: person(reference) for name, reference in known.items()}


def person(reference: str) -> Actor:
    return Actor(kind="member", brand="hcr", space="assure", account_id=uuid.uuid4(), reference=reference, strong=True)


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
    (line, *_others) = seen(bench, people["Dominique"])
    assert set(line) == {"at", "role", "role_label", "profile_label", "organisation", "what", "what_label"}
    assert line["profile_label"] == "Administrateur"


def opened_elsewhere(about: str, affiliation_id: uuid.UUID) -> list[FileOpened]:
    """What three services tell of one person: a conversation and a file by caseworkers, an affiliation and its list by the employer."""
    hers, by_lucie = f"affiliation:{affiliation_id}", {"reader": "employer", "role": "user", "scopes": (SIREN,)}
    return [
        ThreadOpened(about=about, what="thread", reader="caseworker", role="handle"),
        DocumentOpened(about=hers, what="document", reader="caseworker", role="read"),
        AffiliationOpened(about=hers, what="bulletin", **by_lucie),
        AffiliationOpened(about="siret:*", what="affiliations", **by_lucie),
    ]


def test_what_other_services_showed_of_dominique_is_in_the_same_list_and_charlie_only_sees_the_list(bench: Bench):
    settle_in(bench)
    affiliation_id = uuid.uuid4()
    bench.tell(finalised(DOMINIQUE, affiliation_id=affiliation_id), finalised(CHARLIE))
    people = {fact.first_name.value: person(fact.subject) for fact in bench.told(PersonRegistered)}
    bench.tell(*opened_elsewhere(people["Dominique"].reference, affiliation_id))
    lines = {line["what"]: line for line in seen(bench, people["Dominique"])}
    assert [(lines[what]["role_label"], lines[what]["profile_label"], lines[what]["organisation"]) for what in READ] == [
        ("Un conseiller", "Gestionnaire", "HCR Bien-Être"),
        ("Un conseiller", "Consultation seule", "HCR Bien-Être"),
        ("Votre employeur", "Utilisateur", "SOCIETE FICTIVE"),
        ("Votre employeur", "Utilisateur", "SOCIETE FICTIVE"),
    ]
    assert [line["what"] for line in seen(bench, people["Charlie"])] == ["affiliations.read", "person.registered"]


def test_what_another_brand_showed_is_not_in_this_one(bench: Bench, people: dict[str, Actor]):
    bench.tell(ThreadOpened(about=people["Dominique"].reference, what="thread", reader="caseworker"), brand="klesia-pro")
    assert "thread.read" not in {line["what"] for line in seen(bench, people["Dominique"])}


def test_pages_follow_one_another_without_a_gap(bench: Bench, people: dict[str, Actor]):
    for _ in range(5):
        look(bench, "ESSAI")
    whole = seen(bench, people["Dominique"])
    first = bench.as_(people["Dominique"]).get("/me/accesses?limit=3").json
    assert first["items"] + seen(bench, people["Dominique"], f"?after={first['next']}") == whole


@pytest.mark.parametrize("query", ["?after=0", "?after=x", "?limit=0", "?limit=1000", "?after=99999999999999999999"])
def test_a_page_that_cannot_be_is_refused(bench: Bench, people: dict[str, Actor], query: str):
    assert bench.as_(people["Dominique"]).get(f"/me/accesses{query}").status_code == 422
