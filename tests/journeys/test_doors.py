"""Getting in, on the real platform: a new browser, an application of codes, a password that was forgotten, conditions accepted."""

import pyotp
import pytest

from affilia.story import Cast, Story, activation, prologue
from affilia.story.cast import PASSWORD
from affilia.story.world import Credentials, Visitor, token_of
from tests.journeys.houses import House
from tests.journeys.reasons import asks_again

NEW_PASSWORD = "Clairière-Ombragée-2027"


@pytest.fixture
def story(house: House) -> Story:
    """A company whose administrator is signed in."""
    told = house.story(Cast.invented("doors"))
    for chapter in (prologue, activation):
        chapter(told)
    return told


def challenged(story: Story, password: str = PASSWORD) -> tuple[Visitor, dict[str, object]]:
    """Lucie in front of a browser that nobody knows: her password opens a challenge."""
    visitor = story.world.visitor("entreprise")
    return visitor, visitor.post("/api/identity/sessions", {"email": story.cast.employer["email"], "password": password}, expect=202)


def test_a_new_browser_an_application_and_a_forgotten_password(house: House, story: Story):
    """S1:82, S1:98-116, S2:43-45: each on the real platform, mails and codes included."""
    _, challenge = challenged(story)
    assert challenge["trigger"] == "new_browser"
    assert challenge["explanation"]
    asks_again(house, story.employer, Credentials(story.cast.employer["email"], PASSWORD), story.cast.employer["phone"])
    assert story.employer.get("/api/identity/me/terms")["accepted"]
    recovery = _enrols(story)
    house.quiet()  # the mail that tells of the application has left: the next one is the link
    _forgets(story, recovery)


def _enrols(story: Story) -> list[str]:
    """An application of codes instead of the SMS, proved by its first code; of the ten recovery codes, those that still serve."""
    asked = story.employer.post("/api/identity/me/totp", {"password": PASSWORD}, expect=201)
    code = pyotp.TOTP(asked["secret"]).now()
    shown = story.employer.post("/api/identity/me/totp/proof", {"code": code}, expect=200)
    assert len(shown["recovery_codes"]) == 10
    visitor, challenge = challenged(story)
    assert "totp" in challenge["channels"]
    assert _proved(visitor, challenge, shown["recovery_codes"][0])
    return list(shown["recovery_codes"][1:])


def _proved(visitor: Visitor, challenge: dict[str, object], recovery: str) -> str:
    """The session that a recovery code opens."""
    proof = {"code": recovery, "factor": "recovery"}
    return str(visitor.post(f"/api/identity/challenges/{challenge['challenge_id']}/proof", proof)["token"])


def _forgets(story: Story, recovery: list[str]) -> None:
    """The link of the mail is used by POST, once; the other sessions end; the new password opens, with a second factor as before."""
    email, visitor, seen = story.cast.employer["email"], story.world.visitor("entreprise"), story.world.last_message()
    stranger = visitor.post("/api/identity/password-resets", {"email": "personne@exemple.example"}, expect=202)
    assert visitor.post("/api/identity/password-resets", {"email": email}, expect=202) == stranger
    token = token_of(story.world.caught(email, "email", after=seen))
    visitor.post("/api/identity/password-resets/use", {"token": token, "password": "court"}, expect=422)
    visitor.post("/api/identity/password-resets/use", {"token": token, "password": NEW_PASSWORD}, expect=204)
    visitor.post("/api/identity/password-resets/use", {"token": token, "password": NEW_PASSWORD}, expect=409)
    story.employer.get("/api/identity/me", expect=401)
    visitor.post("/api/identity/sessions", {"email": email, "password": PASSWORD}, expect=401)
    again, challenge = challenged(story, NEW_PASSWORD)
    again.token = _proved(again, challenge, recovery[0])
    assert again.get("/api/identity/me")
