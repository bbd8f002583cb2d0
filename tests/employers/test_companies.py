"""The portfolio that caseworkers keep, and what each employer sees of it."""

import pytest

from chassis.testing import Bench
from events.employers import CompanyRegistered, EstablishmentRegistered
from tests.employers.people import COMPANY, NADIA, OTHER, OTHER_SIREN, OTHER_SIRET, SIREN, SIRET, YVES, employer, register


def test_nadia_registers_a_company_and_its_restaurant_and_everybody_is_told(bench: Bench):
    register(bench)
    assert bench.told(CompanyRegistered) == [
        CompanyRegistered(siren=SIREN, company_name="SOCIETE FICTIVE", insurer="klesia", emits_dsn=True)
    ]
    assert bench.told(EstablishmentRegistered) == [
        EstablishmentRegistered(siret=SIRET, siren=SIREN, establishment_name="RESTAURANT FICTIF")
    ]
    assert bench.audited() == ["company.registered", "establishment.registered"]


def test_lucie_sees_her_company_her_role_and_its_places(bench: Bench):
    register(bench)
    register(bench, OTHER, OTHER_SIRET)
    seen = bench.as_(employer()).get("/companies").json
    assert seen["next"] is None
    assert [(item["siren"], item["role"], item["emits_dsn"]) for item in seen["items"]] == [(SIREN, "administrator", True)]
    assert seen["items"][0]["establishments"] == [{"siret": SIRET, "name": "RESTAURANT FICTIF"}]


def test_nadia_turns_the_pages_of_the_whole_portfolio(bench: Bench):
    register(bench)
    register(bench, OTHER, OTHER_SIRET)
    desk = bench.as_(NADIA)
    first = desk.get("/companies?limit=1").json
    second = desk.get(f"/companies?limit=1&after={first['next']}").json
    assert sorted([SIREN, OTHER_SIREN]) == [first["items"][0]["siren"], second["items"][0]["siren"]]
    assert second["next"] is None
    assert first["items"][0]["role"] is None


def test_an_answer_never_shows_the_identifier_nor_the_contact(bench: Bench):
    created = bench.as_(NADIA).post("/companies", json=COMPANY)
    listed = bench.as_(NADIA).get("/companies")
    for answer in (created, listed):
        assert b"HCR-123456" not in answer.data
        assert b"compta@" not in answer.data


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"insurer": "inconnu"}, "insurer"),
        ({"brand": "inconnue"}, "brand"),
        ({"contact_email": None}, "contact_email"),
        ({"identifier": "--1--"}, "identifier"),
        ({"siren": "123456789"}, "siren"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_company_that_cannot_be_read_is_refused_by_the_name_of_its_field(bench: Bench, changes: dict[str, object], field: str):
    answer = bench.as_(NADIA).post("/companies", json={**COMPANY, **changes})
    assert (answer.status_code, [error["field"] for error in answer.json["errors"]]) == (422, [field])
    assert bench.told(CompanyRegistered) == []


def test_a_company_with_only_a_postal_address_may_be_registered(bench: Bench):
    company = {**COMPANY, "contact_email": None, "contact_address": "1 RUE DU TEST\n69003 LYON"}
    assert bench.as_(NADIA).post("/companies", json=company).status_code == 201


def test_a_company_may_be_registered_for_the_other_brand(bench: Bench):
    answer = bench.as_(NADIA).post("/companies", json={**COMPANY, "brand": "klesia-pro"})
    assert (answer.status_code, answer.json["brand"]) == (201, "klesia-pro")


def test_the_same_company_or_place_twice_is_refused(bench: Bench):
    register(bench)
    desk = bench.as_(NADIA)
    again = desk.post("/companies", json=COMPANY), desk.post(f"/companies/{SIREN}/establishments", json={"siret": SIRET, "name": "X"})
    assert [(answer.status_code, answer.json["type"]) for answer in again] == [(409, "/problemes/entreprise-deja-enregistree")] * 2


def test_a_place_of_another_company_is_refused(bench: Bench):
    register(bench)
    answer = bench.as_(NADIA).post(f"/companies/{SIREN}/establishments", json={"siret": OTHER_SIRET, "name": "X"})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "siret")


def test_yves_who_only_reads_registers_nothing(bench: Bench):
    register(bench)
    desk = bench.as_(YVES)
    assert desk.post("/companies", json=OTHER).status_code == 403
    assert desk.post(f"/companies/{SIREN}/establishments", json={"siret": SIRET, "name": "X"}).status_code == 403
    assert len(desk.get("/companies").json["items"]) == 1


def test_the_same_request_sent_twice_registers_once(bench: Bench):
    desk, key = bench.as_(NADIA), {"Idempotency-Key": "une-fois"}
    answers = [desk.post("/companies", json=COMPANY, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(bench.told(CompanyRegistered)) == 1


@pytest.mark.parametrize("path", ["/companies?after=%00", "/companies/12345678%00/habilitations", "/companies?limit=1e3"])
def test_an_address_that_no_database_reads_is_refused(bench: Bench, path: str):
    register(bench)
    assert bench.as_(NADIA).get(path).status_code in (404, 422)
