"""Portabilities that members declare (S4:150-168), and the documents that prove them."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import ids
from services.members.models.base import VAULT, Base, among
from services.members.rules.requests import Answer, PieceState


class PortabilityRequest(Base):
    """What a member says of the end of her employment. ``refusal`` is the reason given for the last proof, or for all, refused."""

    __tablename__ = "portability_request"
    __table_args__ = (
        CheckConstraint(among("answer", Answer), name="answer_known"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_by_somebody"),
        Index("uq_portability_request_live", "rights_id", unique=True, postgresql_where=text("answer IN ('open', 'proof_refused')")),
        Index(None, "person_id"),
        Index(None, "answer", "id"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    brand: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    rights_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rights.id"))
    ended_on: Mapped[date]
    motive: Mapped[str]
    answer: Mapped[str]
    refusal: Mapped[str | None] = mapped_column(VAULT.text())
    declared_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]


class PortabilityProof(Base):
    """A document that a declaration names."""

    __tablename__ = "portability_proof"
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("portability_request.id"), primary_key=True)
    document_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    joined_at: Mapped[datetime]


class Piece(Base):
    """A document of a person, as documents tells it: before or after a declaration names it."""

    __tablename__ = "piece"
    __table_args__ = (CheckConstraint(among("state", PieceState), name="state_known"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    state: Mapped[str]
    refusal: Mapped[str | None]
