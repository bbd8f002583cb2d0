"""Doors: the open form, the proof of accepted conditions, links to choose a password, authenticator applications, what SMS cost."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate
from chassis.migrate import ACCOUNT, KIND

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)

BRAND = "current_setting('affilia.brand', true)"
VISITOR = f"({KIND} = 'anonymous' AND brand = {BRAND})"
OWN = f"account_id::text = {ACCOUNT}"
THEIRS = f"(({KIND} = 'anonymous' AND account_id IN (SELECT id FROM account)) OR {OWN})"
"""Rows without a brand: those of an account that row-level security lets the visitor see."""

VISIBLE = {
    "opening": VISITOR,
    "terms_acceptance": THEIRS,
    "password_reset": f"{VISITOR} OR {OWN}",
    "totp_enrolment": OWN,
    "recovery_code": THEIRS,
    "sms_budget": f"brand = {BRAND} AND {KIND} IN ('anonymous', 'member', 'employer', 'caseworker')",
}


def column(name: str, kind: object, *, nullable: bool = False, **options: object) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable, **options)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_account_caseworker_strong"), "account")
    op.create_check_constraint(op.f("ck_account_caseworker_has_role"), "account", "(kind = 'caseworker') = (role IS NOT NULL)")
    op.create_check_constraint(op.f("ck_account_caseworker_strong"), "account", "kind <> 'caseworker' OR totp_secret IS NOT NULL")
    _openings()
    _passwords()
    _factors()
    for table, visible in VISIBLE.items():
        migrate.protect(op, table, visible)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id_account"))


def _openings() -> None:
    op.create_table(
        "opening",
        column("id", sa.Uuid()),
        column("brand", sa.Text()),
        column("space", sa.Text()),
        column("email", sa.Text()),
        column("phone", sa.Text(), nullable=True),
        column("first_name", sa.LargeBinary()),
        column("last_name", sa.LargeBinary()),
        column("password_hash", sa.Text()),
        column("terms_version", sa.Text()),
        column("terms_digest", sa.LargeBinary()),
        column("network", sa.Text()),
        column("asked_at", INSTANT),
        column("account_id", sa.Uuid(), nullable=True),
        column("completed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        _of_account("opening"),
    )
    op.create_index("ix_opening_asked", "opening", ["asked_at"])
    op.create_table(
        "terms_acceptance",
        column("id", sa.Uuid()),
        column("account_id", sa.Uuid()),
        column("space", sa.Text()),
        column("version", sa.Text()),
        column("digest", sa.LargeBinary()),
        column("accepted_at", INSTANT),
        column("network", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_acceptance")),
        _of_account("terms_acceptance"),
    )
    op.create_index("ix_terms_acceptance_account", "terms_acceptance", ["account_id", "accepted_at"])


def _passwords() -> None:
    op.create_table(
        "password_reset",
        column("id", sa.Uuid()),
        column("brand", sa.Text()),
        column("space", sa.Text()),
        column("email", sa.Text()),
        column("asked_at", INSTANT),
        column("resolved_at", INSTANT, nullable=True),
        column("account_id", sa.Uuid(), nullable=True),
        column("token_hash", sa.LargeBinary(), nullable=True),
        column("expires_at", INSTANT, nullable=True),
        column("used_at", INSTANT, nullable=True),
        column("killed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_reset_token_hash")),
        sa.CheckConstraint("(token_hash IS NULL) = (expires_at IS NULL)", name=op.f("ck_password_reset_token_expires")),
        _of_account("password_reset"),
    )
    op.create_index("ix_password_reset_unresolved", "password_reset", ["asked_at"], postgresql_where=sa.text("resolved_at IS NULL"))
    live = sa.text("used_at IS NULL AND killed_at IS NULL")
    op.create_index("ix_password_reset_live", "password_reset", ["account_id"], postgresql_where=live)


def _factors() -> None:
    op.create_table(
        "totp_enrolment",
        column("account_id", sa.Uuid()),
        column("secret", sa.LargeBinary()),
        column("tries", sa.Integer(), server_default="0"),
        column("begun_at", INSTANT),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_totp_enrolment")),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_totp_enrolment_tries_bounded")),
        _of_account("totp_enrolment"),
    )
    op.create_table(
        "recovery_code",
        column("account_id", sa.Uuid()),
        column("hash", sa.LargeBinary()),
        column("made_at", INSTANT),
        column("used_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("account_id", "hash", name=op.f("pk_recovery_code")),
        _of_account("recovery_code"),
    )
    op.create_table(
        "sms_budget",
        column("brand", sa.Text()),
        column("on", sa.Date()),
        column("sent", sa.Integer()),
        sa.PrimaryKeyConstraint("brand", "on", name=op.f("pk_sms_budget")),
    )
