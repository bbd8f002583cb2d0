"""Lucie's newcomers, from their declaration to their rights, by every way of the guide: form, file, paper, mail, post (S1:198-249)."""

from datetime import date
from typing import Any

import pytest

from affilia.story import Cast, activation, papers, prologue
from affilia.story.story import Story
from affilia.story.world import Unexpected, Visitor, eventually, token_of
from identifiers import invented
from tests.documents.papers import scanned
from tests.journeys.houses import House

AFFILIATIONS, JOURNEY = "/api/affiliation/affiliations", "/api/affiliation/journey"
BORN = date(1990, 2, 28)
COLUMNS = ["Siren", "Siret", "Etablissement", "Prénom Nom", "Média", "Statut", "Date", "Actions"]


@pytest.fixture(scope="module")
def story(house: House) -> Story:
    """A company whose administrator is signed in, and whose contract is on offer."""
    story = house.story(Cast.invented("parcours"))
    prologue(story)
    activation(story)
    eventually(lambda: [one for one in story.employer.get("/api/affiliation/offers")["items"] if one["contracts"]], "the contract")
    return story


def newcomer(story: Story, last_name: str, **more: Any) -> dict[str, Any]:
    known = {"siret": story.cast.restaurant, "contract_reference": story.cast.contract, "professional_status": "ACTIF NON CADRE"}
    return known | {"starts_on": "2026-02-01", "first_name": "Lou", "last_name": last_name, "birth_on": str(BORN)} | more


def line(story: Story, affiliation_id: str) -> dict[str, Any]:
    return dict(story.employer.get(f"{AFFILIATIONS}/{affiliation_id}"))


def form(seed: str) -> dict[str, Any]:
    nir = invented.nir(seed, BORN)
    return {"nir": nir, "birth_on": str(BORN), "iban": papers.iban(seed), "address": "3 rue du Test\n69003 LYON", "phone": "0639980009"}


def filed(desk: Visitor, kind: str, content: bytes, **more: str) -> dict[str, Any]:
    return dict(desk.call("POST", "/api/documents/files", 201, fields={"kind": kind, "file": (f"{kind}.pdf", content), **more}))


def entered(story: Story, token: str) -> Visitor:
    visitor = story.world.visitor("assure")
    visitor.token = visitor.post("/api/identity/access", {"token": token})["token"]
    return visitor


def test_newcomers_are_declared_by_a_form_a_file_and_a_paper(story: Story):
    """S1:204-208: checked while it is typed, a file whole or not at all, a form to print that the desk types in."""
    lucie, desk = story.employer, story.at_the_desk()
    checked = lucie.post(f"{AFFILIATIONS}/checks", {"siret": story.cast.restaurant, "starts_on": "2036-01-01"}, expect=200)
    assert [error["field"] for error in checked["errors"]] == ["starts_on"]
    template = lucie.download(f"{AFFILIATIONS}/file/template?format=csv")
    known = f"{story.cast.restaurant};{story.cast.contract};Cadre;01/02/2026"
    good, wrong = (
        f"{known};Ana;FICHIER;29/02/1992;;ana.{story.cast.siren}@exemple.example;",
        f"{known};Bob;FICHIER;30/02/1992;;b@exemple.fr;",
    )
    refused = lucie.call("POST", f"{AFFILIATIONS}/file", 422, fields={"file": ("n.csv", template + f"{good}\r\n{wrong}".encode())})
    assert [(error["line"], error["field"]) for error in refused["errors"]] == [(3, "birth_on")]
    assert lucie.post(f"{AFFILIATIONS}/search", {"name": "fichier"}, expect=200)["items"] == []
    assert lucie.call("POST", f"{AFFILIATIONS}/file", 201, fields={"file": ("n.csv", template + good.encode())})["taken"] == 1
    assert lucie.download(f"{AFFILIATIONS}/form.pdf?siret={story.cast.restaurant}").startswith(b"%PDF")
    scan = filed(desk, "bulletin", scanned(f"PRE1:{story.cast.restaurant}"))
    assert scan["owner"] == f"company:{story.cast.siren}"
    assert desk.post(AFFILIATIONS, newcomer(story, "PAPIER", email="lou@exemple.example"))["status_label"] == "Envoyé à l'employé"
    assert [row["last_name"] for row in lucie.get(f"{AFFILIATIONS}?medium=email")["items"]] == ["PAPIER", "FICHIER"]


