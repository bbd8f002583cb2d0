"""« Mes services »: the brand's catalogue, what opens each, and the way to the teleconsultation (S0:313-320, S3:220-227, S4:295-318)."""

import uuid
from datetime import date
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from msgspec.structs import replace
from sqlalchemy import text

from chassis.actor import Actor
from chassis.config import BadConfiguration, convert
from chassis.testing import Bench
from services.members.actions.services import partner_key
from services.members.config import Services
from services.members.rules.services import Held, Offer, verdict
from tests.members.people import CASEWORKER, CONTRACT_FORM, DOMINIQUE, EMPLOYER, declaration, employment, ends, finalised, member, settle_in

PATH = "/me/services"
HAND_OVER = f"{PATH}/teleconsultation"


def lines(answer: Any) -> dict[str, dict[str, Any]]:
    return {line["key"]: line for family in answer.json["families"] for line in family["services"]}


def of_harmonie(bench: Bench) -> Actor:
    """Fatima: the same contract, in another brand."""
    contract = bench.as_(CASEWORKER).post("/contracts", json=CONTRACT_FORM | {"brand": "harmonie"})
    assert contract.status_code == 201, contract.json
    bench.tell(finalised(DOMINIQUE), brand="harmonie")
    return replace(member(bench, DOMINIQUE), brand="harmonie")


def test_dominique_reads_the_four_families_and_what_her_contract_opens(bench: Bench):
    """S0:313-320, word for word."""
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE))
    answer = bench.as_(member(bench, DOMINIQUE), on=date(2026, 7, 1)).get(PATH)
    assert [family["label"] for family in answer.json["families"]] == [
        "Des professionnels de santé à votre disposition",
        "Des actions de prévention clés en main",
        "Des aides en cas de difficultés ou de maladie grave",
        "En cas d'hospitalisation",
    ]
    found = lines(answer)
    assert (found["sejour_hospitalier"]["open"], found["sejour_hospitalier"]["contract_label"]) == (True, "BASE CCN HCR NC SEUL RG")
    assert found["reseau_optique"]["open"] is False, "her contract guarantees pharmacy and hospital"
    assert found["reseau_optique"]["why"] == "Votre contrat BASE CCN HCR NC SEUL RG ne prévoit pas de garantie optique."


def test_somebody_without_rights_reads_why(bench: Bench):
    nobody = Actor(kind="member", brand="hcr", space="assure", account_id=uuid.uuid4(), reference=f"person:{uuid.uuid4()}")
    assert {line["why"] for line in lines(bench.as_(nobody).get(PATH)).values()} == {"Aucun contrat ne vous couvre encore."}
    assert bench.as_(EMPLOYER).get(PATH).status_code == 403
    assert bench.anonymous().post(HAND_OVER).status_code == 401


ANY, SIGHT = (
    Offer(key="a", family="f", label="A", text="A"),
    Offer(key="o", family="f", label="O", text="O", guarantees=("OPTI",), needs="de garantie optique", portability=False),
)
TODAY = date(2026, 7, 1)


def held(**change: Any) -> Held:
    known = {"label": "BASE", "domains": frozenset({"OPTI"}), "portability": False, "starts_on": date(2026, 1, 1), "ends_on": None}
    return Held(**known | change)


@pytest.mark.parametrize(
    ("offer", "rights", "why"),
    [
        (SIGHT, held(), None),
        (SIGHT, held(domains=frozenset()), "Votre contrat BASE ne prévoit pas de garantie optique."),
        (SIGHT, held(domains=None), "Votre contrat est en cours d'enregistrement : ce service se décidera ensuite."),
        (ANY, held(domains=None), None),
        (SIGHT, held(portability=True), "Ce service n'est pas maintenu pendant la portabilité."),
        (ANY, held(portability=True, ends_on=date(2026, 12, 31)), None),
        (ANY, held(starts_on=date(2026, 7, 2)), "Vos droits s'ouvrent le 02/07/2026."),
        (ANY, held(ends_on=date(2026, 7, 1)), None),
        (ANY, held(ends_on=date(2026, 6, 30)), "Vos droits sont terminés depuis le 01/07/2026."),
    ],
)
def test_what_opens_a_service_and_why_not_otherwise(offer: Offer, rights: Held, why: str | None):
    said = verdict(offer, [rights], TODAY)
    assert (said.is_open, said.why) == (why is None, why)
    assert said.contract_label == (None if why else "BASE")


