"""Dominique's care comes back to her: from the fund's file to her home page, with the reason of each euro."""

from datetime import date

import pytest

from affilia.story import Cast, Story, activation, member_space, newcomer, papers, prologue, reimbursed
from affilia.story.payroll import publish
from affilia.story.world import eventually
from tests.journeys.houses import House

pytestmark = pytest.mark.timeout(600)
ME = "/api/members/me"


def test_dominique_sees_what_was_paid_to_whom_and_why_and_takes_it_away(house: House):
    """S0:134-154, S3:125-151, S4:128-132."""
    story = house.story(Cast.invented("decomptes"))
    for chapter in (prologue, activation, newcomer, member_space):
        chapter(story)
    seen = story.world.last_message()
    reimbursed(story)
    home = story.member.get(f"{ME}/home")
    told = {line["act"]: (line["cost"], line["complementary"], line["paid_to"]) for line in home["latest"]}
    assert told == {"SC": ("28.92", "11.57", "member"), "G": ("30.00", "9.00", "member"), "PH7": ("12.40", "4.34", "third_party")}
    synthesis = home["synthesis"]
    assert (synthesis["total"], synthesis["to_member"], synthesis["to_third_parties"]) == ("24.91", "20.57", "4.34")
    assert story.world.caught(str(story.cast.dominique.email), "email", after=seen)["subject"] == "Un nouveau remboursement est disponible"
    _reads(story, next(line["id"] for line in home["latest"] if line["act"] == "G"))
    _is_corrected(story, house)


def _reads(story: Story, reimbursement: str) -> None:
    """The reasons of one, the list of some days, the décompte on paper, the table."""
    detail = story.member.get(f"{ME}/reimbursements/{reimbursement}")
    assert [step["rule"] for step in detail["steps"]] == ["base", "rate", "participation", "guarantee", "left"]
    (first,) = story.member.get(f"{ME}/statements?until=2026-05-31")["items"]
    assert first["complementary"] == "11.57"
    assert story.member.download(f"{ME}/statements/{first['id']}/paper.pdf").startswith(b"%PDF")
    assert story.member.download(f"{ME}/reimbursements.pdf").startswith(b"%PDF")
    assert "9,00" in story.member.download(f"{ME}/reimbursements.csv?since=2026-06-01").decode()


def _is_corrected(story: Story, house: House) -> None:
    """The fund takes the consultation back: a negative line, and the same file twice changes nothing more."""
    amounts = {"cost": "-30.00", "base": "-30.00", "rate": 70, "base_scheme": "-19.00"}
    line = {"act": "G", "starts_on": "2026-06-02"} | amounts
    content = papers.decompte(story.cast.dominique, f"correction{story.cast.tag}", date(2026, 6, 12), line).encode()
    for _ in range(2):
        publish(story, content, "noemie")
    eventually(lambda: story.member.get(f"{ME}/home")["synthesis"]["total"] == "15.91", "the correction in the synthesis")
    house.quiet()
    assert len(story.member.get(f"{ME}/reimbursements")["items"]) == 4
