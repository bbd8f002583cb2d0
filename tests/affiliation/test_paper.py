"""The bulletin that comes back on paper (S1:246), a journey begun again (S1:247), and the follow-up as a file."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from openpyxl import load_workbook

from chassis.actor import Actor
from events.affiliation import Finalised, Sent
from identifiers import paper
from tests.affiliation.people import CASEY, CHARLIE, DOMINIQUE, FORM, HELENE, RESTAURANT, VICTOR, House, received, released
from tests.affiliation.test_reminders import HANDLER

PAPER: dict[str, Any] = FORM | {"birth_on": "1980-04-04", "phone": "0639980001"}


def pieces(house: House, affiliation_id: str) -> None:
    for kind in ("rib", "attestation_droits"):
        house.bench.tell(released(affiliation_id, kind))


def test_casey_types_the_paper_form_in_and_the_rights_can_open(house: House) -> None:
    affiliation_id = house.declared(DOMINIQUE)
    pieces(house, affiliation_id)
    answer = house.as_(HANDLER).post(f"/affiliations/{affiliation_id}/paper", json=PAPER)
    assert (answer.status_code, answer.json["status_label"], answer.json["via_label"]) == (200, "Finalisé par le salarié", "Par papier")
    [fact] = house.bench.told(Finalised)
    assert (fact.via, fact.last_name.value, fact.iban.value) == ("paper", "ESSAI", FORM["iban"])
    again = house.as_(HANDLER).post(f"/affiliations/{affiliation_id}/paper", json=PAPER)
    assert again.status_code == 200
    assert len(house.bench.told(Finalised)) == 1


def test_a_paper_form_is_held_to_the_same_rules(house: House) -> None:
    affiliation_id = house.declared(DOMINIQUE)
    missing = house.as_(HANDLER).post(f"/affiliations/{affiliation_id}/paper", json={"address": "2 rue des Halles\n75001 PARIS"})
    assert (missing.status_code, missing.json["type"]) == (409, "/problemes/formulaire-incomplet")
    without = house.as_(HANDLER).post(f"/affiliations/{affiliation_id}/paper", json=PAPER)
    assert (without.status_code, without.json["type"]) == (409, "/problemes/pieces-manquantes")
    assert house.bench.told(Finalised) == []


def test_casey_finds_the_journey_by_the_code_under_the_symbol_and_the_paper_that_waits(house: House) -> None:
    """S1:228, S1:246: the code of the printed form leads to its journey, and what came back waits in a list, the oldest first."""
    affiliation_id, other = house.declared(DOMINIQUE), house.declared(CHARLIE)
    client, code = house.as_(HANDLER), paper.code(UUID(affiliation_id))
    for typed in (code, code.lower().replace("-", " ")):
        assert [line["id"] for line in client.get("/affiliations", query_string={"code": typed}).json["items"]] == [affiliation_id]
    wrong = client.get("/affiliations?code=AAAA-AAAA-AAB")
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "code")
    assert house.as_(VICTOR).get("/affiliations", query_string={"code": code}).json["items"] == []
    house.bench.tell(received(other, "bulletin"), received(affiliation_id, "bulletin"), received(affiliation_id, "rib"))
    page = client.get("/papers?limit=1").json
    assert [line["affiliation"]["id"] for line in page["items"]] == [other]
    rest = client.get("/papers", query_string={"after": page["next"]}).json
    assert [(line["affiliation"]["id"], line["state_label"]) for line in rest["items"]] == [(affiliation_id, "En cours de vérification")]
    pieces(house, affiliation_id)
    assert client.post(f"/affiliations/{affiliation_id}/paper", json=PAPER).status_code == 200
    assert [line["affiliation"]["id"] for line in client.get("/papers").json["items"]] == [other]
    assert house.as_(HELENE).get("/papers").status_code == 403


def test_casey_declares_from_the_paper_form_of_an_employer(house: House) -> None:
    """S1:208, S1:214 « à réception du formulaire de pré-affiliation »: the code names the establishment, the caseworker types the rest."""
    client = house.as_(HANDLER)
    assert client.get("/offers").json["items"] == []
    [offer] = client.get(f"/offers?siret={RESTAURANT}").json["items"]
    assert [place["siret"] for place in offer["establishments"]] == [RESTAURANT]
    created = client.post("/affiliations", json=DOMINIQUE)
    assert (created.status_code, created.json["status_label"]) == (201, "Envoyé à l'employé")
    assert [line["id"] for line in house.as_(HELENE).get("/affiliations").json["items"]] == [created.json["id"]]
    assert house.as_(CASEY).post("/affiliations", json=CHARLIE).status_code == 403


def test_only_a_caseworker_who_handles_takes_paper(house: House) -> None:
    affiliation_id = house.declared(DOMINIQUE)
    for actor in (CASEY, HELENE):
        assert house.as_(actor).post(f"/affiliations/{affiliation_id}/paper", json=PAPER).status_code == 403


def test_a_caseworker_abandons_where_the_brand_lets_her(house: House) -> None:
    affiliation_id = house.declared()
    answer = house.as_(HANDLER).post(f"/affiliations/{affiliation_id}/abandon", json={"reason": "Demande de l'entreprise"})
    assert (answer.status_code, answer.json["history"][-1]["by_label"]) == (200, "Gestionnaire")
    refused = house.as_(CASEY).post(f"/affiliations/{house.declared(CHARLIE)}/abandon", json={"reason": "x"})
    assert (refused.status_code, refused.json["type"]) == (403, "/problemes/acces-refuse")


def test_an_abandoned_journey_is_begun_again_and_remembers_where_it_comes_from(house: House) -> None:
    old = house.declared()
    client = house.as_(HELENE)
    early = client.post(f"/affiliations/{old}/restart", json={})
    assert (early.status_code, early.json["type"]) == (409, "/problemes/action-impossible")
    client.post(f"/affiliations/{old}/abandon", json={"reason": "x"})
    new = client.post(f"/affiliations/{old}/restart", json={"starts_on": "2026-02-15"})
    assert (new.status_code, new.json["restarts"], new.json["starts_on"], new.json["employee"]) == (
        201,
        old,
        "2026-02-15",
        "Dominique ESSAI",
    )
    assert len(house.bench.told(Sent)) == 2
    assert client.post(f"/affiliations/{old}/restart", json={}).status_code == 409
    assert house.as_(VICTOR).post(f"/affiliations/{old}/restart", json={}).status_code == 404


def test_the_follow_up_is_downloaded_with_its_columns_and_its_filters(house: House) -> None:
    house.declared(DOMINIQUE)
    house.declared(CHARLIE | {"first_name": "=CMD()"})
    answer = house.as_(HELENE).get("/affiliations/export.xlsx")
    assert "suivi-des-affiliations-2026-02-02.xlsx" in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.data))
    assert (book.properties.creator, book.properties.title) == (HELENE.name, "Suivi des affiliations")
    [titles, *lines] = book.active.iter_rows(values_only=True)
    assert titles == ("Siren", "Siret", "Etablissement", "Prénom Nom", "Média", "Statut", "Date", "Actions")
    assert {line[7].partition(",")[0] for line in lines} == {"Relancez le salarié"}
    assert [line[3] for line in lines] == ["=CMD() FAUX", "Dominique ESSAI"]
    assert all(cell.data_type == "s" for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows() for cell in row)
    post = house.as_(HELENE).get("/affiliations/export.xlsx?medium=post")
    assert load_workbook(io.BytesIO(post.data)).active.max_row == 2
    assert house.as_(VICTOR).get("/affiliations/export.xlsx").status_code == 200


def test_no_list_of_names_leaves_while_a_way_into_the_account_is_new(house: House) -> None:
    held = replace(HELENE, held_until=datetime.now(UTC) + timedelta(hours=1))
    assert house.as_(held).get("/affiliations/export.xlsx").status_code == 423


def test_the_follow_up_is_searched_by_name_and_medium(house: House) -> None:
    house.declared(DOMINIQUE)
    house.declared(CHARLIE)
    client = house.as_(HELENE)
    for asked, found in (
        ({"name": "éss"}, ["ESSAI"]),
        ({"name": "z"}, []),
        ({"medium": "post"}, ["FAUX"]),
        ({"name": "faux", "medium": "email"}, []),
        ({}, ["FAUX", "ESSAI"]),
    ):
        assert [line["last_name"] for line in client.post("/affiliations/search", json=asked).json["items"]] == found
    told = [len(house.as_(actor).post("/affiliations/search", json={"name": "ess"}).json["items"]) for actor in (CASEY, VICTOR)]
    assert told == [1, 0], "a caseworker who only reads may search; another company finds nobody"


def test_a_name_in_an_address_narrows_nothing(house: House) -> None:
    """It is no filter of an address, which logs keep: it goes in the body of a search."""
    house.declared(DOMINIQUE)
    assert len(house.as_(HELENE).get("/affiliations?name=z").json["items"]) == 1
    told = load_workbook(io.BytesIO(house.as_(HELENE).get("/affiliations/export.xlsx?name=z").data)).worksheets[0]
    assert told.max_row == 2
    refused = house.as_(HELENE).post("/affiliations/search", json={"name": "a\x00b", "nir": "1"})
    assert (refused.status_code, {error["field"] for error in refused.json["errors"]}) == (422, {"name", "nir"})


def test_what_one_brand_sent_is_not_begun_again_in_another(house: House) -> None:
    elsewhere = Actor(kind="employer", brand="klesia-pro", account_id=HELENE.account_id, grants=HELENE.grants)
    assert house.as_(elsewhere).get("/affiliations/export.xlsx").status_code == 200
    assert house.as_(elsewhere).post(f"/affiliations/{house.declared()}/restart", json={}).status_code == 404
