"""Décomptes as funds told them, and their lines once somebody is known to have been covered. What was cared for is sealed."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.members.models.base import VAULT, Base, among
from services.members.rules.reimbursements import PAID_TO_LABELS, StatementState

EUROS = Numeric(10, 2)


class Statement(Base):
    """A décompte, as told. What it says never changes: ``state`` says whether all its lines are settled, ``reason`` what is missing.

    ``told`` is the whole fact; ``person_key`` fingerprints the NIR of the insured person, who is known once a line is settled.
    """

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("fund", "number"),
        CheckConstraint(among("state", StatementState), name="state_known"),
        CheckConstraint("state = 'waiting' OR person_id IS NOT NULL", name="settled_for_somebody"),
        Index("ix_statement_waiting", "person_key", postgresql_where=text("state = 'waiting'")),
        Index(None, "person_id", "issued_on", "id"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    fund: Mapped[str]
    number: Mapped[str]
    issued_on: Mapped[date]
    amc_number: Mapped[str]
    person_key: Mapped[bytes]
    told: Mapped[str] = mapped_column(VAULT.text())
    told_at: Mapped[datetime]
    state: Mapped[str]
    reason: Mapped[str]
    brand: Mapped[str | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))


class Reimbursement(Base):
    """A line of a décompte, settled once and for all: who paid what, in euros; a correction is another, negative, line.

    ``content`` is the care itself (``rules.contents.Content``): act, patient, reckoning. ``beneficiary_id`` stands for the
    patient whatever the rights; ``paid_on`` is the day of the décompte.
    """

    __tablename__ = "reimbursement"
    __table_args__ = (
        UniqueConstraint("statement_id", "number"),
        CheckConstraint("cost = base_scheme + complementary + left_to_pay", name="parts_add_up"),
        CheckConstraint(among("paid_to", PAID_TO_LABELS), name="paid_to_known"),
        Index(None, "person_id", "paid_on", "id"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    statement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("statement.id"))
    number: Mapped[int]
    brand: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    rights_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rights.id"))
    beneficiary_id: Mapped[uuid.UUID]
    paid_on: Mapped[date]
    care_on: Mapped[date]
    cost: Mapped[Decimal] = mapped_column(EUROS)
    base: Mapped[Decimal] = mapped_column(EUROS)
    base_scheme: Mapped[Decimal] = mapped_column(EUROS)
    complementary: Mapped[Decimal] = mapped_column(EUROS)
    left_to_pay: Mapped[Decimal] = mapped_column(EUROS)
    paid_to: Mapped[str]
    content: Mapped[str] = mapped_column(VAULT.text())


def beneficiary_id(person_id: uuid.UUID, first_name: str, birth_on: date) -> uuid.UUID:
    """What stands for a patient among somebody's: the same whatever the rights, and worthless to whoever does not know the patient."""
    return uuid.UUID(bytes=VAULT.fingerprint(f"beneficiary:{person_id}:{birth_on}:{first_name}")[:16], version=4)
