"""Invitations to a space, and caseworkers kept by their administrators."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis import migrate
from chassis.migrate import GRANTS, KIND

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True)
BRAND = "current_setting('affilia.brand', true)"
VISITOR = f"({KIND} = 'anonymous' AND brand = {BRAND})"
DESK = f"{KIND} = 'caseworker' AND 'platform' = ANY({GRANTS}) AND brand = {BRAND}"
OF_THE_DESK = {"account": "kind = 'caseworker'", "session": "kind = 'caseworker'", "challenge": "space = 'conseil'"}
"""The rows of colleagues that whoever keeps them must reach; which caseworker may is decided before."""


def upgrade() -> None:
    op.add_column("account", sa.Column("suspended_at", INSTANT))
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("company_names", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"),
        sa.Column("companies", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("role", sa.Text()),
        sa.Column("totp_secret", sa.LargeBinary()),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.Column("killed_at", INSTANT),
        sa.CheckConstraint(
            "(space = 'conseil') = (role IS NOT NULL AND totp_secret IS NOT NULL)", name=op.f("ck_invitation_caseworker_strong")
        ),
        sa.CheckConstraint("role IS NULL OR role IN ('read', 'handle', 'administer')", name=op.f("ck_invitation_role_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    open_ones = sa.text("used_at IS NULL AND killed_at IS NULL")
    op.create_index("ix_invitation_open", "invitation", ["brand", "space", "email"], postgresql_where=open_ones)
    migrate.protect(op, "invitation", f"{VISITOR} OR ({DESK} AND space = 'conseil')")
    for table, colleague in OF_THE_DESK.items():
        op.execute(f"CREATE POLICY {table}_desk ON {table} USING ({DESK} AND {colleague}) WITH CHECK ({DESK} AND {colleague})")