def test_a_second_contract_opens_what_the_first_does_not():
    assert verdict(SIGHT, [held(label="A", domains=frozenset()), held(label="B")], TODAY).contract_label == "B"


def read(token: str, key: bytes) -> dict[str, Any]:
    return dict(jwt.decode(token, OctKey.import_key(key), algorithms=["HS256"]).claims)


def test_fatima_goes_to_the_teleconsultation_by_a_link_that_says_nobodys_name(bench: Bench):
    """S4:297-301: two minutes, an alias, the token after ``#``; the trail holds neither."""
    fatima = bench.as_(of_harmonie(bench), on=TODAY)
    first, second = (fatima.post(HAND_OVER) for _time in range(2))
    assert first.status_code == 201, first.json
    page, _hash, token = first.json["url"].partition("#jeton=")
    assert page == "https://teleconsultation.example/entree"
    key = partner_key("teleconsultation-exemple")
    claims, again = read(token, key), read(second.json["url"].partition("#jeton=")[2], key)
    assert set(claims) == {"iss", "aud", "sub", "jti", "iat", "exp"}
    assert (claims["iss"], claims["aud"], claims["exp"] - claims["iat"]) == ("affilia:harmonie", "teleconsultation-exemple", 120)
    assert claims["sub"] == again["sub"], "the partner knows her again, by a name of its own"
    assert claims["jti"] != again["jti"], "and takes each link once"
    person = member(bench, DOMINIQUE).reference.removeprefix("person:")
    assert not any(mark in first.text + str(claims) for mark in (person, "Dominique", "ESSAI", DOMINIQUE["nir13"]))
    with pytest.raises(JoseError):
        read(token, partner_key("somebody-else"))
    with bench.running.begin(CASEWORKER).session as session:
        (told, *_others) = session.scalars(text("SELECT details::text FROM audit WHERE action = 'teleconsultation.handed_over'")).all()
    assert told == '{"partner": "teleconsultation-exemple"}'


def test_rights_that_ended_open_no_teleconsultation(bench: Bench):
    fatima = of_harmonie(bench)
    bench.tell(ends(declaration(1), employment(DOMINIQUE), motive="059"), brand="harmonie")
    assert bench.as_(fatima, on=date(2026, 6, 30)).post(HAND_OVER).status_code == 201, "the last day is covered"
    refused = bench.as_(fatima, on=date(2026, 7, 1)).post(HAND_OVER)
    assert (refused.status_code, refused.json["type"]) == (409, "/problemes/service-non-ouvert")
    assert refused.json["detail"] == "Vos droits sont terminés depuis le 01/07/2026."


def test_a_brand_without_teleconsultation_has_no_such_door(bench: Bench):
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE))
    assert bench.as_(member(bench, DOMINIQUE)).post(HAND_OVER).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"offers": [{"key": "a", "family": "nulle-part", "label": "A", "text": "A"}]},
        {"offers": [{"key": "a", "family": "f", "label": "A", "text": "A"}] * 2},
        {"offers": [{"key": "a", "family": "f", "label": "A", "text": "A", "guarantees": ["OPTI"]}]},
        {"families": []},
    ],
)
def test_a_catalogue_that_contradicts_itself_stops_the_process(change: dict[str, Any]):
    sound = {
        "title": "Mes services",
        "families": [{"key": "f", "label": "F"}],
        "offers": [{"key": "a", "family": "f", "label": "A", "text": "A"}],
    }
    assert convert(sound, Services, "marque").offer("a").label == "A"
    with pytest.raises(BadConfiguration, match="marque"):
        convert(sound | change, Services, "marque")
