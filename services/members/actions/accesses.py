"""What other services showed of a person to somebody else is written in our own trail, where she reads it beside the rest."""

from datetime import datetime

from events.accesses import FileOpened
from services.members.config import Work


def keep(work: Work, fact: FileOpened, at: datetime) -> None:
    """One line about whose it is; the trail's own instant is when we heard of it, ``at`` when it was."""
    read = {"reader": fact.reader, "role": fact.role, "sirens": list(fact.scopes), "at": at.isoformat()}
    work.audit(f"{fact.what}.read", fact.about, **read)
