"""Dominique leaves a company that emits no DSN: she declares her portability, her employer tells who left, a caseworker reads the proof."""

from dataclasses import replace
from typing import Any

import pytest

from affilia.seed import ON
from affilia.story import Cast, Story, activation, member_space, newcomer, papers, prologue
from affilia.story.world import eventually
from tests.journeys.houses import House

pytestmark = pytest.mark.timeout(600)

EMPLOYEES, MINE = "/api/members/employees", "/api/members/me/portability"
LEFT = {"ended_on": "2026-06-14", "motive": "043"}
REASON = "L'attestation jointe ne porte pas la date de début de l'indemnisation."


def test_dominique_and_her_employer_without_dsn_tell_of_the_same_departure(house: House):
    """S1:306-316, S4:150-168: the declaration waits, the employer's day wins, what was told may be undone, the proof opens the cover."""
    story = house.story(replace(Cast.invented("leaving"), insurer="harmonie_mutuelle", emits_dsn=False), "harmonie")
    for chapter in (prologue, activation, newcomer, member_space):
        chapter(story)
    rights = str((story.employee(story.cast.dominique.last_name) or {})["rights_id"])
    request = _declares(story, rights)
    _radiates(story, rights)
    _stands(story, "received")
    assert "sa date est retenue" in _mine(story)["difference"]
    _answers(story, request)


def _declares(story: Story, rights: str) -> str:
    """From her space, before her employer said anything (S4:160)."""
    form = {"rights_id": rights, "ended_on": "2026-06-12", "motive": "043", "documents": [_document(story)]}
    story.member.post(MINE, form | {"motive": "088"}, expect=422)
    told = story.member.post(MINE, form)
    assert (told["state_label"], told["portability"]) == ("En attente de la déclaration de votre employeur", None)
    return str(told["id"])


def _document(story: Story) -> str:
    return str(story.member.upload("attestation_are", "attestation.pdf", papers.pdf("Attestation de France Travail"))["id"])


def _radiates(story: Story, rights: str) -> None:
    """« Radiation contexte sans DSN » (S1:314): a motive in words, a mistake undone, and both sides told."""
    path, seen = f"{EMPLOYEES}/{rights}/radiation", story.world.last_message()
    motives = story.employer.get("/api/members/radiation-motives")["items"]
    assert "rupture conventionnelle" in [motive["label"] for motive in motives]
    story.employer.post(path, LEFT | {"ended_on": "2020-01-01"}, expect=422)
    assert story.employer.post(path, LEFT)["status"] == "portability_pending"
    story.employer.post(path, LEFT, expect=409)
    assert story.employer.post(f"{path}/withdrawal", {}, expect=200)["status"] == "active"
    done = story.employer.post(path, LEFT)
    assert [word["verb"] for word in done["told"]] == ["radiate", "withdraw", "radiate"]
    to = str(story.cast.dominique.email)
    eventually(lambda: "portabilité" in story.world.caught(to, "email", after=seen)["text"], "the last word told to Dominique")
    assert story.world.caught(story.cast.employer["email"], "email", after=seen)


def _answers(story: Story, request: str) -> None:
    """The proof is refused with a reason, another is joined and accepted."""
    desk, seen = story.at_the_desk(), story.world.last_message()
    waiting = desk.get("/api/members/portability-requests?limit=200")["items"]
    (case,) = [case for case in waiting if case["id"] == request]
    desk.post(f"/api/members/portability-requests/{request}/proof-refusal", {"reason": REASON}, expect=200)
    assert "justificatif" in story.world.caught(str(story.cast.dominique.email), "email", after=seen)["subject"]
    _stands(story, "proof_expected")
    story.member.post(f"{MINE}/{request}/proofs", {"documents": [_document(story)]}, expect=200)
    eventually(lambda: _mine(story)["proofs"][-1]["state"] == "released", "the document to be examined")
    desk.post(f"/api/members/persons/{case['person_id']}/portability-proof", {"received_on": ON.isoformat()}, expect=204)
    _stands(story, "granted")
    assert _mine(story)["portability"]["ends_on"] == "2026-11-14"


def _mine(story: Story) -> dict[str, Any]:
    return dict(story.member.get(MINE)["items"][0])


def _stands(story: Story, state: str) -> None:
    eventually(lambda: _mine(story)["state"] == state, f"the declaration to be {state}")
