"""Accounts, proofs, sessions, applicants, and the plumbing.

Who sees which row: a visitor proves who they are row by row, so the doors of a brand read that brand alone; the edge (which holds the
secret) reads sessions; whoever is signed in sees what is theirs.
"""

import sqlalchemy as sa
from alembic import op

from chassis import migrate
from chassis.migrate import ACCOUNT, KIND, REFERENCE

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)

BRAND = "current_setting('affilia.brand', true)"
VISITOR = f"({KIND} = 'anonymous' AND brand = {BRAND})"
EDGE = f"{KIND} = 'edge'"
OWN = f"account_id::text = {ACCOUNT}"
APPLICANT = f"({KIND} = 'applicant' AND 'affiliation:' || affiliation_id = {REFERENCE})"

VISIBLE = {
    "account": f"{VISITOR} OR {EDGE} OR id::text = {ACCOUNT}",
    "habilitation": f"{EDGE} OR {OWN}",
    "activation": VISITOR,
    "challenge": VISITOR,
    "code": VISITOR,
    "hit": VISITOR,
    "session": f"{VISITOR} OR {EDGE} OR {OWN} OR {APPLICANT}",
    "device": f"{VISITOR} OR {OWN}",
    "applicant": f"{VISITOR} OR {EDGE} OR {APPLICANT}",
    "link": VISITOR,
    "access_request": VISITOR,
}


def column(name: str, kind: object, *, nullable: bool = False, **options: object) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable, **options)


def upgrade() -> None:
    migrate.plumbing(op)
    accounts()
    proofs()
    sessions()
    applicants()
    for table, visible in VISIBLE.items():
        migrate.protect(op, table, visible)


def accounts() -> None:
    op.create_table(
        "account",
        column("id", sa.Uuid()),
        column("brand", sa.Text()),
        column("space", sa.Text()),
        column("kind", sa.Text()),
        column("reference", sa.Text()),
        column("email", sa.Text(), nullable=True),
        column("phone", sa.Text(), nullable=True),
        column("first_name", sa.Text()),
        column("last_name", sa.Text()),
        column("password_hash", sa.Text(), nullable=True),
        column("activated_at", INSTANT, nullable=True),
        column("terms_version", sa.Text(), nullable=True),
        column("hold_until", INSTANT, nullable=True),
        column("role", sa.Text(), nullable=True),
        column("totp_secret", sa.LargeBinary(), nullable=True),
        column("totp_step", sa.Integer(), server_default="0"),
        column("told_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("brand", "space", "email", name=op.f("uq_account_brand_space_email")),
        sa.CheckConstraint("kind IN ('member', 'employer', 'caseworker')", name=op.f("ck_account_kind_known")),
        sa.CheckConstraint("(activated_at IS NULL) = (password_hash IS NULL)", name=op.f("ck_account_activated_with_password")),
        sa.CheckConstraint("role IS NULL OR role IN ('read', 'handle', 'administer')", name=op.f("ck_account_role_known")),
        sa.CheckConstraint(
            "(kind = 'caseworker') = (role IS NOT NULL AND totp_secret IS NOT NULL)", name=op.f("ck_account_caseworker_strong")
        ),
    )
    op.create_index("ix_account_member", "account", ["brand", "reference"], unique=True, postgresql_where=sa.text("kind = 'member'"))
    op.create_table(
        "habilitation",
        column("account_id", sa.Uuid()),
        column("siren", sa.Text()),
        column("role", sa.Text()),
        column("revoked", sa.Boolean()),
        column("told_at", INSTANT),
        sa.PrimaryKeyConstraint("account_id", "siren", name=op.f("pk_habilitation")),
    )


def proofs() -> None:
    op.create_table(
        "activation",
        column("id", sa.Uuid()),
        column("brand", sa.Text()),
        column("space", sa.Text()),
        column("email", sa.Text()),
        column("channel", sa.Text()),
        column("asked_at", INSTANT),
        column("resolved_at", INSTANT, nullable=True),
        column("account_id", sa.Uuid(), nullable=True),
        column("siren", sa.Text(), nullable=True),
        column("first_name", sa.Text(), nullable=True),
        column("last_name", sa.Text(), nullable=True),
        column("phone", sa.Text(), nullable=True),
        column("proof_hash", sa.LargeBinary(), nullable=True),
        column("proof_until", INSTANT, nullable=True),
        column("completed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_activation_account_id_account")),
    )
    op.create_index("ix_activation_unresolved", "activation", ["asked_at"], postgresql_where=sa.text("resolved_at IS NULL"))
    op.create_table(
        "challenge",
        column("id", sa.Uuid()),
        column("account_id", sa.Uuid()),
        column("brand", sa.Text()),
        column("space", sa.Text()),
        column("trigger", sa.Text()),
        column("needs_phone", sa.Boolean()),
        column("new_phone", sa.Text(), nullable=True),
        column("email_proved_at", INSTANT, nullable=True),
        column("device_id", sa.Uuid(), nullable=True),
        column("network", sa.Text()),
        column("tries", sa.Integer(), server_default="0"),
        column("created_at", INSTANT),
        column("completed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_challenge_account_id_account")),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_challenge_tries_bounded")),
    )
    op.create_table(
        "code",
        column("id", sa.Uuid()),
        column("brand", sa.Text()),
        column("request", sa.Text()),
        column("holder", sa.Text()),
        column("purpose", sa.Text()),
        column("channel", sa.Text()),
        column("hash", sa.LargeBinary()),
        column("tries", sa.Integer(), server_default="0"),
        column("created_at", INSTANT),
        column("expires_at", INSTANT),
        column("used_at", INSTANT, nullable=True),
        column("killed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_code_tries_bounded")),
    )
    live = sa.text("used_at IS NULL AND killed_at IS NULL")
    op.create_index("ix_code_live", "code", ["request"], postgresql_where=live)
    op.create_index("ix_code_holder", "code", ["holder", "purpose"], postgresql_where=live)
    op.create_table(
        "hit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        column("brand", sa.Text()),
        column("key", sa.LargeBinary()),
        column("at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hit")),
    )
    op.create_index("ix_hit_key", "hit", ["key", "at"])


