"""Receipts: declarations that were read to their end, found by when they came."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    taken = sa.text("name = 'dsn.declaration_taken.v1'")
    op.create_index("ix_dsn_fact_declarations", "dsn_fact", ["told_at", "id"], postgresql_where=taken)
