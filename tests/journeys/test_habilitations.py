"""Lucie opens her company to Paul, closes it, and opens it again: through every service, on the real platform (S1:122-146)."""

import time
from dataclasses import replace
from typing import Any

from affilia.story import Cast, activation, prologue
from affilia.story.cast import PASSWORD
from affilia.story.story import Story
from affilia.story.world import Unexpected, Visitor, eventually, token_of
from identifiers import invented
from tests.journeys.houses import House

PATIENCE_S = 30.0
COMPANIES = "/api/employers/companies"


def opened(house: House, seed: str) -> Story:
    """A company that Lucie administers."""
    story = house.story(Cast.invented(seed))
    prologue(story)
    activation(story)
    return story


def follow(story: Story, email: str, first_name: str = "Paul", companies: int = 1) -> Visitor:
    """Whoever is invited opens the link of the mail, reads what it is for, creates a password and signs in for the first time."""
    paul = story.world.visitor("entreprise")
    token = {"token": token_of(story.world.caught(email, "email"))}
    shown = paul.post("/api/identity/invitations/reading", token, expect=200)
    assert (shown["first_name"], shown["has_account"], shown["companies"]) == (first_name, False, companies)
    terms = paul.get("/api/identity/password-rule")["terms"]["version"]
    accepted = token | {"password": PASSWORD, "terms_version": terms}
    paul.post("/api/identity/invitations/acceptance", accepted)
    assert paul.post("/api/identity/invitations/acceptance", accepted, expect=409)["type"] == "/problemes/invitation-refusee"
    sign_in(story, paul, email, invented.mobile(email))
    return paul


def sign_in(story: Story, visitor: Visitor, email: str, phone: str) -> None:
    """The first time: a code by e-mail, then the phone that is given (S1:106)."""
    challenge = visitor.post("/api/identity/sessions", {"email": email, "password": PASSWORD}, expect=202)["challenge_id"]
    path = f"/api/identity/challenges/{challenge}"
    seen = story.world.last_message()
    visitor.post(f"{path}/code", {"channel": "email"}, expect=202)
    visitor.post(f"{path}/proof", {"code": code(story, email, seen)}, expect=200)
    seen = story.world.last_message()
    visitor.post(f"{path}/code", {"channel": "sms", "phone": phone}, expect=202)
    visitor.token = visitor.post(f"{path}/proof", {"code": code(story, phone, seen)})["token"]


def code(story: Story, to: str, after: str) -> str:
    """The code that came to an address or a number; the mail of welcome, which has none, may come between."""

    def newest() -> str | None:
        mine = (m for m in story.world.messages() if to in m["to"] and m["at"] > after and m["code"])
        return next((str(m["code"]) for m in mine), None)

    return str(eventually(newest, f"a code for {to}", PATIENCE_S))


def companies(visitor: Visitor) -> list[str]:
    return [item["siren"] for item in visitor.get(COMPANIES)["items"]]


def manages(visitor: Visitor) -> bool:
    """Whether « Gestion des habilitations » opens (S1:132)."""
    try:
        return bool(visitor.get("/api/employers/habilitations")["items"])
    except Unexpected:
        return False


def reached(visitor: Visitor) -> list[Any]:
    """What each service that knows the company shows of it: the edge keeps an identity half a second, service by service."""
    paths = COMPANIES, "/api/affiliation/offers", "/api/members/employees"
    return [visitor.get(path)["items"] for path in paths]


def delay(look: Any) -> float:
    """How many seconds something took to be true everywhere."""
    began = time.monotonic()
    eventually(look, "the right to follow", PATIENCE_S)
    return time.monotonic() - began


