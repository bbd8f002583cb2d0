"""How members come into their space, brand by brand: a code by the way they choose, another house's word, a form, an application."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from affilia.story import Cast, Credentials, Story, activation, newcomer, prologue
from affilia.story.cast import PASSWORD
from affilia.story.world import Visitor, eventually
from tests.identity.oidc.provider import Provider
from tests.journeys.houses import House
from tests.journeys.reasons import asks_again
from tests.journeys.services import CARE, SERVICES, located, services

pytestmark = pytest.mark.timeout(600)

BETTER = "Clairière-Ombragée-2027"
NUMBER = "482915"
"""A contract number of assistance: six digits (S2:11)."""


@pytest.fixture
def joined(house: House) -> Callable[..., Story]:
    """``joined(brand, **cast)``: somebody whose affiliation is done, and whose space is still to open."""

    def told(brand: str, **others: str) -> Story:
        story = house.story(replace(Cast.invented(f"in-{brand}"), **others), brand)
        for chapter in (prologue, activation, newcomer):
            chapter(story)
        eventually(lambda: story.employee(story.cast.dominique.last_name), "the member among the affiliated employees")
        house.quiet()
        return story

    return told


def test_nicolas_opens_with_a_code_by_sms_then_by_the_word_of_another_house(
    house: House, joined: Callable[..., Story], elsewhere: Provider
):
    """S3:62-95, S3:105-123, S3:220-227: the way the code comes by is chosen, and the three reasons; OpenID Connect on the whole platform;
    his Itelis services."""
    story = joined("klesia-pro")
    member = opens(story, "sms")
    challenge = member.sign_in(credentials(story), phone=story.cast.dominique.phone)
    assert (challenge["trigger"], challenge["channels"]) == ("new_browser", ["sms"])
    asks_again(house, member, credentials(story), story.cast.dominique.phone)
    _itelis(member)
    _ties(story, elsewhere)


def _itelis(member: Visitor) -> None:
    """« Mes services Itelis » (S3:220-227): professionals, networks, optics, each with why it is shut when it is."""
    assert member.get(SERVICES)["title"] == "Mes services Itelis"
    told = services(member)
    assert {line["family"] for line in told.values()} == {
        "Des professionnels de santé à votre disposition",
        "Les réseaux de soin et les praticiens Itelis",
        "Des services et garanties en optique",
    }
    assert told["optique_itelis"]["open"]
    assert "ne prévoit pas de garantie audition" in told["reseau_audio"]["why"]
    located(member, "opticien")


def _ties(story: Story, elsewhere: Provider) -> None:
    """The first time the password and our second factor; from then on the word of the other house, on a browser that is trusted."""
    elsewhere.person = {"sub": "sub-de-nicolas", "email": story.cast.dominique.email, "email_verified": True}
    visitor = story.world.visitor("assure")
    assert visitor.get("/api/identity/oidc")["label"] == "Continuer avec Exemple"
    ticket, first = _travels(visitor, elsewhere, expect=200)
    assert first["next"] == "password"
    form = {"ticket": ticket, "password": PASSWORD, "device": None}
    challenge = visitor.post("/api/identity/oidc/links", form, expect=202)
    proved = _by_sms(story, visitor, challenge["challenge_id"])
    visitor.token, visitor.device = proved["token"], proved["device"]
    assert len(visitor.get("/api/identity/me/oidc-links")["items"]) == 1
    _ticket, session = _travels(visitor, elsewhere, expect=201)
    visitor.token = session["token"]
    assert visitor.get("/api/members/me/rights")


def _travels(visitor: Visitor, elsewhere: Provider, expect: int) -> tuple[str, dict[str, Any]]:
    """To the other house and back."""
    begun = visitor.post("/api/identity/oidc/authorizations")
    brought = elsewhere.visit(begun["url"]) | {"ticket": begun["ticket"], "device": visitor.device}
    return begun["ticket"], visitor.post("/api/identity/oidc/callbacks", brought, expect=expect)


def test_fatima_lands_on_her_reimbursements_stays_on_her_phone_and_changes_her_password(house: House, joined: Callable[..., Story]):
    """S4:26-36, S4:45-49, S4:57-61, S4:295-318, S4:464-468."""
    story = joined("harmonie", insurer="harmonie_mutuelle")
    member = opens(story, "email")
    assert "« Mes remboursements »" in member.download("/").decode()
    member.sign_in(credentials(story), phone=story.cast.dominique.phone)
    phone = member.post("/api/identity/mobile/sessions")
    changed = {"current_password": PASSWORD, "password": BETTER}
    member.token = phone["token"]
    member.call("PUT", "/api/identity/me/password", 403, json=changed | {"current_password": BETTER})
    member.call("PUT", "/api/identity/me/password", 204, json=changed)
    story.world.visitor("assure").post("/api/identity/sessions", {"email": story.cast.dominique.email, "password": PASSWORD}, expect=401)
    again = member.sign_in(credentials(story, BETTER), phone=story.cast.dominique.phone)
    assert again["trigger"] == "new_browser", "a new password makes strangers of the browsers that were trusted"
    assert member.get("/api/members/me/contracts")["items"]
    _goes_elsewhere(member)


def _goes_elsewhere(member: Visitor) -> None:
    """« Mes services » (S4:295-318): the teleconsultation by a link that says nobody's name, an agency, partners around her."""
    assert services(member)["teleconsultation"]["open"]
    link = member.post(f"{SERVICES}/teleconsultation")
    assert link["url"].startswith("https://teleconsultation.example/entree#jeton=")
    agencies = member.get(f"{CARE}/agencies?postcode=69100")["items"]
    assert [line["id"] for line in agencies] == ["villeurbanne", "lyon"]
    assert agencies[0]["hours"][1] == {"day": "mardi", "hours": "09:00-12:30, 14:00-17:30"}
    around = member.post(f"{CARE}/agencies/around", {"lat": 45.7667, "lon": 4.8803}, expect=200)
    assert around["place"]["label"] == "Autour de vous"
    assert located(member, "medecin-generaliste")["items"]


