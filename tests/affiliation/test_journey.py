"""Dominique opens the form, saves it from two devices, joins pieces and finalises (S1:220-247)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chassis.actor import Actor
from chassis.ids import uuid7
from events.affiliation import ContactGiven, Finalised, Started
from events.documents import Refused
from tests.affiliation.people import (
    CHARLIE,
    CHILD,
    DOMINIQUE,
    FORM,
    HELENE,
    NIR_OF_DOMINIQUE,
    SPOUSE,
    TODAY,
    House,
    applicant,
    received,
    released,
)

CERTIFIED = {"certified": True}
BANKED = "FR7630006000011234567890189"


def test_dominique_finds_what_the_employer_declared_but_not_the_nir(house: House) -> None:
    affiliation_id = house.declared(DOMINIQUE | {"nir": NIR_OF_DOMINIQUE})
    journey = house.as_(applicant(affiliation_id)).get("/journey").json
    assert journey["draft"]["first_name"] == "Dominique"
    assert journey["draft"]["nir"] is None
    assert journey["version"] == 0
    assert [action["verb"] for action in journey["actions"]] == ["start"]
    assert [piece["kind"] for piece in journey["pieces"]] == ["rib", "attestation_droits"]
    assert all(piece["reason"] and piece["state"] == "waiting" for piece in journey["pieces"])


def test_starting_twice_starts_once(house: House) -> None:
    _affiliation_id, dominique = house.started()
    again = dominique.post("/journey/start")
    assert (again.status_code, again.json["affiliation"]["status_label"]) == (200, "Démarré par le salarié")
    assert [action["verb"] for action in again.json["actions"]] == ["save_draft", "finalise"]
    assert again.json["openings"] == ["journey", "form", "period"]
    assert len(house.bench.told(Started)) == 1
    assert house.bench.audited() == ["affiliation.pre_affiliate", "affiliation.start"]


def test_a_draft_is_not_saved_before_starting(house: House) -> None:
    refused = house.as_(applicant(house.declared())).put("/journey/draft", json=FORM)
    assert (refused.status_code, refused.json["type"]) == (409, "/problemes/action-impossible")
    assert "« Envoyé à l'employé »" in refused.json["detail"]


def test_the_draft_is_found_again_on_another_device_and_only_the_given_values_change(house: House) -> None:
    affiliation_id, telephone = house.started()
    assert telephone.put("/journey/draft", json=FORM | {"dependents": [CHILD]}).json["version"] == 1
    laptop = house.as_(applicant(affiliation_id))
    saved = laptop.put("/journey/draft", json={"phone": "06 39 98 00 01", "address": None}).json
    assert saved["version"] == 2
    assert (saved["draft"]["phone"], saved["draft"]["address"]) == ("+33639980001", None)
    assert (saved["draft"]["iban"], saved["draft"]["dependents"][0]["first_name"]) == (FORM["iban"], "Noa")


@pytest.mark.parametrize("say", [{"json": {"version": 1}}, {"headers": {"If-Match": '"1"'}}, {"headers": {"If-Match": "1"}}])
def test_a_device_that_is_late_does_not_overwrite_the_other(house: House, say: dict[str, Any]) -> None:
    _affiliation_id, telephone = house.started()
    for phone in ("0639980001", "0639980002"):
        telephone.put("/journey/draft", json={"phone": phone})
    late = telephone.put("/journey/draft", json={"phone": "0639980003"} | say.get("json", {}), headers=say.get("headers"))
    assert (late.status_code, late.json["type"], late.json["version"]) == (409, "/problemes/brouillon-modifie", 2)
    assert [error["field"] for error in late.json["errors"]] == ["phone"]
    assert late.json["detail"].startswith("Rechargez la page")
    assert telephone.get("/journey").json["draft"]["phone"] == "+33639980002"
    in_time = telephone.put("/journey/draft", json={"phone": "0639980003", "version": 2})
    assert in_time.json["version"] == 3


def test_two_devices_that_change_other_things_lose_nothing(house: House) -> None:
    affiliation_id, telephone = house.started()
    laptop = house.as_(applicant(affiliation_id))
    assert telephone.put("/journey/draft", json={"phone": "0639980001", "version": 0}).json["version"] == 1
    both = laptop.put("/journey/draft", json={"iban": BANKED, "version": 0}).json
    assert (both["version"], both["draft"]["phone"], both["draft"]["iban"]) == (2, "+33639980001", BANKED)
    same = telephone.put("/journey/draft", json={"iban": BANKED, "version": 1})
    assert same.status_code == 200, "the same value twice is no conflict"


def test_the_bank_of_an_iban_is_named(house: House) -> None:
    _affiliation_id, dominique = house.started()
    assert dominique.get("/journey").json["bank"] is None
    assert dominique.put("/journey/draft", json={"iban": BANKED}).json["bank"] == "CREDIT AGRICOLE SA"


@pytest.mark.parametrize("tag", ['"abc"', "\u00b2", "99999999999", ""])
def test_a_version_that_is_not_a_number_is_explained(house: House, tag: str) -> None:
    _affiliation_id, client = house.started()
    answer = client.put("/journey/draft", json=FORM, headers={"If-Match": tag})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "If-Match")


def test_an_email_given_is_told_once_per_change(house: House) -> None:
    _affiliation_id, charlie = house.started(CHARLIE)
    for email in ("charlie@exemple.fr", "Charlie@Exemple.fr", None, "charlie@exemple.fr", "faux@exemple.fr"):
        assert charlie.put("/journey/draft", json={"email": email}).status_code == 200
    assert [fact.email.value for fact in house.bench.told(ContactGiven)] == ["charlie@exemple.fr", "faux@exemple.fr"]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"nir": "1"}, "nir"),
        ({"iban": "FR7612345"}, "iban"),
        ({"birth_on": "04/04/1980"}, "birth_on"),
        ({"dependents": [{"first_name": "Noa"}]}, "dependents.0.kinship"),
        ({"dependents": [{"kinship": "cat"}]}, "dependents.0.kinship"),
        ({"dependents": None}, "dependents"),
        ({"dependents": [CHILD] * 21}, "dependents"),
        ({"salary": 1}, "salary"),
        ({"version": "x"}, "version"),
        ({"version": 2**40}, "version"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_at_its_field(house: House, draft: dict[str, Any], field: str) -> None:
    _affiliation_id, dominique = house.started()
    answer = dominique.put("/journey/draft", json=draft)
    assert answer.status_code == 422, answer.json
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert dominique.get("/journey").json["version"] == 0


def test_a_form_sent_too_early_is_told_all_it_lacks(house: House) -> None:
    _affiliation_id, charlie = house.started(CHARLIE)
    charlie.put("/journey/draft", json={"dependents": [{"kinship": "spouse", "first_name": "Alix"}]})
    refused = charlie.post("/journey/finalise", json=CERTIFIED)
    assert (refused.status_code, refused.json["type"]) == (409, "/problemes/formulaire-incomplet")
    fields = [error["field"] for error in refused.json["errors"]]
    assert fields == ["birth_on", "nir", "iban", "dependents.0.last_name", "dependents.0.birth_on"]
    assert refused.json["detail"].startswith("Informations à compléter ou à corriger : 5.")


def test_a_nir_of_another_month_keeps_the_form_from_leaving(house: House) -> None:
    _affiliation_id, dominique = house.ready()
    dominique.put("/journey/draft", json={"birth_on": "1980-05-04"})
    refused = dominique.post("/journey/finalise", json=CERTIFIED)
    assert refused.status_code == 409
    assert [error["field"] for error in refused.json["errors"]] == ["nir"]


def test_a_form_without_its_pieces_is_told_which_and_where_each_stands(house: House) -> None:
    affiliation_id, dominique = house.started()
    dominique.put("/journey/draft", json=FORM | {"dependents": [SPOUSE]})
    blurred = {"owner": f"affiliation:{affiliation_id}", "kind": "attestation_droits"}
    house.bench.tell(
        received(affiliation_id, "rib"),
        Refused(document_id=uuid7(), reason="Ce fichier est illisible.", **blurred),
    )
    refused = dominique.post("/journey/finalise", json=CERTIFIED)
    assert (refused.status_code, refused.json["type"]) == (409, "/problemes/pieces-manquantes")
    assert [error["field"] for error in refused.json["errors"]] == [
        "pieces.rib",
        "pieces.attestation_droits",
        "pieces.attestation_droits_conjoint",
    ]
    assert "vérification du fichier est en cours" in refused.json["detail"]
    assert "Ce fichier est illisible." in refused.json["detail"]
    pieces = {piece["kind"]: (piece["state_label"], piece["refusal"]) for piece in dominique.get("/journey").json["pieces"]}
    assert pieces["attestation_droits"] == ("Refusée", "Ce fichier est illisible.")


def test_a_document_told_out_of_order_ends_in_the_same_place(house: House) -> None:
    affiliation_id, dominique = house.started()
    document_id = uuid7()
    house.bench.tell(released(affiliation_id, "rib", document_id))
    house.bench.tell(received(affiliation_id, "rib", document_id))
    assert dominique.get("/journey").json["pieces"][0]["state"] == "received"


def test_a_document_of_somebody_else_changes_nothing(house: House) -> None:
    _affiliation_id, dominique = house.started()
    for owner in ("affiliation:nobody", "person:01890a5d-ac96-774b-bcce-b302099a8057", f"affiliation:{uuid7()}"):
        house.bench.tell(released(owner.removeprefix("affiliation:"), "rib"))
    assert dominique.get("/journey").json["pieces"][0]["state"] == "waiting"
    assert house.bench.parked() == []


def test_dominique_finalises_with_a_family_and_members_is_told_everything(house: House) -> None:
    affiliation_id, dominique = house.ready()
    dominique.put("/journey/draft", json={"dependents": [SPOUSE, CHILD], "email": "dominique@exemple.fr"})
    house.bench.tell(released(affiliation_id, "attestation_droits_conjoint"))
    for _time in range(2):
        answer = dominique.post("/journey/finalise", json=CERTIFIED)
        assert (answer.status_code, answer.json["affiliation"]["status_label"]) == (200, "Finalisé par le salarié")
    [fact] = house.bench.told(Finalised)
    assert (fact.nir.value, fact.iban.value, fact.birth_on.value) == (NIR_OF_DOMINIQUE, FORM["iban"], "1980-04-04")
    assert (fact.contract_reference, fact.professional_status, fact.via) == ("SANTE-EX-0001", "Non cadre", "online")
    assert [(one.kinship, one.first_name.value, one.nir) for one in fact.dependents] == [
        ("spouse", "Camille", None),
        ("child", "Noa", None),
    ]
    assert answer.json["actions"] == []
    assert dominique.put("/journey/draft", json={"phone": None}).status_code == 409


def test_a_form_sent_from_two_devices_at_the_same_instant_leaves_once(house: House) -> None:
    affiliation_id, dominique = house.ready()
    devices = [dominique, house.as_(applicant(affiliation_id))]
    with ThreadPoolExecutor(2) as hands:
        answers = list(hands.map(lambda device: device.post("/journey/finalise", json=CERTIFIED).status_code, devices))
    assert answers == [200, 200]
    assert len(house.bench.told(Finalised)) == 1


def test_the_employer_s_nir_completes_the_form_and_nothing_leaves_in_clear(house: House) -> None:
    affiliation_id, dominique = house.started(DOMINIQUE | {"nir": NIR_OF_DOMINIQUE})
    dominique.put("/journey/draft", json={key: value for key, value in FORM.items() if key != "nir"})
    house.bench.tell(released(affiliation_id, "rib"), released(affiliation_id, "attestation_droits"))
    assert dominique.post("/journey/finalise", json=CERTIFIED).status_code == 200
    assert house.bench.told(Finalised)[0].nir.value == NIR_OF_DOMINIQUE
    with house.bench.running.engine.connect() as connection:
        for body in connection.exec_driver_sql("SELECT body FROM outbox").scalars():
            assert not any(secret in bytes(body) for secret in (b"ESSAI", b"Dominique", NIR_OF_DOMINIQUE.encode(), b"exemple.fr"))


def test_the_form_corrects_the_name_that_the_employer_wrote(house: House) -> None:
    affiliation_id, dominique = house.ready()
    dominique.put("/journey/draft", json={"first_name": "Domi"})
    dominique.post("/journey/finalise", json=CERTIFIED)
    assert house.as_(HELENE).get(f"/affiliations/{affiliation_id}").json["employee"] == "Domi ESSAI"


def test_two_declarations_that_prove_to_be_one_person_do_not_both_reach_members(house: House) -> None:
    """Declared once without a birth date, once with it: the form of the first says who it is."""
    affiliation_id, dominique = house.started(DOMINIQUE | {"birth_on": None})
    house.declared(DOMINIQUE)
    dominique.put("/journey/draft", json=FORM | {"birth_on": "1980-04-04"})
    house.bench.tell(released(affiliation_id, "rib"), released(affiliation_id, "attestation_droits"))
    refused = dominique.post("/journey/finalise", json=CERTIFIED)
    assert (refused.status_code, refused.json["type"]) == (409, "/problemes/affiliation-en-cours")
    assert house.bench.told(Finalised) == []


def test_a_finalised_affiliation_is_not_declared_again_for_the_same_day_but_is_for_a_later_one(house: House) -> None:
    _affiliation_id, dominique = house.ready()
    dominique.post("/journey/finalise", json=CERTIFIED)
    again = house.as_(HELENE).post("/affiliations", json=DOMINIQUE)
    assert (again.status_code, again.json["detail"]) == (409, "Ce salarié est déjà affilié à ce contrat à partir de la même date.")
    later = house.as_(HELENE).post("/affiliations", json=DOMINIQUE | {"starts_on": "2026-09-01"})
    assert (later.status_code, len(later.json["warnings"])) == (201, 1)


@pytest.mark.parametrize("body", [{}, {"certified": False}, {"certified": "yes"}, {"certified": None}])
def test_nothing_is_finalised_without_the_person_s_word(house: House, body: dict[str, Any]) -> None:
    _affiliation_id, dominique = house.ready()
    answer = dominique.post("/journey/finalise", json=body)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "certified")


def test_an_abandoned_journey_is_closed_to_its_person(house: House) -> None:
    affiliation_id, dominique = house.started()
    house.as_(HELENE).post(f"/affiliations/{affiliation_id}/abandon", json={"reason": "Départ"})
    for answer in (
        dominique.post("/journey/start"),
        dominique.put("/journey/draft", json=FORM),
        dominique.post("/journey/finalise", json=CERTIFIED),
    ):
        assert answer.status_code == 409
        assert "« Abandonné »" in answer.json["detail"]
    journey = dominique.get("/journey").json
    assert (journey["actions"], journey["openings"]) == ([], [])
    assert "Départ" not in str(journey)


@pytest.mark.parametrize("reference", ["affiliation:01890a5d-ac96-774b-bcce-b302099a8057", "affiliation:x", "", "person:1"])
def test_an_applicant_of_nothing_finds_nothing(house: House, reference: str) -> None:
    nobody = Actor(kind="applicant", brand="hcr", reference=reference)
    assert house.bench.as_(nobody, on=TODAY).get("/journey").status_code == 404
    assert house.bench.as_(nobody, on=TODAY).post("/journey/start").status_code == 404
