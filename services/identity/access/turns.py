"""What is counted in common, and taken in turns."""

from datetime import datetime

from sqlalchemy import select, text

from services.identity.config import IdentityWork
from services.identity.models import Hit

ONE = 1
"""A task takes one request a transaction: no lock of one person's waits for another's."""


def hits(work: IdentityWork, key: bytes, since: datetime) -> list[datetime]:
    """When something counted happened since an instant; whoever counts the same thing waits for this work to end."""
    take_turn(work, key.hex())
    return list(work.session.scalars(select(Hit.at).where(Hit.key == key, Hit.at > since).order_by(Hit.at)))


def take_turn(work: IdentityWork, name: str) -> None:
    """Wait until no other work holds ``name``, then hold it until this one ends."""
    work.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