def test_claire_creates_her_space_with_a_form_and_a_stranger_hears_the_same(house: House, joined: Callable[..., Story]):
    """S2:5-24: every field, six digits, the password's rule, the phone that need not be told, the mail that confirms."""
    story = joined("assistance", insurer="assisteur", contract=NUMBER)
    visitor, seen = story.world.visitor("assure"), story.world.last_message()
    form = _form(story, visitor)
    _refused(visitor, form)
    asked = visitor.post("/api/identity/openings", form, expect=202)
    stranger = form | {"email": "inconnu@exemple.example", "contract_number": "000000"}
    unknown = visitor.post("/api/identity/openings", stranger, expect=202)
    assert unknown["message"] == asked["message"]
    code = code_for(story, form["email"], "email", seen)
    wrong = visitor.post(f"/api/identity/openings/{unknown['opening_id']}/confirmation", {"code": code}, expect=409)
    assert wrong["type"] == "/problemes/code-refuse"
    visitor.post(f"/api/identity/openings/{asked['opening_id']}/confirmation", {"code": code})
    eventually(lambda: len(_subjects(story, form["email"])) == 2, "the code, then the mail that confirms")
    _in_by_email(story, visitor, form["email"])


def _form(story: Story, visitor: Visitor) -> dict[str, Any]:
    person, terms = story.cast.dominique, visitor.get("/api/identity/password-rule")["terms"]["version"]
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "contract_number": NUMBER,
        "birth_on": person.birth_on.isoformat(),
        "email": f"claire{story.cast.tag}@maison.example",
        "password": PASSWORD,
        "terms_version": terms,
    }


def _refused(visitor: Visitor, form: dict[str, Any]) -> None:
    """What is missing or too weak is said at its field."""
    for wrong in ({"contract_number": "4829"}, {"first_name": ""}, {"email": ""}, {"birth_on": "hier"}):
        refusal = visitor.post("/api/identity/openings", form | wrong, expect=422)
        assert {error["field"] for error in refusal["errors"]} == set(wrong), refusal
    weak = visitor.post("/api/identity/openings", form | {"password": "terrasse-soleil"[:12]}, expect=422)
    assert weak["type"] == "/problemes/mot-de-passe-refuse"


def _subjects(story: Story, email: str) -> list[str]:
    return [str(message["subject"]) for message in story.world.messages() if email in message["to"]]


def _in_by_email(story: Story, visitor: Visitor, email: str) -> None:
    """No phone was given: the second factor comes by e-mail, in this brand alone (S2:19)."""
    challenge = visitor.post("/api/identity/sessions", {"email": email, "password": PASSWORD}, expect=202)
    assert challenge["channels"] == ["email"]
    path, seen = f"/api/identity/challenges/{challenge['challenge_id']}", story.world.last_message()
    visitor.post(f"{path}/code", {"channel": "email"}, expect=202)
    visitor.token = visitor.post(f"{path}/proof", {"code": code_for(story, email, "email", seen)})["token"]
    assert visitor.get("/api/members/me/contracts")["items"]


def opens(story: Story, channel: str) -> Visitor:
    """The e-mail that the affiliation gave, the code by the chosen way, a password that is refused then one that is not."""
    person, visitor, seen = story.cast.dominique, story.world.visitor("assure"), story.world.last_message()
    asked = visitor.post("/api/identity/activations", {"email": person.email, "channel": channel}, expect=202)
    to = person.phone if channel == "sms" else str(person.email)
    story.open_account(visitor, asked["activation_id"], code_for(story, to, channel, seen))
    return visitor


def _by_sms(story: Story, visitor: Visitor, challenge: str) -> dict[str, Any]:
    path, seen = f"/api/identity/challenges/{challenge}", story.world.last_message()
    visitor.post(f"{path}/code", {"channel": "sms"}, expect=202)
    code = code_for(story, story.cast.dominique.phone, "sms", seen)
    return dict(visitor.post(f"{path}/proof", {"code": code, "trust_device": True}))


def code_for(story: Story, to: str, channel: str, seen: str) -> str:
    """The code that came to an address or a number since."""

    def newest() -> str | None:
        mine = (m for m in story.world.messages() if m["channel"] == channel and to in m["to"] and m["at"] > seen and m["code"])
        return next((str(m["code"]) for m in mine), None)

    return str(eventually(newest, f"a code by {channel} for {to}"))


def credentials(story: Story, password: str = PASSWORD) -> Credentials:
    return Credentials(str(story.cast.dominique.email), password)
