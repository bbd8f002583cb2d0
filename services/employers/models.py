"""The tables of employers. What names a person, and a company's identifier, is sealed."""

import hmac
import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import ids
from chassis.tables import NAMING, TYPES
from chassis.vault import Vault
from services.employers import rules
from services.employers.rules import State

VAULT = Vault()


def _among(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


class Company(Base):
    """A company of the portfolio. Its identifier is printed on its insurer's letters; only its contact activates its space."""

    __tablename__ = "company"
    __table_args__ = (
        CheckConstraint("siren ~ '^[0-9]{9}$'", name="siren_read"),
        CheckConstraint("contact_email IS NOT NULL OR contact_address IS NOT NULL", name="contact_known"),
    )
    siren: Mapped[str] = mapped_column(primary_key=True)
    brand: Mapped[str]
    name: Mapped[str]
    insurer: Mapped[str]
    identifier: Mapped[str] = mapped_column(VAULT.text())
    identifier_fingerprint: Mapped[bytes]
    contact_email: Mapped[str | None] = mapped_column(VAULT.text())
    contact_address: Mapped[str | None] = mapped_column(VAULT.text())
    emits_dsn: Mapped[bool]
    registered_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]

    def recognises(self, fingerprint: bytes) -> bool:
        """Whether that is the fingerprint of this company's identifier, compared in constant time."""
        return hmac.compare_digest(self.identifier_fingerprint, fingerprint)


class Establishment(Base):
    """A place of a company."""

    __tablename__ = "establishment"
    __table_args__ = (CheckConstraint("siret ~ '^[0-9]{14}$' AND left(siret, 9) = siren", name="siret_of_siren"),)
    siret: Mapped[str] = mapped_column(primary_key=True)
    siren: Mapped[str] = mapped_column(ForeignKey("company.siren"), index=True)
    name: Mapped[str]
    registered_at: Mapped[datetime]


class ActivationTry(Base):
    """That somebody tried, from where: a keyed fingerprint of the network and an instant, all that the door's counter needs."""

    __tablename__ = "activation_try"
    __table_args__ = (Index(None, "network", "tried_at"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    network: Mapped[bytes]
    tried_at: Mapped[datetime]


class ActivationRequest(Base):
    """Somebody typed a SIRET and an identifier (S1:60). The worker resolves it, so that the public answer is the same for all."""

    __tablename__ = "activation_request"
    __table_args__ = (
        CheckConstraint(_among("state", rules.STATES), name="state_known"),
        CheckConstraint(f"({_among('state', rules.HOLDS_PERSON)}) = (email IS NOT NULL)", name="person_erased"),
        Index("ix_activation_request_waiting", "id", postgresql_where=text("state = 'waiting'")),
        Index(None, "siret", "asked_at"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    brand: Mapped[str]
    siret: Mapped[str]
    identifier_fingerprint: Mapped[bytes]
    first_name: Mapped[str | None] = mapped_column(VAULT.text())
    last_name: Mapped[str | None] = mapped_column(VAULT.text())
    email: Mapped[str | None] = mapped_column(VAULT.text())
    phone: Mapped[str | None] = mapped_column(VAULT.text())
    state: Mapped[str] = mapped_column(default="waiting")
    asked_at: Mapped[datetime]
    account_id: Mapped[uuid.UUID | None]

    @property
    def siren(self) -> str:
        return self.siret[:9]

    def become(self, state: State) -> None:
        """Enter ``state``, and forget the person when it has no more use for her."""
        self.state = state
        if state not in rules.HOLDS_PERSON:
            self.first_name = self.last_name = self.email = self.phone = None


class Habilitation(Base):
    """An account may act for a company (S1:122-146), from ``granted_at`` until ``revoked_at``."""

    __tablename__ = "habilitation"
    __table_args__ = (
        CheckConstraint("role IN ('administrator', 'user')", name="role_known"),
        Index("uq_habilitation_live", "account_id", "siren", unique=True, postgresql_where=text("revoked_at IS NULL")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    account_id: Mapped[uuid.UUID]
    siren: Mapped[str] = mapped_column(ForeignKey("company.siren"), index=True)
    role: Mapped[str]
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Account(Base):
    """What identity told of an employer's account: names for the list of habilitations, and nothing else."""

    __tablename__ = "account"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column(VAULT.text())
    last_name: Mapped[str] = mapped_column(VAULT.text())
    email: Mapped[str] = mapped_column(VAULT.text())


def fingerprint(siret: str, typed: str) -> bytes:
    """The blind index of an identifier, within its company: two companies with one identifier do not look alike."""
    return VAULT.fingerprint(f"identifier:{siret[:9]}:{rules.identifier(typed)}")
