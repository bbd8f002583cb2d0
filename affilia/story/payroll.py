"""What the payroll does: five declarations, one after the other, and what each changes for whom (S1:306-314)."""

import sys
from datetime import date
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory
from typing import Any

from affilia.story import papers
from affilia.story.story import Story, spoken, why
from affilia.story.world import Unexpected, eventually

NO_PROXY = {"PATH": "", "NO_PROXY": "*"}


def payroll(story: Story) -> None:
    """Each declaration of the lot published by the command that a payroll operator types."""
    story.say("6. La paie publie ses DSN, l'une après l'autre (S1:306-314)")
    ended, replaced, radiated, cancelled, maintained = papers.declarations(story.cast)
    _ends(story, ended, "2026-06-30", "fin de contrat 043")
    with story.dated(date(2026, 7, 1)):
        refusal = story.member.get("/api/members/me/card", expect=409)
    story.say(f"   carte au 1er juillet : « {why(refusal)} »")
    _ends(story, replaced, "2026-06-28", "annule et remplace")
    _closes_then_opens(story, radiated, cancelled)
    seen = story.world.last_message()
    publish(story, maintained)
    _told(story, str(story.cast.andrea.email), seen)
    row = _stands(story, "MAQUETTE", "active", None)
    story.say(f"   affiliation maintenue (62.016) : {row['status_label']} pour Andréa — {row['reason']}")


def _ends(story: Story, declaration: bytes, ends_on: str, what: str) -> None:
    """Dominique's rights end, she waits for her proof; she and her employer are told."""
    seen = story.world.last_message()
    publish(story, declaration)
    row = _stands(story, "ESSAI", "portability_pending", ends_on)
    last = spoken(date.fromisoformat(ends_on))
    story.say(f"   {what} : {row['status_label']}, fin le {last}, {row['portability']['months']} mois — {row['reason']}")
    _told(story, str(story.cast.dominique.email), seen)


def _told(story: Story, person: str, seen: str) -> None:
    """The person and her employer hear of it."""
    for address in (person, story.cast.employer["email"]):
        story.world.caught(address, "email", after=seen)


def _closes_then_opens(story: Story, radiated: bytes, cancelled: bytes) -> None:
    charlie, seen = f"charlie{story.cast.tag}@exemple.example", story.world.last_message()
    publish(story, radiated)
    row = _stands(story, "FAUX", "ended", "2026-06-30")
    story.say(f"   fin 088 : {row['status_label']} pour Charlie — {row['reason']}")
    _told(story, charlie, seen)
    seen = story.world.last_message()
    publish(story, cancelled)
    row = _stands(story, "FAUX", "active", None)
    _told(story, charlie, seen)
    story.say(f"   sa déclaration annulée : {row['status_label']}")


def _stands(story: Story, last_name: str, status: str, ends_on: str | None) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        row = story.employee(last_name)
        return row if row and (row["status"], row["ends_on"]) == (status, ends_on) else None

    return eventually(look, f"{last_name} {status} until {ends_on}")


def publish(story: Story, content: bytes, kind: str = "dsn") -> None:
    """``affilia feed dsn publish FILE --to URL``, or another kind of file. Raises ``Unexpected`` unless it ends with 0."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"declaration.{kind}"
        path.write_bytes(content)
        command = [sys.executable, "-m", "affilia.cli", "feed", kind, "publish", str(path), "--to", story.world.base]
        environment = NO_PROXY | {"AFFILIA_FEED_TOKEN": story.feed_token}
        done = run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise Unexpected(f"the feed ended with {done.returncode}: {done.stdout}{done.stderr}")