def sessions() -> None:
    op.create_table(
        "session",
        column("id", sa.Uuid()),
        column("token_hash", sa.LargeBinary()),
        column("kind", sa.Text()),
        column("brand", sa.Text()),
        column("space", sa.Text()),
        column("account_id", sa.Uuid(), nullable=True),
        column("affiliation_id", sa.Uuid(), nullable=True),
        column("strong", sa.Boolean()),
        column("network", sa.Text()),
        column("created_at", INSTANT),
        column("last_seen_at", INSTANT),
        column("expires_at", INSTANT),
        column("ended_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id_account")),
        sa.CheckConstraint("(account_id IS NULL) <> (affiliation_id IS NULL)", name=op.f("ck_session_of_somebody")),
        sa.CheckConstraint("(kind = 'applicant') = (affiliation_id IS NOT NULL)", name=op.f("ck_session_kind_of_somebody")),
    )
    running = sa.text("ended_at IS NULL")
    op.create_index("ix_session_account", "session", ["account_id"], postgresql_where=running)
    op.create_index("ix_session_affiliation", "session", ["affiliation_id"], postgresql_where=running)
    op.create_table(
        "device",
        column("id", sa.Uuid()),
        column("account_id", sa.Uuid()),
        column("brand", sa.Text()),
        column("token_hash", sa.LargeBinary()),
        column("network", sa.Text()),
        column("first_seen_at", INSTANT),
        column("last_seen_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_device_account_id_account")),
    )
    op.create_index("ix_device_account", "device", ["account_id"])


def applicants() -> None:
    op.create_table(
        "applicant",
        column("affiliation_id", sa.Uuid()),
        column("brand", sa.Text()),
        column("first_name", sa.Text(), nullable=True),
        column("last_name", sa.Text(), nullable=True),
        column("email", sa.Text(), nullable=True),
        column("contact_given_at", INSTANT, nullable=True),
        column("state", sa.Text(), server_default="open"),
        column("told_at", INSTANT),
        sa.PrimaryKeyConstraint("affiliation_id", name=op.f("pk_applicant")),
        sa.CheckConstraint("state IN ('open', 'finalised', 'abandoned')", name=op.f("ck_applicant_state_known")),
    )
    op.create_index("ix_applicant_email", "applicant", ["brand", "email"])
    op.create_table(
        "link",
        column("id", sa.Uuid()),
        column("affiliation_id", sa.Uuid()),
        column("brand", sa.Text()),
        column("channel", sa.Text()),
        column("token_hash", sa.LargeBinary()),
        column("told_at", INSTANT),
        column("created_at", INSTANT),
        column("expires_at", INSTANT),
        column("used_at", INSTANT, nullable=True),
        column("killed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_token_hash")),
        sa.UniqueConstraint("affiliation_id", "told_at", name=op.f("uq_link_affiliation_id_told_at")),
        sa.ForeignKeyConstraint(["affiliation_id"], ["applicant.affiliation_id"], name=op.f("fk_link_affiliation_id_applicant")),
        sa.CheckConstraint("channel IN ('email', 'post')", name=op.f("ck_link_channel_known")),
    )
    op.create_index("ix_link_live", "link", ["affiliation_id"], postgresql_where=sa.text("used_at IS NULL AND killed_at IS NULL"))
    op.create_table(
        "access_request",
        column("id", sa.Uuid()),
        column("brand", sa.Text()),
        column("email", sa.Text()),
        column("asked_at", INSTANT),
        column("resolved_at", INSTANT, nullable=True),
        column("affiliation_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
        sa.ForeignKeyConstraint(["affiliation_id"], ["applicant.affiliation_id"], name=op.f("fk_access_request_affiliation_id_applicant")),
    )
    op.create_index("ix_access_request_unresolved", "access_request", ["asked_at"], postgresql_where=sa.text("resolved_at IS NULL"))
