"""Hélène declares newcomers (S1:200-218)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from events.affiliation import Sent
from tests.affiliation.people import (
    BISTROT,
    CHARLIE,
    CONTRACT,
    DOMINIQUE,
    FICTIVE,
    HELENE,
    RESTAURANT,
    House,
    contract,
)


def test_helene_is_offered_her_establishments_and_contracts_only(house: House) -> None:
    [offer] = house.as_(HELENE).get("/offers").json["items"]
    assert offer["siren"] == FICTIVE
    assert offer["establishments"] == [{"siret": RESTAURANT, "name": "RESTAURANT FICTIF"}]
    assert [one["reference"] for one in offer["contracts"]] == [CONTRACT]


def test_dominique_gets_an_email_and_charlie_a_letter(house: House) -> None:
    house.declared(DOMINIQUE)
    house.declared(CHARLIE)
    mail, letter = house.bench.told(Sent)
    assert (mail.medium, mail.email.value, mail.address) == ("email", "dominique@exemple.fr", None)
    assert (letter.medium, letter.email, letter.address.value) == ("post", None, "1 rue du Port\n29000 QUIMPER")
    assert mail.establishment_name == "RESTAURANT FICTIF"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"siret": BISTROT}, "siret"),
        ({"siret": "35600000000048"}, "siret"),
        ({"contract_reference": "VOISINE-1"}, "contract_reference"),
        ({"starts_on": "2017-12-31"}, "starts_on"),
        ({"starts_on": "2027-02-03"}, "starts_on"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"email": None}, "address"),
        ({"birth_on": "2026-02-03"}, "birth_on"),
        ({"nir": "280057599900528"}, "nir"),
        ({"nir": "280047599900500"}, "nir"),
        ({"first_name": "\u0000"}, "first_name"),
        ({"phone": "0102030405"}, "phone"),
    ],
)
def test_a_declaration_that_does_not_hold_is_refused_at_its_field(house: House, change: dict[str, str | None], field: str) -> None:
    answer = house.as_(HELENE).post("/affiliations", json=DOMINIQUE | change)
    assert answer.status_code == 422, answer.json
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert house.bench.told(Sent) == []


def test_an_establishment_of_somebody_else_is_an_unknown_one(house: House) -> None:
    foreign = house.as_(HELENE).post("/affiliations", json=DOMINIQUE | {"siret": BISTROT})
    missing = house.as_(HELENE).post("/affiliations", json=DOMINIQUE | {"siret": "35600000000048"})
    assert foreign.data == missing.data


def test_dominique_has_one_live_affiliation_to_a_contract(house: House) -> None:
    first = house.declared(DOMINIQUE)
    again = house.as_(HELENE).post("/affiliations", json=DOMINIQUE | {"last_name": "Éssai", "starts_on": "2026-03-01"})
    assert (again.status_code, again.json["type"]) == (409, "/problemes/affiliation-en-cours")
    assert "relancez-la" in again.json["detail"]
    assert house.as_(HELENE).post(f"/affiliations/{first}/abandon", json={"reason": "Erreur"}).status_code == 200
    house.declared(DOMINIQUE)
    assert len(house.bench.told(Sent)) == 2


def test_two_colleagues_who_declare_dominique_at_the_same_instant_make_one_affiliation(house: House) -> None:
    clients = [house.as_(HELENE) for _colleague in range(4)]
    with ThreadPoolExecutor(4) as colleagues:
        answers = list(colleagues.map(lambda client: client.post("/affiliations", json=DOMINIQUE).status_code, clients))
    assert sorted(answers) == [201, 409, 409, 409]
    assert len(house.bench.told(Sent)) == 1


def test_a_namesake_without_birth_date_is_a_likely_duplicate_told_not_refused(house: House) -> None:
    first = house.declared(DOMINIQUE)
    answer = house.as_(HELENE).post("/affiliations", json=DOMINIQUE | {"birth_on": None})
    assert answer.status_code == 201
    [warning] = answer.json["warnings"]
    assert warning["affiliation_id"] == first
    assert "« Envoyé à l'employé » le 02/02/2026" in warning["message"]


def test_two_namesakes_born_on_other_days_are_two_people(house: House) -> None:
    house.declared(DOMINIQUE)
    answer = house.as_(HELENE).post("/affiliations", json=DOMINIQUE | {"birth_on": "1990-10-10"})
    assert (answer.status_code, answer.json["warnings"]) == (201, [])


def test_the_same_person_on_a_second_contract_is_told(house: House) -> None:
    house.bench.tell(contract(reference="PREV-2", label="PREVOYANCE"))
    house.declared(DOMINIQUE)
    answer = house.as_(HELENE).post("/affiliations", json=DOMINIQUE | {"contract_reference": "PREV-2"})
    assert (answer.status_code, len(answer.json["warnings"])) == (201, 1)


def test_the_same_declaration_sent_twice_makes_one_affiliation(house: House) -> None:
    key = {"Idempotency-Key": "formulaire-1"}
    first = house.as_(HELENE).post("/affiliations", json=DOMINIQUE, headers=key)
    again = house.as_(HELENE).post("/affiliations", json=DOMINIQUE, headers=key)
    assert (first.status_code, first.json) == (201, again.json)
    assert len(house.bench.told(Sent)) == 1
