"""What was said to whoever deleted an account is kept as long as their receipt says, and no longer (S2:30)."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "forgetting",
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("recipient", name=op.f("pk_forgetting")),
    )
    op.create_index(op.f("ix_forgetting_due_on"), "forgetting", ["due_on"])
    migrate.protect(op, "forgetting", "false")
