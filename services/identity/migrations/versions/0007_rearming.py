"""Caseworkers' access given back: what was lost ends, a link lets them in again; an administrator's waits for a second colleague."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate
from chassis.migrate import GRANTS, KIND

revision = "0007"
down_revision = "0006"

INSTANT = sa.DateTime(timezone=True)
BRAND = "current_setting('affilia.brand', true)"
DESK = f"{KIND} = 'caseworker' AND 'platform' = ANY({GRANTS})"
COLLEAGUES = "(SELECT id FROM account WHERE kind = 'caseworker')"
"""Whom row-level security lets a caseworker see; which one may act is decided before."""
LOST = {
    "device": f"account_id IN {COLLEAGUES}",
    "oidc_link": f"account_id IN {COLLEAGUES}",
    "password_reset": f"account_id IN {COLLEAGUES}",
    "recovery_code": f"account_id IN {COLLEAGUES}",
    "code": "holder IN (SELECT 'account:' || id FROM account WHERE kind = 'caseworker')",
}


def upgrade() -> None:
    op.add_column("account", sa.Column("disarmed_at", INSTANT))
    op.add_column("invitation", sa.Column("account_id", sa.Uuid()))
    op.create_foreign_key(op.f("fk_invitation_account_id_account"), "invitation", "account", ["account_id"], ["id"])
    _acts()
    for table, of_colleagues in LOST.items():
        op.execute(f"CREATE POLICY {table}_desk ON {table} USING ({DESK} AND {of_colleagues}) WITH CHECK ({DESK} AND {of_colleagues})")


def _acts() -> None:
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
    migrate.protect(op, "pending_act", f"{DESK} AND brand = {BRAND}")
