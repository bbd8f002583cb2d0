"""The tables of messaging, and the behaviour that belongs to one row."""

import uuid
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import ids
from chassis.tables import NAMING, TYPES
from chassis.vault import SealedText, Vault
from services.messaging import rules

VAULT = Vault()
STATES = ("waiting_contact", "pending", "handing_over", "handed_over", "expired", "failed")
OUTCOMES = ("began", "interrupted", "handed_over", "unreachable", "refused", "expired")


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class SealedJson(TypeDecorator[dict[str, Any]]):
    """A small JSON object stored sealed: what a notice says is personal, and sometimes secret."""

    impl = SealedText
    cache_ok = False

    def __init__(self) -> None:
        super().__init__(VAULT)

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else msgspec.json.decode(value)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


class Contact(Base):
    """Where somebody is reached. ``recipient`` is ``person:<id>`` or ``account:<id>``; ``proven``: an account was opened with it."""

    __tablename__ = "contact"
    recipient: Mapped[str] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column(VAULT.text())
    last_name: Mapped[str] = mapped_column(VAULT.text())
    email: Mapped[str | None] = mapped_column(VAULT.text())
    phone: Mapped[str | None] = mapped_column(VAULT.text())
    proven: Mapped[bool] = mapped_column(server_default=false())

    def learn(self, *, email: str | None, phone: str | None, proven: bool) -> None:
        """Take newer addresses. Nothing known is forgotten, and an address that opens an account gives way only to another such."""
        keeps = self.proven and not proven
        self.email = (self.email or email) if keeps else (email or self.email)
        self.phone = (self.phone or phone) if keeps else (phone or self.phone)
        self.proven = self.proven or proven


class Consent(Base):
    """Whether somebody accepts to be written to about a purpose by a channel; the newest word counts. No row: no."""

    __tablename__ = "consent"
    recipient: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    given: Mapped[bool]
    told_at: Mapped[datetime]


class Forgetting(Base):
    """An account was deleted: what it was told and what it wrote until ``deleted_at`` goes on ``due_on`` (S2:30)."""

    __tablename__ = "forgetting"
    recipient: Mapped[str] = mapped_column(primary_key=True)
    deleted_at: Mapped[datetime]
    due_on: Mapped[date]
    __table_args__ = (Index(None, "due_on"),)


class Place(Base):
    """The name of a company (SIREN) or of an establishment (SIRET), as people write it."""

    __tablename__ = "place"
    number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Reader(Base):
    """An account that may act for a company, and is told what happens there. ``told_at`` dates the last thing said about it."""

    __tablename__ = "reader"
    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    siren: Mapped[str] = mapped_column(primary_key=True)
    active: Mapped[bool]
    told_at: Mapped[datetime]
    __table_args__ = (Index(None, "siren"),)


class Notice(Base):
    """Something to tell one person by one channel: pending → handing_over → handed_over, or expired, or failed.

    ``cause`` names what made it, so that a fact told twice makes one notice; ``to`` is an address that the fact gave, else the contact's;
    ``company`` is the SIREN a notice to an employer speaks of. Codes and links leave ``content`` once handed over.
    """

    __tablename__ = "notice"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    cause: Mapped[str]
    recipient: Mapped[str]
    channel: Mapped[str]
    brand: Mapped[str]
    about: Mapped[str]
    company: Mapped[str | None]
    template: Mapped[str]
    space: Mapped[str]
    content: Mapped[dict[str, Any] | None] = mapped_column(SealedJson())
    to: Mapped[str | None] = mapped_column(VAULT.text())
    trace: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    doubtful: Mapped[bool] = mapped_column(server_default=false())
    handed_over_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("cause", "recipient", "channel"),
        CheckConstraint(one_of("channel", ("email", "sms", "post")), name="channel_known"),
        CheckConstraint(one_of("state", STATES), name="state_known"),
        CheckConstraint("(state = 'handed_over') = (handed_over_at IS NOT NULL)", name="handed_over_dated"),
        Index("ix_notice_due", "expires_at", "next_try_at", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_notice_in_hand", "id", postgresql_where=text("state = 'handing_over'")),
        Index("ix_notice_waiting", "recipient", postgresql_where=text("state = 'waiting_contact'")),
        Index("ix_notice_recipient", "recipient", "id"),
        Index("ix_notice_about", "about", "recipient", "id"),
    )

    @property
    def rings(self) -> bool:
        """Whether it shows in the bell of the portals."""
        return self.template in rules.BELL

    def forget_secrets(self) -> None:
        """A code or a link is kept no longer than its delivery takes."""
        if not self.rings:
            self.content = None


class Attempt(Base):
    """One step of a delivery, never changed afterwards. ``reference`` is the carrier's; ``reason`` a short word."""

    __tablename__ = "attempt"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice.id"))
    at: Mapped[datetime]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    reference: Mapped[str | None]
    __table_args__ = (CheckConstraint(one_of("outcome", OUTCOMES), name="outcome_known"), Index(None, "notice_id", "id"))


class Caught(Base):
    """A message that the demo kept instead of sending: ``content`` holds to, subject, text, html, link and code; ``pdf`` is in base64."""

    __tablename__ = "caught"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    channel: Mapped[str]
    brand: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson())
    pdf: Mapped[str | None] = mapped_column(VAULT.text())


class Thread(Base):
    """A conversation that a person opened with the platform (S0:229-259, S1:321-342). ``owner`` is who reads it; only the ``state`` says
    whose turn it is; ``expected_on`` is when an answer is promised."""

    __tablename__ = "thread"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    owner: Mapped[str]
    company: Mapped[str | None]
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
