"""Acts on a whole company, that wait for a second caseworker."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate
from chassis.migrate import GRANTS, KIND

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True)
CASEWORKER = f"{KIND} = 'caseworker' AND 'platform' = ANY({GRANTS})"


def upgrade() -> None:
    op.create_table(
        "pending_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_at", INSTANT),
        sa.CheckConstraint("state IN ('asked', 'approved', 'refused')", name=op.f("ck_pending_act_state_known")),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_by IS NULL AND decided_at IS NULL)", name=op.f("ck_pending_act_decided_by_somebody")
        ),
        sa.CheckConstraint("state <> 'approved' OR decided_by <> asked_by", name=op.f("ck_pending_act_four_eyes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_act")),
    )
    migrate.protect(op, "pending_act", CASEWORKER)
