"""Radiations told directly (S1:314), and those of many people that wait for a second person."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from chassis.four_eyes import Act
from services.members.models.base import VAULT, Base, among
from services.members.rules.radiations import SOURCE_LABELS, Verb


class Radiation(Base):
    """One word said directly of the end of an employment: told, corrected or withdrawn, by whom and why. Lines are only added."""

    __tablename__ = "radiation"
    __table_args__ = (
        CheckConstraint(among("verb", Verb), name="verb_known"),
        CheckConstraint(among("source", SOURCE_LABELS), name="source_known"),
        CheckConstraint("(verb = 'withdraw') = (ended_on IS NULL)", name="withdrawn_or_dated"),
        CheckConstraint("(ended_on IS NULL) = (motive IS NULL)", name="dated_with_motive"),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    rights_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rights.id"), index=True)
    verb: Mapped[str]
    ended_on: Mapped[date | None]
    motive: Mapped[str | None]
    message: Mapped[str | None] = mapped_column(VAULT.text())
    source: Mapped[str]
    told_by: Mapped[uuid.UUID]
    told_at: Mapped[datetime]


class PendingAct(Act, Base):
    """Radiations of many people of one company; ``content`` is the list of them, as JSON."""

    siren: Mapped[str]
    content: Mapped[str] = mapped_column(VAULT.text())
