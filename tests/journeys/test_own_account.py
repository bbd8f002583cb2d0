"""One's own account, through the whole platform: what is revoked is revoked everywhere, what is asked of six services comes back whole."""

import io
import json
import time
import zipfile

import pytest

from affilia.story import Cast, Story, activation, affiliation, member_space, pre_affiliation, prologue
from affilia.story.cast import PASSWORD
from affilia.story.world import Credentials, Visitor, eventually
from tests.journeys.houses import House
from tests.journeys.reasons import asks_again

REACHES = {
    "identity": "/api/identity/me",
    "members": "/api/members/me/rights",
    "documents": "/api/documents/files",
    "messaging": "/api/messaging/notices",
}
"""What a member reads of each service that serves her; employers and affiliation serve other people, and say so."""
REFUSED_TO_MEMBERS = {"employers": "/api/employers/companies", "affiliation": "/api/affiliation/affiliations"}
WITHIN_S = 1.0


@pytest.fixture
def story(house: House) -> Story:
    """A company, its employees, and Dominique signed in with her second factor."""
    told = house.story(Cast.invented("own"))
    for chapter in (prologue, activation, pre_affiliation, affiliation, member_space):
        chapter(told)
    house.quiet()
    return told


def status(visitor: Visitor, path: str) -> int:
    """How one call of somebody is answered."""
    headers = {"Host": visitor.world.host(visitor.space), "Authorization": f"Bearer {visitor.token}"}
    return int(visitor.world.pool.request("GET", visitor.world.base + path, headers=headers, retries=False).status)


def statuses(visitor: Visitor) -> dict[str, int]:
    return {service: status(visitor, path) for service, path in (REACHES | REFUSED_TO_MEMBERS).items()}


def test_one_life_of_an_account(house: House, story: Story):
    """S0:106-126, S2:28-39; RGPD art. 15 and 20; security promise: revoked within a second in each of the six services."""
    member = story.member
    asks_again(house, member, _credentials(story), story.cast.dominique.phone)
    _opened_by_others(house, story)
    assert statuses(member) == dict.fromkeys(REACHES, 200) | dict.fromkeys(REFUSED_TO_MEMBERS, 403)
    _revoked_everywhere(story)
    _copied(house, story)
    _deleted(house, story)


def _opened_by_others(house: House, story: Story) -> None:
    """Her employer prints her form, a caseworker reads her letter and one of her papers: she sees each, from every service, in one list."""
    letter = {"motif": "contrat", "object": "Ma carte", "text": "Bonjour, où est ma carte ?"}
    thread, desk = story.member.post("/api/messaging/threads", letter), story.at_the_desk()
    affiliation = story.affiliations[story.cast.dominique.last_name]
    (paper, *_others) = desk.get(f"/api/documents/files?owner=affiliation:{affiliation}")["items"]
    story.employer.download(f"/api/affiliation/affiliations/{affiliation}/bulletin.pdf")
    desk.get(f"/api/messaging/threads/{thread['id']}")
    desk.download(f"/api/documents/files/{paper['id']}/content")
    story.member.get(f"/api/messaging/threads/{thread['id']}")
    house.quiet()
    lines = story.member.get("/api/members/me/accesses")["items"]
    read = [(line["what"], line["role_label"]) for line in lines if line["what"].endswith(".read")]
    assert sorted(read) == [
        ("bulletin.read", "Votre employeur"),
        ("document.read", "Un conseiller"),
        ("thread.read", "Un conseiller"),
    ], "her own reading is not listed"


def _revoked_everywhere(story: Story) -> None:
    """A second session is warm in every service; ended from the first, it opens nothing anywhere within a second."""
    other = story.world.visitor("assure")
    other.device = story.member.device
    phone = story.cast.dominique.phone
    other.sign_in(_credentials(story), phone=phone)
    story.member.device = other.device
    assert statuses(other) == statuses(story.member)
    story.member.call("DELETE", "/api/identity/sessions", 204)
    time.sleep(WITHIN_S)
    assert set(statuses(other).values()) == {401}
    assert set(statuses(story.member).values()) == {200, 403}, "the one that ended the others goes on"


def _copied(house: House, story: Story) -> None:
    """Asked once, gathered from six services, told by mail, read by people and by programs."""
    asked = story.member.post("/api/identity/copies", expect=202)
    ready = eventually(lambda: _ready(story), "the copy of her data", patience=60)
    assert ready["document_id"] == asked["id"]
    house.quiet()
    assert "copie de vos données" in story.world.caught(str(story.cast.dominique.email), "email")["subject"].lower()
    with zipfile.ZipFile(io.BytesIO(story.member.download(f"/api/documents/files/{asked['id']}/content"))) as box:
        held = {name.removesuffix(".json"): json.loads(box.read(name)) for name in box.namelist() if name.endswith(".json")}
    assert held["identity"]["account"][0]["email"] == str(story.cast.dominique.email)
    assert held["members"]["person"][0]["last_name"] == "ESSAI"
    assert len(held["affiliation"]["forms"]) == 1, "the form that members says is hers"
    assert held["messaging"]["notices"]
    assert held["employers"] == {"account": [], "habilitations": []}
    assert set(held["documents"]) == {"files"}


def _ready(story: Story) -> dict[str, str] | None:
    (line,) = story.member.get("/api/identity/copies")["items"]
    return line if line["state"] == "ready" else None


def _deleted(house: House, story: Story) -> None:
    """The door shuts, the receipt comes, and what was her password opens nothing."""
    email, seen = str(story.cast.dominique.email), story.world.last_message()
    story.member.post("/api/identity/account/deletion", {"password": PASSWORD}, expect=200)
    time.sleep(WITHIN_S)
    assert set(statuses(story.member).values()) == {401}
    assert "supprimé" in story.world.caught(email, "email", after=seen)["subject"]
    house.quiet()
    story.world.visitor("assure").post("/api/identity/sessions", {"email": email, "password": PASSWORD}, expect=401)


def _credentials(story: Story) -> Credentials:
    return Credentials(str(story.cast.dominique.email), PASSWORD)
