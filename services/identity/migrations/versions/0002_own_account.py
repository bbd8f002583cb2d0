"""One's own account: mobile applications, what people change of it, what they agree to, the copies of their data they ask for.

Whoever is signed in now counts tries and uses codes too, as visitors did: those of their own account.
"""

import sqlalchemy as sa
from alembic import op

from chassis import migrate
from chassis.migrate import ACCOUNT, KIND

revision = "0002"
down_revision = "0001"

INSTANT = sa.DateTime(timezone=True)

BRAND = "current_setting('affilia.brand', true)"
VISITOR = f"({KIND} = 'anonymous' AND brand = {BRAND})"
OWN = f"account_id::text = {ACCOUNT}"

VISIBLE = {
    "refresh_token": f"{VISITOR} OR {OWN}",
    "contact_change": f"{VISITOR} OR {OWN}",
    "consent": OWN,
    "account_export": OWN,
}
WIDENED = {
    "code": f"{VISITOR} OR holder = 'account:' || {ACCOUNT}",
    "hit": f"{VISITOR} OR {OWN}",
}


def upgrade() -> None:
    for table in ("session", "device"):
        op.add_column(table, sa.Column("browser", sa.Text(), nullable=False, server_default=""))
    op.add_column("hit", sa.Column("account_id", sa.Uuid()))
    op.add_column("session", sa.Column("refresh_until", INSTANT))
    op.add_column("account", sa.Column("deleted_at", INSTANT))
    op.create_index("ix_account_deleted", "account", ["deleted_at"], postgresql_where=sa.text("deleted_at IS NOT NULL"))
    _refresh_token()
    _contact_change()
    _consent()
    _account_export()
    for table, visible in VISIBLE.items():
        migrate.protect(op, table, visible)
    for table, visible in WIDENED.items():
        op.execute(f"DROP POLICY {table}_wall ON {table}")
        migrate.protect(op, table, visible)


def _refresh_token() -> None:
    op.create_table(
        "refresh_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_refresh_token")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_refresh_token_session_id_session"), ondelete="CASCADE"),
    )
    op.create_index("ix_refresh_token_session", "refresh_token", ["session_id"])


def _contact_change() -> None:
    op.create_table(
        "contact_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("former", sa.Text()),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("objection_hash", sa.LargeBinary()),
        sa.Column("objection_until", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_change")),
        sa.UniqueConstraint("objection_hash", name=op.f("uq_contact_change_objection_hash")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contact_change_account_id_account")),
        sa.CheckConstraint("what IN ('email', 'phone')", name=op.f("ck_contact_change_what_known")),
    )
    op.create_index("ix_contact_change_account", "contact_change", ["account_id"])


def _consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_consent_account_id_account")),
    )
    op.create_index("ix_consent_account", "consent", ["account_id", "id"])


def _account_export() -> None:
    op.create_table(
        "account_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("ready_at", INSTANT),
        sa.Column("document_id", sa.Uuid()),
        sa.Column("expires_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_export")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_export_account_id_account")),
    )
    op.create_index("ix_account_export_account", "account_export", ["account_id", "asked_at"])
