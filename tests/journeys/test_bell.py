"""What an employer reads of her people since last time, on the real platform (S1:312)."""

from datetime import date

from affilia.story import Cast, activation, papers, pre_affiliation, prologue
from affilia.story.employee import affiliation
from affilia.story.payroll import publish
from affilia.story.story import Story
from affilia.story.world import eventually
from tests.journeys.houses import House

CHANGES = "/api/messaging/changes"
SUBJECT = "Ce qui a changé pour vos salariés"


def opened(house: House, seed: str) -> Story:
    """A company whose three employees have finished their affiliation."""
    story = house.story(Cast.invented(seed))
    for chapter in (prologue, activation, pre_affiliation, affiliation):
        chapter(story)
    return story


def told(story: Story) -> dict[str, list[str]]:
    """The kinds of changes of each employee, the latest first."""
    found: dict[str, list[str]] = {}
    for day in story.employer.get(f"{CHANGES}?limit=200")["items"]:
        for group in day["establishments"]:
            assert (group["siret"], group["establishment"]) == (story.cast.restaurant, "RESTAURANT FICTIF")
            for line in group["changes"]:
                found.setdefault(str(line["employee"]).rpartition(" ")[2], []).append(line["kind"])
    return found


def test_lucie_reads_what_the_payroll_changed_since_last_time_and_is_written_to(house: House):
    """S1:312: nothing to do on the employer's side, and everything is told: affiliations, rights, radiations, portability."""
    story = opened(house, "bell")
    lucie = story.employer
    eventually(lambda: all(told(story).get(name, [""])[0] == "rights_opened" for name in ("ESSAI", "FAUX", "MAQUETTE")), "open rights")
    assert set(told(story)["ESSAI"]) == {"affiliation_sent", "affiliation_finalised", "rights_opened"}
    before = lucie.post(f"{CHANGES}/seen", {"up_to": lucie.get(CHANGES)["newest"]}, expect=200)
    assert before["unread"] == lucie.get("/api/messaging/notices")["changes_unread"] == 0
    assert choose(story, date(2040, 1, 1))["frequency_label"] == "Chaque jour"
    seen = story.world.last_message()
    publish(story, papers.declarations(story.cast)[0])
    eventually(lambda: told(story)["ESSAI"][0] == "rights_pending", "Dominique's portability")
    [day] = lucie.get(f"{CHANGES}?unread=true&siren={story.cast.siren}")["items"]
    [line] = day["establishments"][0]["changes"]
    assert (line["employee"], line["unread"]) == (f"{story.cast.dominique.first_name} ESSAI", True)
    choose(story, date(2026, 6, 14))  # its hour has come
    mail = eventually(lambda: _digest(story, seen), "the digest")
    assert "/changements" in mail["link"]
    assert "ESSAI" not in mail["text"]


def choose(story: Story, on: date) -> dict[str, str]:
    """Ask for the digest of each day, from the morning after a day."""
    with story.dated(on):
        return dict(story.employer.put("/api/messaging/digest", {"frequency": "daily"}))


def _digest(story: Story, seen: str) -> dict[str, str] | None:
    mine = story.cast.employer["email"]
    return next((m for m in story.world.messages() if mine in m["to"] and m["subject"] == SUBJECT and m["at"] > seen), None)
