"""Lucie looks after her people: contract, search, views, file; and lets Paul in by degrees (S1:172-196, S1:251-308)."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from affilia.story import Story
from affilia.story.world import Visitor, eventually
from tests.journeys.houses import House
from tests.journeys.test_habilitations import PATIENCE_S, follow
from tests.journeys.test_story import opened

pytestmark = pytest.mark.timeout(600)
EMPLOYEES = "/api/members/employees"


def people(visitor: Visitor, query: str = "") -> list[str]:
    return [line["last_name"] for line in visitor.get(f"{EMPLOYEES}?{query}")["items"]]


def sheet(story: Story, query: str) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(story.employer.download(f"{EMPLOYEES}/export.xlsx?{query}")))
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_lucie_finds_her_people_keeps_a_view_takes_a_file_and_lets_paul_read_numbers(house: House):
    """S1:172-178, S1:182, S1:185-196, S1:251-295, S1:299-308; S1:138-146 for the right to read whole numbers."""
    story = opened(house, "employees")
    lucie, cast = story.employer, story.cast
    (contract,) = lucie.get("/api/members/contracts")["items"]
    assert (contract["reference"], contract["insurer"]["name"], contract["insured_covered"]) == (cast.contract, "KLESIA", 3)
    assert [told["plan"] for told in contract["contributions"] if told["in_force"]] == ["Famille", "Base"]
    offered = lucie.get(f"{EMPLOYEES}/filters")
    assert [one["value"] for one in offered["establishments"]] == [cast.restaurant]
    assert people(lucie, f"siren={cast.siren}&professional_status=ACTIF+NON+CADRE&sort=-name") == ["MAQUETTE", "FAUX", "ESSAI"]
    assert people(lucie, f"siret={cast.head_office}") == []
    numbered = lucie.post(f"{EMPLOYEES}/search", {"nir": cast.charlie.nir}, expect=200)["items"]
    assert [line["last_name"] for line in numbered] == ["FAUX"]
    named = lucie.post(f"{EMPLOYEES}/search", {"name": "maq", "siret": cast.restaurant, "sort": "-name"}, expect=200)["items"]
    assert [line["last_name"] for line in named] == ["MAQUETTE"]
    shown = lucie.get(f"{EMPLOYEES}/{numbered[0]['rights_id']}")
    assert (shown["company"]["siren"], shown["history"][0]["decided_by"]) == (cast.siren, "Le bulletin d'affiliation du salarié")
    lucie.post(f"{EMPLOYEES}/views", {"name": "Le restaurant", "filters": {"siret": cast.restaurant}, "sort": "-start", "is_default": True})
    assert [view["name"] for view in lucie.get(f"{EMPLOYEES}/views")["items"]] == ["Le restaurant"]
    told = sheet(story, f"siret={cast.restaurant}&dependents=true")
    assert (len(told["Salariés affiliés"]), told["Salariés affiliés"][1][3]) == (4, cast.dominique.nir)
    assert len(told["Ayants droit"]) >= 1
    let_paul_in(story)


def let_paul_in(story: Story) -> None:
    """A mere user at first, he reads no whole number; then his administrator lets him, and every service knows."""
    lucie, siren, email = story.employer, story.cast.siren, f"paul.nni{story.cast.tag}@tiers-declarant.example"
    guest = {"first_name": "Paul", "last_name": "ESSAI", "email": email, "grants": [{"siren": siren, "role": "user"}]}
    lucie.post("/api/employers/invitations", guest)
    paul = follow(story, email)
    eventually(lambda: people(paul), "Paul's list", PATIENCE_S)
    sought = {"nir": story.cast.charlie.nir}
    assert paul.post(f"{EMPLOYEES}/search", sought, expect=403)["type"] == "/problemes/numeros-reserves"
    assert paul.get(f"{EMPLOYEES}/export")["whole_numbers"] is False
    assert paul.get(f"{EMPLOYEES}/views")["items"] == []
    (his,) = (line["id"] for line in lucie.get("/api/employers/habilitations")["items"] if line["first_name"] == "Paul")
    lucie.put(f"/api/employers/habilitations/{his}", {"role": "user", "sees_nir": True})
    eventually(lambda: paul.get(f"{EMPLOYEES}/export")["whole_numbers"], "the right to read numbers", PATIENCE_S)
    assert len(paul.post(f"{EMPLOYEES}/search", sought, expect=200)["items"]) == 1
    assert paul.get("/api/employers/companies")["items"][0]["role"] == "user"