def test_paul_is_invited_works_is_shut_out_of_every_service_and_let_in_again(house: House):
    """S1:124-146; a right that is lost is lost in every service, with the session that was open."""
    story = opened(house, "habilitations")
    lucie, siren, email = story.employer, story.cast.siren, f"paul{story.cast.tag}@tiers-declarant.example"
    guest = {"first_name": "Paul", "last_name": "ESSAI", "email": email, "grants": [{"siren": siren, "role": "user"}]}
    told = story.world.last_message()
    lucie.post("/api/employers/invitations", guest)
    paul = follow(story, email)
    eventually(lambda: companies(paul) == [siren], "Paul's company", PATIENCE_S)
    paul.get("/api/employers/habilitations", expect=403)
    notice = story.world.caught(story.cast.employer["email"], "email", after=told)
    assert "accès" in notice["subject"]
    (his,) = (line["id"] for line in lucie.get("/api/employers/habilitations")["items"] if line["first_name"] == "Paul")
    assert paul.get("/api/affiliation/offers")["items"]
    lucie.post(f"/api/employers/habilitations/{his}/suspension", {}, expect=200)
    lost = delay(lambda: not any(reached(paul)))
    lucie.post(f"/api/employers/habilitations/{his}/reactivation", expect=200)
    back = delay(lambda: companies(paul) == [siren])
    lucie.call("PUT", f"/api/employers/habilitations/{his}", 200, json={"role": "administrator"})
    eventually(lambda: manages(paul), "Paul's new role", PATIENCE_S)
    print(f"a right lost everywhere in {lost:.2f} s, back in {back:.2f} s")


def test_a_second_company_of_the_other_insurer_joins_the_perimeter_and_zoe_has_a_right_of_her_own_on_each(house: House):
    """S1:49-84, S1:90, S1:124-142, S1:151-164: what each insurer calls the identifier, the contact on file, a role for each company."""
    story = opened(house, "perimeter")
    other = replace(story, cast=replace(Cast.invented("perimeter-2"), insurer="malakoff_humanis"))
    prologue(other)
    labels = {one["name"]: one["label"] for one in story.world.visitor("entreprise").get("/api/employers/activation-help")["insurers"]}
    assert labels == {"KLESIA": "Numéro entreprise", "MALAKOFF HUMANIS": "Numéro d'adhérent"}
    _added(story, other.cast)
    email = f"zoe{story.cast.tag}@tiers-declarant.example"
    grants = [{"siren": story.cast.siren, "role": "user"}, {"siren": other.cast.siren, "role": "administrator"}]
    story.employer.post("/api/employers/invitations", {"first_name": "Zoé", "last_name": "ESSAI", "email": email, "grants": grants})
    _resent(house, story, email)
    zoe = follow(story, email, "Zoé", companies=2)
    both = sorted([story.cast.siren, other.cast.siren])
    eventually(lambda: sorted(companies(zoe)) == both, "Zoé's companies", PATIENCE_S)
    assert {line["siren"] for line in zoe.get("/api/employers/habilitations")["items"]} == {other.cast.siren}, "a user manages nobody"


def _resent(house: House, story: Story, email: str) -> None:
    """The link is sent again, not at once; the first one is dead (S1:146)."""
    (line,) = (
        one
        for one in story.employer.get("/api/employers/habilitations")["items"]
        if one["email"] == email and one["siren"] == story.cast.siren
    )
    first, path = story.world.caught(email, "email"), f"/api/employers/habilitations/{line['id']}/link"
    story.employer.post(path, expect=429)
    house.ages("employers", "invitation.sent_at", "1 hour")
    story.employer.post(path, expect=200)
    story.world.caught(email, "email", after=first["at"])
    story.world.visitor("entreprise").post("/api/identity/invitations/reading", {"token": token_of(first)}, expect=409)


def _added(story: Story, other: Cast) -> None:
    """A wrong number and the right one are answered alike; the code goes to the contact of that company, and her password confirms."""
    lucie, seen, path = story.employer, story.world.last_message(), "/api/employers/scope-requests"
    pair = {"siret": other.restaurant, "identifier": other.identifier}
    wrong = lucie.post(path, pair | {"identifier": "FAUX-000000"}, expect=202)
    asked = lucie.post(path, pair, expect=202)
    assert wrong["state_label"] == asked["state_label"]
    known = f"/api/identity/activations/{asked['id']}"
    proof = lucie.post(f"{known}/proof", {"code": code(story, other.contact_email, seen)}, expect=200)["proof"]
    terms = lucie.get("/api/identity/password-rule")["terms"]["version"]
    lucie.post(f"{known}/password", {"proof": proof, "password": PASSWORD, "terms_version": terms})
    eventually(lambda: other.siren in companies(lucie), "the second company", PATIENCE_S)
