"""Tables of the affiliation: the journey and its dated moves, the draft apart, what is joined, and what others told us."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import BigInteger, CheckConstraint, Computed, Identity, Index, MetaData, Text, TypeDecorator, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING, TYPES
from chassis.vault import Vault
from chassis.work import PARIS
from services.affiliation.lifecycle import OPENINGS, Opening, State, Verb, after, open_for
from services.affiliation.rules import Form, PieceState, person_key

VAULT = Vault()


class Word(TypeDecorator[Any]):
    """A text column read as one of the words of an enumeration."""

    impl, cache_ok = Text, True

    def __init__(self, kind: type[StrEnum] | None = None) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None or self.kind is None else self.kind(value)


def among(column: str, words: Iterable[str]) -> str:
    """The SQL condition that a column holds one of these words."""
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


def last_day(now: datetime, days: int) -> datetime:
    """The end of the day, in Paris, that comes ``days`` after an instant."""
    return (now.astimezone(PARIS) + timedelta(days=days)).replace(hour=23, minute=59, second=59, microsecond=0)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


class Establishment(Base):
    """An establishment, as employers tells it."""

    __tablename__ = "establishment"
    siret: Mapped[str] = mapped_column(primary_key=True)
    siren: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]


class Contract(Base):
    """A company's collective contract, as members tells it."""

    __tablename__ = "contract"
    siren: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    starts_on: Mapped[date]


