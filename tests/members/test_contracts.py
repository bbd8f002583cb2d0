"""« Mes contrats »: what an employer reads of what covers her people (S1:182)."""

import uuid
from datetime import date
from typing import Any

import pytest

from chassis.actor import Actor
from chassis.testing import Bench
from tests.members.people import (
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
    declaration,
    employment,
    ends,
    finalised,
    settle_in,
    spouse,
)

TODAY = date(2026, 7, 1)
BASE = {"plan": "Base", "employer_share": "la moitié", "employee_share": "la moitié"}
EXECUTIVES = CONTRACT_FORM | {
    "reference": "SANTE-EX-0002",
    "label": "BASE CCN HCR CADRES",
    "insurer_name": "KLESIA Mutuelle",
    "populations": ["Cadres", "Assimilés cadres"],
    "plans": [{"label": "Base", "description": "Le salarié seul"}],
    "contributions": [
        BASE | {"amount": "26,00 € par mois", "starts_on": "2025-01-01"},
        BASE | {"amount": "28,00 € par mois", "starts_on": "2026-01-01"},
        BASE | {"amount": "30,00 € par mois", "starts_on": "2027-01-01"},
    ],
    "sirets": [SIRET],
}


@pytest.fixture
def portfolio(bench: Bench) -> None:
    """Two contracts; Dominique and her spouse are covered by the first, Charlie was until June."""
    settle_in(bench)
    assert bench.as_(CASEWORKER).post("/contracts", json=EXECUTIVES).status_code == 201
    bench.tell(finalised(DOMINIQUE, dependents=(spouse(),)), finalised(CHARLIE, date(2018, 3, 1)))
    bench.tell(ends(declaration(1), employment(CHARLIE, date(2018, 3, 1), "00007"), motive="088"))


def listed(bench: Bench, actor: Actor = EMPLOYER, **asked: str) -> list[dict[str, Any]]:
    answer = bench.as_(actor, on=TODAY).get("/contracts", query_string=asked)
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


@pytest.mark.usefixtures("portfolio")
def test_lucie_reads_what_covers_her_people_what_it_costs_and_how_many_it_covers(bench: Bench) -> None:
    """S1:182."""
    base, executives = listed(bench)
    assert (base["reference"], base["company"]["name"], base["insurer"]) == (
        CONTRACT,
        "SOCIETE FICTIVE",
        {"code": "P9999", "name": "klesia"},
    )
    assert (base["insured_covered"], base["dependents_covered"], base["populations"]) == (1, 1, ["NC"])
    assert executives["insurer"]["name"] == "KLESIA Mutuelle"
    assert executives["populations"] == ["Cadres", "Assimilés cadres"]
    assert (executives["insured_covered"], executives["starts_on"]) == (0, "2018-01-01")
    costs = [(told["amount"], told["starts_on"], told["in_force"]) for told in executives["contributions"]]
    assert costs == [
        ("30,00 € par mois", "2027-01-01", False),
        ("28,00 € par mois", "2026-01-01", True),
        ("26,00 € par mois", "2025-01-01", False),
    ]


@pytest.mark.usefixtures("portfolio")
def test_a_contract_covers_the_whole_company_or_the_establishments_it_names(bench: Bench) -> None:
    from events.employers import EstablishmentRegistered

    bench.tell(EstablishmentRegistered(siret=ELSEWHERE, siren=SIREN, establishment_name="HOTEL FICTIF"))
    base, executives = listed(bench)
    assert (base["whole_company"], [place["siret"] for place in base["establishments"]]) == (True, [SIRET, ELSEWHERE])
    assert (executives["whole_company"], [place["siret"] for place in executives["establishments"]]) == (False, [SIRET])


@pytest.mark.usefixtures("portfolio")
def test_contracts_come_page_by_page_and_one_by_one(bench: Bench) -> None:
    lucie = bench.as_(EMPLOYER, on=TODAY)
    first = lucie.get("/contracts?limit=1").json
    second = lucie.get(f"/contracts?limit=1&after={first['next']}").json
    assert [page["items"][0]["reference"] for page in (first, second)] == [CONTRACT, "SANTE-EX-0002"]
    assert second["next"] is None
    assert lucie.get(f"/contracts/{first['items'][0]['contract_id']}").json == first["items"][0]


@pytest.mark.usefixtures("portfolio")
def test_another_company_reads_nothing_and_a_foreign_contract_is_as_missing(bench: Bench) -> None:
    mine = listed(bench)[0]["contract_id"]
    stranger = bench.as_(STRANGER)
    assert stranger.get("/contracts").json == stranger.get(f"/contracts?siren={SIREN}").json == {"items": [], "next": None}
    assert stranger.get(f"/contracts?after={mine}").json == {"items": [], "next": None}
    foreign, missing = stranger.get(f"/contracts/{mine}"), stranger.get(f"/contracts/{uuid.uuid4()}")
    assert (foreign.status_code, foreign.data) == (404, missing.data)


def test_a_contract_names_no_establishment_of_another_company(bench: Bench) -> None:
    refused = bench.as_(CASEWORKER).post("/contracts", json=EXECUTIVES | {"sirets": ["55210055400013"]})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "sirets")
