"""The mailbox: conversations and their messages."""

import uuid
from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Uuid, false, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import ids
from services.messaging import rules
from services.messaging.models.base import VAULT, Base, one_of


class Thread(Base):
    """A conversation that a person opened with the platform (S0:229-259, S1:321-342). ``owner`` is who reads it; only the ``state`` says
    whose turn it is; ``expected_on`` is when an answer is promised; ``employee`` is whom it is about (``affiliation:<id>``,
    ``rights:<id>``)."""

    __tablename__ = "thread"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    owner: Mapped[str]
    company: Mapped[str | None]
    employee: Mapped[str | None]
    brand: Mapped[str]
    space: Mapped[str]
    motif: Mapped[str]
    motif_label: Mapped[str]
    object: Mapped[str] = mapped_column(VAULT.text())
    state: Mapped[str]
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    expected_on: Mapped[date]
    read_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(one_of("state", rules.THREAD_STATES), name="state_known"),
        CheckConstraint("(owner LIKE 'account:%') = (company IS NOT NULL)", name="company_of_employer"),
        CheckConstraint("employee IS NULL OR company IS NOT NULL", name="employee_of_company"),
        Index("ix_thread_owner", "owner", "id"),
        Index("ix_thread_waiting", "brand", "expected_on", "id", postgresql_where=text("state = 'asked'")),
    )


class Message(Base):
    """One message of a thread, never changed. ``author`` is a kind of person, ``account_id`` who; documents are those of the documents
    service, which decides who reads them."""

    __tablename__ = "message"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    thread_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("thread.id"))
    author: Mapped[str]
    account_id: Mapped[uuid.UUID | None]
    text: Mapped[str] = mapped_column(VAULT.text())
    documents: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    at: Mapped[datetime]
    __table_args__ = (CheckConstraint(one_of("author", rules.AUTHORS), name="author_known"), Index(None, "thread_id", "id"))


class Attachment(Base):
    """A file that the documents service keeps, as far as conversations need to know: whose it is, and whether it was refused."""

    __tablename__ = "attachment"
    document_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    owner: Mapped[str]
    refused: Mapped[bool] = mapped_column(server_default=false())
