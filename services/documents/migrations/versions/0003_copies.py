"""Files that end by themselves, and the copies of their data that people ask for; only the platform itself sees those."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("document", sa.Column("expires_at", INSTANT))
    ending = sa.text("expires_at IS NOT NULL AND key IS NOT NULL")
    op.create_index("ix_document_to_expire", "document", ["expires_at"], postgresql_where=ending)
    op.create_table(
        "copy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("key", sa.Text()),
        sa.Column("assembled_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy")),
    )
    op.create_table(
        "part",
        sa.Column("copy_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("copy_id", "service", name=op.f("pk_part")),
    )
    for table in ("copy", "part"):
        migrate.protect(op, table, "false")
