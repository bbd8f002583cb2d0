"""The tables of the plumbing itself, the same in every service's database. They hold no row of the business and know no row security."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
TYPES = {str: Text, datetime: DateTime(timezone=True), dict[str, Any]: JSONB, bytes: LargeBinary}
"""What each service's ``Base`` maps annotations to (``type_annotation_map``): instants have a zone, texts have no length."""
PLUMBING = MetaData(naming_convention=NAMING)
NOW = func.now()

subject = Table(
    "subject",
    PLUMBING,
    Column("subject", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    comment="One row a subject: locked while its event is numbered, so that ids of one subject follow its history",
)

outbox = Table(
    "outbox",
    PLUMBING,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_version", BigInteger, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("sent_at", DateTime(timezone=True)),
    Index("ix_outbox_unsent", "id", postgresql_where=text("sent_at IS NULL")),
)

inbox = Table(
    "inbox",
    PLUMBING,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("claimed", Boolean, nullable=False, server_default=text("false")),
    Column("next_try_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("reason", Text),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    Column("done_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('waiting', 'done', 'parked')", name="state_known"),
    CheckConstraint("state = 'done' OR body IS NOT NULL", name="body_until_done"),
    Index("ix_inbox_waiting", "position", postgresql_where=text("state = 'waiting'")),
    Index("ix_inbox_unfinished", "subject", "position", postgresql_where=text("state <> 'done'")),
)

idempotency = Table(
    "idempotency",
    PLUMBING,
    Column("key", Text, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=NOW),
)

audit = Table(
    "audit",
    PLUMBING,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("trace", Text, nullable=False),
    Column("details", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Index("ix_audit_subject", "subject", "id"),
)

audit_waiting = Table(
    "audit_waiting",
    PLUMBING,
    Column("audit_id", BigInteger, primary_key=True, autoincrement=False),
    comment="Lines of the audit trail that the notary has not linked yet",
)

audit_link = Table(
    "audit_link",
    PLUMBING,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("audit_id", BigInteger, nullable=False, unique=True),
    Column("link", LargeBinary, nullable=False),
    Column("linked_at", DateTime(timezone=True), nullable=False, server_default=NOW),
    comment="The chain over the audit trail: positions follow one another without a gap",
)
