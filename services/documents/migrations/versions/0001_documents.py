"""Stored files, objects that no file holds, and the plumbing."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate
from chassis.migrate import GRANTS, KIND, REFERENCE

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)
CASEWORKER = f"{KIND} = 'caseworker' AND 'platform' = ANY({GRANTS})"
OWN = f"{KIND} IN ('applicant', 'member', 'employer', 'caseworker') AND owner = {REFERENCE}"
COMPANY = f"{KIND} = 'employer' AND split_part(owner, ':', 1) = 'company' AND split_part(owner, ':', 2) = ANY({GRANTS})"


def upgrade() -> None:
    migrate.plumbing(op)
    _document()
    op.create_table(
        "loose_object",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_loose_object")),
    )
    op.create_index(op.f("ix_loose_object_since"), "loose_object", ["since"])
    migrate.protect(op, "document", f"({CASEWORKER}) OR ({OWN}) OR ({COMPANY})")
    migrate.protect(op, "loose_object", f"holder <> '' AND holder = {REFERENCE}")


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("key", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT),
        sa.Column("next_scan_at", INSTANT, nullable=False),
        sa.CheckConstraint("state IN ('quarantine', 'released', 'refused')", name=op.f("ck_document_state_known")),
        sa.CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name=op.f("ck_document_refusal_told")),
        sa.CheckConstraint("(state = 'refused') = (key IS NULL)", name=op.f("ck_document_refused_not_kept")),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_size_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("key", name=op.f("uq_document_key")),
    )
    op.create_index(op.f("ix_document_owner_kind"), "document", ["owner", "kind"])
    op.create_index("ix_document_to_scan", "document", ["next_scan_at"], postgresql_where=sa.text("state = 'quarantine'"))
