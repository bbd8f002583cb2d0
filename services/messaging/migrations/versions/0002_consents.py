"""What people accept to be written to about, as identity tells it."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("recipient", "purpose", "channel", name=op.f("pk_consent")),
    )
    migrate.protect(op, "consent", "false")