class Affiliation(Base):
    """One journey. Names and birth date are what the employer declared until the person's own form replaces them.

    ``paper_code`` is the end of the id, that the code of its paper form stands for; ``medium`` is how the form last left by the employer's
    word; ``contact_email`` what the person gave since; ``expires_at`` when silence ends the journey; ``remind_at`` when the platform
    reminds by itself, not before ``paused_until`` is over; ``undelivered_at`` when what was sent came back; ``via`` how the form came back;
    ``restarts`` the abandoned journey that this one takes up again.
    """

    __tablename__ = "affiliation"
    __table_args__ = (
        CheckConstraint(among("status", State), name="status_known"),
        CheckConstraint("medium IN ('email', 'post')", name="medium_known"),
        CheckConstraint("via IN ('online', 'paper')", name="via_known"),
        CheckConstraint("(status = 'finalised') = (via IS NOT NULL)", name="finalised_somehow"),
        CheckConstraint("medium <> 'email' OR email IS NOT NULL", name="email_has_an_email"),
        CheckConstraint("medium <> 'post' OR address IS NOT NULL", name="post_has_an_address"),
        Index(
            "uq_affiliation_one_journey",
            "siret",
            "contract_reference",
            "person_key",
            "birth_on",
            unique=True,
            postgresql_where=text(among("status", open_for(Opening.JOURNEY))),
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "uq_affiliation_one_period",
            "siret",
            "contract_reference",
            "person_key",
            "birth_on",
            "starts_on",
            unique=True,
            postgresql_where=text(among("status", open_for(Opening.PERIOD))),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_affiliation_follow_up", "siren", text("status_at DESC"), text("id DESC")),
        Index("ix_affiliation_latest", text("status_at DESC"), text("id DESC")),
        Index(None, "siren", "person_key"),
        Index(None, "siren", "status_on"),
        Index("ix_affiliation_twins", "siret", "person_key"),
        Index("ix_affiliation_expiry", "expires_at", postgresql_where=text(among("status", open_for(Opening.JOURNEY)))),
        Index("ix_affiliation_reminder", "remind_at", postgresql_where=text(among("status", open_for(Opening.JOURNEY)))),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    paper_code: Mapped[str] = mapped_column(Computed("right(CAST(id AS text), 12)", persisted=True), index=True)
    brand: Mapped[str]
    siren: Mapped[str]
    siret: Mapped[str]
    establishment_name: Mapped[str]
    contract_reference: Mapped[str]
    contract_label: Mapped[str]
    professional_status: Mapped[str]
    starts_on: Mapped[date]
    first_name: Mapped[str]
    last_name: Mapped[str]
    person_key: Mapped[str] = mapped_column(Text(collation="C"))
    birth_on: Mapped[date | None]
    nir: Mapped[str | None] = mapped_column(VAULT.text())
    email: Mapped[str | None] = mapped_column(VAULT.text())
    address: Mapped[str | None] = mapped_column(VAULT.text())
    contact_email: Mapped[str | None] = mapped_column(VAULT.text())
    medium: Mapped[str]
    status: Mapped[State] = mapped_column(Word(State))
    status_at: Mapped[datetime]
    status_on: Mapped[date]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    paused_until: Mapped[date | None]
    undelivered_at: Mapped[datetime | None]
    via: Mapped[str | None]
    restarts: Mapped[uuid.UUID | None]

    @property
    def declared(self) -> Form:
        """What the employer said of the person, as the beginning of a form."""
        names = ("first_name", "last_name", "birth_on", "nir", "address", "email")
        return Form(**{name: getattr(self, name) for name in names})

    @property
    def reached_by(self) -> tuple[str, str]:
        """The medium that reaches the person today, and where: the e-mail that the person gave, else what the form was sent by."""
        if self.contact_email:
            return "email", self.contact_email
        return ("email", str(self.email)) if self.medium == "email" else ("post", str(self.address))

    def move(self, verb: Verb, at: datetime, on: date) -> State | None:
        """Do ``verb`` now, dated; returns the state it left, ``None`` for what is born. Raises ``ForbiddenTransition``."""
        left = self.status
        target = after(left, verb)
        if target != left:
            self.status, self.status_at, self.status_on = target, at, on
        return left

    def send_to(self, email: str | None, address: str | None) -> None:
        """Take another address, or another medium, for what leaves from now on."""
        self.email, self.address = email or self.email, address or self.address
        self.medium = "email" if email else "post"
        self.contact_email, self.undelivered_at = None, None

    @property
    def awaits_somebody(self) -> bool:
        """Whether the form is still expected."""
        return Opening.JOURNEY in OPENINGS[self.status]

    @property
    def idle_verb(self) -> Verb:
        """What would change nothing now: to pause what is paused, or to resume what is not."""
        return Verb.PAUSE if self.paused_until else Verb.RESUME

    def turn_away_from(self, failed: str) -> bool:
        """Give up what does not reach the person, for what may: the employer's e-mail, the post, the e-mail; false when nothing else is
        known."""
        if failed == "email" and self.contact_email not in (None, self.email) and self.medium == "email":
            self.contact_email = None
        elif failed == "email" and self.address:
            self.medium, self.email, self.contact_email = "post", None, None
        elif failed == "post" and self.email:
            self.medium, self.address = "email", None
        else:
            return False
        self.undelivered_at = None
        return True

    def wait(self, now: datetime, days: int) -> None:
        """Give the person ``days`` from now; the journey ends at the end of that day, in Paris."""
        self.expires_at = last_day(now, days)

    def know(self, form: Form) -> None:
        """Take the person's own names and birth date: they are right about themselves."""
        self.first_name, self.last_name, self.birth_on = str(form.first_name), str(form.last_name), form.birth_on
        self.person_key = person_key(self.last_name, self.first_name)


class Move(Base):
    """A line of an affiliation's history; the table only grows. ``moved_on`` is the civil date, ``reason`` the employer's own words."""

    __tablename__ = "move"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    affiliation_id: Mapped[uuid.UUID] = mapped_column(index=True)
    verb: Mapped[Verb] = mapped_column(Word(Verb))
    left: Mapped[State | None] = mapped_column(Word(State))
    reached: Mapped[State] = mapped_column(Word(State))
    at: Mapped[datetime]
    moved_on: Mapped[date]
    by: Mapped[str]
    account_id: Mapped[uuid.UUID | None]
    medium: Mapped[str | None]
    reason: Mapped[str | None] = mapped_column(VAULT.text())


class Draft(Base):
    """The form in progress, which only the person sees: sealed as a whole. ``touched`` says in which version each value was last saved."""

    __tablename__ = "draft"
    __table_args__ = (CheckConstraint("version > 0", name="version_positive"),)
    affiliation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(VAULT.text())
    version: Mapped[int]
    saved_at: Mapped[datetime]
    touched: Mapped[dict[str, Any]]

    @property
    def form(self) -> Form:
        return msgspec.json.decode(self.content, type=Form)

    def hold(self, changes: dict[str, Any], now: datetime) -> None:
        """Keep the form with these values in it, as one version more."""
        form = replace(self.form, **changes)
        self.content, self.version, self.saved_at = msgspec.json.encode(form).decode(), self.version + 1, now
        self.touched = self.touched | dict.fromkeys(changes, self.version)

    def changed_since(self, version: int, changes: dict[str, Any]) -> list[str]:
        """The values among ``changes`` that were saved, otherwise, after a version."""
        form = self.form
        return [name for name, value in changes.items() if self.touched.get(name, 0) > version and getattr(form, name) != value]


class Document(Base):
    """A file joined to an affiliation, as documents tells it; it may be told before or after the affiliation is known here."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint(among("state", PieceState), name="state_known"),
        Index("ix_document_paper", "id", postgresql_where=text("kind = 'bulletin'")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    affiliation_id: Mapped[uuid.UUID] = mapped_column(index=True)
    kind: Mapped[str]
    state: Mapped[PieceState] = mapped_column(Word(PieceState))
    refusal: Mapped[str | None]


class Notice(Base):
    """A mail or a letter that messaging handed over about an affiliation."""

    __tablename__ = "notice"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    affiliation_id: Mapped[uuid.UUID] = mapped_column(index=True)
    template: Mapped[str]
    channel: Mapped[str]
    handed_over_at: Mapped[datetime]