def test_a_letter_is_answered_on_paper_and_the_rights_open(story: Story):
    """S1:214-216 without an e-mail, by post, and downloaded from the follow-up; S1:228 back by post with its pieces; S1:246, S1:255."""
    lucie, desk = story.employer, story.at_the_desk()
    created = lucie.post(AFFILIATIONS, newcomer(story, "COURRIER", address="3 rue du Test\n69003 LYON"))
    assert (created["medium_label"], created["status_label"]) == ("Courrier postal", "Envoyé à l'employé")
    letter = story.world.caught("COURRIER", "post")
    printed = lucie.download(f"{AFFILIATIONS}/{created['id']}/bulletin.pdf")
    assert printed.startswith(b"%PDF")
    assert letter["code"].encode() not in printed
    assert filed(desk, "bulletin", scanned(f"AFF1:{created['id']}", "PDF"))["owner"] == f"affiliation:{created['id']}"
    waiting = eventually(lambda: desk.get("/api/affiliation/papers")["items"], "the paper that waits")
    assert [one["affiliation"]["id"] for one in waiting] == [created["id"]]
    assert [one["id"] for one in desk.get(f"{AFFILIATIONS}?code={created['code']}")["items"]] == [created["id"]]
    for kind in ("rib", "attestation_droits"):
        filed(desk, kind, papers.pdf(kind), owner=f"affiliation:{created['id']}")
    done = eventually(lambda: registered(desk, created["id"]), "the pieces to be released")
    assert (done["status_label"], done["via_label"]) == ("Finalisé par le salarié", "Par papier")
    assert desk.get("/api/affiliation/papers")["items"] == []
    assert eventually(lambda: story.employee("COURRIER"), "the affiliated employee")["status"] == "active"


def registered(desk: Visitor, affiliation_id: str) -> dict[str, Any] | None:
    """The paper form typed in, once its pieces are there."""
    try:
        return dict(desk.post(f"{AFFILIATIONS}/{affiliation_id}/paper", form("courrier"), expect=200))
    except Unexpected:
        return None


def test_a_form_is_begun_on_two_devices_abandoned_and_begun_again(story: Story):
    """S1:214, S1:224 by mail; S1:238-247 the columns and the four states word for word; S1:247 begun again; S1:249 reminded."""
    lucie, email = story.employer, f"lou.{story.cast.siren}@exemple.example"
    created = lucie.post(AFFILIATIONS, newcomer(story, "LIGNE", email=email))
    asked = {"name": "ligne", "from_on": str(story.world.on), "status": "sent", "siret": story.cast.restaurant}
    page = lucie.post(f"{AFFILIATIONS}/search", asked, expect=200)
    assert [column["label"] for column in page["columns"]] == COLUMNS
    [row] = page["items"]
    assert (row["medium_label"], row["status_label"]) == ("Email", "Envoyé à l'employé")
    lou = entered(story, token_of(story.world.caught(email, "email")))
    assert [piece["reason"] != "" for piece in lou.post(f"{JOURNEY}/start", expect=200)["pieces"]] == [True, True]
    lou.put(f"{JOURNEY}/draft", {"phone": "0639980001", "version": 0})
    late = lou.call("PUT", f"{JOURNEY}/draft", 409, json={"phone": "0639980002", "version": 0})
    assert [error["field"] for error in late["errors"]] == ["phone"]
    assert lou.put(f"{JOURNEY}/draft", {"iban": papers.iban("ligne"), "version": 0})["version"] == 2
    assert line(story, created["id"])["status_label"] == "Démarré par le salarié"
    assert lucie.post(f"{AFFILIATIONS}/{created['id']}/relaunch", expect=200)["history"][-1]["verb"] == "relaunch"
    assert lucie.post(f"{AFFILIATIONS}/{created['id']}/relaunch", expect=409)["type"] == "/problemes/relance-trop-tot"
    ended = lucie.post(f"{AFFILIATIONS}/{created['id']}/abandon", {"reason": "Départ"}, expect=200)
    assert (ended["status_label"], [action["verb"] for action in ended["actions"]]) == ("Abandonné", ["restart"])
    again = lucie.post(f"{AFFILIATIONS}/{created['id']}/restart", {})
    assert (again["restarts"], again["employee"], again["status_label"]) == (created["id"], "Lou LIGNE", "Envoyé à l'employé")
