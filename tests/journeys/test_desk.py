"""A caseworker loses his telephone, and is let in again by a colleague, on the real platform (decision 18)."""

import pyotp

from affilia.story import Cast, Story, prologue
from affilia.story.cast import PASSWORD
from affilia.story.world import Visitor, token_of
from tests.journeys.houses import House

NEW_PASSWORD = "Clairière-Ombragée-2027"
YVES = "yves.desk@gestion.example"


def test_yves_is_invited_loses_his_telephone_and_is_let_in_again(house: House):
    """What he had opens nothing from the moment a colleague says so; the mail's link gives him another password and another application."""
    story = house.story(Cast.invented("desk"))
    prologue(story)
    who = {"first_name": "Yves", "last_name": "CONSEIL", "email": YVES, "role": "handle"}
    his, yves = story.desk.post("/api/identity/caseworkers", who, expect=201)["id"], story.world.visitor("conseil")
    _follows(story, yves, "", PASSWORD)
    _signs_in(yves, PASSWORD, expect=202)
    house.quiet()
    seen = story.world.last_message()
    lost = story.desk.post(f"/api/identity/caseworkers/{his}/rearming", {"reason": "Téléphone perdu."}, expect=200)
    assert lost["state_label"] == "Accès à refaire"
    _signs_in(yves, PASSWORD, expect=401)
    _follows(story, yves, seen, NEW_PASSWORD)
    _signs_in(yves, NEW_PASSWORD, expect=202)


def _follows(story: Story, yves: Visitor, seen: str, password: str) -> None:
    """The link of the last mail: a password, and the first code of an application."""
    link = {"token": token_of(story.world.caught(YVES, "email", after=seen))}
    secret = yves.post("/api/identity/invitations/reading", link, expect=200)["authenticator"]["secret"]
    terms = yves.get("/api/identity/password-rule")["terms"]["version"]
    chosen = {"password": password, "terms_version": terms, "code": pyotp.TOTP(secret).now()}
    yves.post("/api/identity/invitations/acceptance", link | chosen, expect=201)


def _signs_in(yves: Visitor, password: str, expect: int) -> None:
    yves.post("/api/identity/sessions", {"email": YVES, "password": password}, expect=expect)
