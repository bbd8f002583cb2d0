"""What the fund paid, and what the complementary added: the member's home page fills (S0:134-154, S3:125-150)."""

from typing import Any

from affilia.story import papers
from affilia.story.payroll import publish
from affilia.story.story import Story
from affilia.story.world import eventually


def reimbursed(story: Story) -> None:
    """Three décomptes published by the feed's command, then read on the home page."""
    publish(story, papers.decomptes(story.cast), "noemie")

    def filled() -> dict[str, Any] | None:
        home = dict(story.member.get("/api/members/me/home"))
        return home if len(home["latest"]) == len(papers.CARE) else None

    synthesis = eventually(filled, "the reimbursements on the home page")["synthesis"]
    story.say(
        f"   ses remboursements de douze mois : {synthesis['total']} €, dont {synthesis['to_member']} € à elle"
        f" et {synthesis['to_third_parties']} € aux professionnels de santé (S0:139-154)"
    )
