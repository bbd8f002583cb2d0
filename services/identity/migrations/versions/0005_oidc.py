"""OpenID Connect providers: attempts bound to a browser, and the persons of providers tied to accounts."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate
from chassis.migrate import ACCOUNT, KIND

revision = "0005"
down_revision = "0004"

INSTANT = sa.DateTime(timezone=True)

BRAND = "current_setting('affilia.brand', true)"
VISITOR = f"({KIND} = 'anonymous' AND brand = {BRAND})"
OWN = f"account_id::text = {ACCOUNT}"


def column(name: str, kind: object, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    _attempt()
    _link()
    migrate.protect(op, "oidc_attempt", VISITOR)
    migrate.protect(op, "oidc_link", f"{VISITOR} OR {OWN}")


def _attempt() -> None:
    op.create_table(
        "oidc_attempt",
        column("id", sa.Uuid()),
        column("brand", sa.Text()),
        column("space", sa.Text()),
        column("issuer", sa.Text()),
        column("state_hash", sa.LargeBinary()),
        column("ticket_hash", sa.LargeBinary()),
        column("asked_at", INSTANT),
        column("used_at", INSTANT, nullable=True),
        column("subject", sa.LargeBinary(), nullable=True),
        column("email", sa.LargeBinary(), nullable=True),
        column("proved_at", INSTANT, nullable=True),
        column("challenge_id", sa.Uuid(), nullable=True),
        column("completed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oidc_attempt")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_oidc_attempt_ticket_hash")),
        sa.CheckConstraint("(proved_at IS NULL) = (subject IS NULL)", name=op.f("ck_oidc_attempt_proved_with_subject")),
        sa.CheckConstraint("(proved_at IS NULL) = (email IS NULL)", name=op.f("ck_oidc_attempt_proved_with_email")),
    )
    op.create_index("ix_oidc_attempt_challenge", "oidc_attempt", ["challenge_id"])
    op.create_index("ix_oidc_attempt_asked", "oidc_attempt", ["asked_at"])


def _link() -> None:
    op.create_table(
        "oidc_link",
        column("id", sa.Uuid()),
        column("account_id", sa.Uuid()),
        column("brand", sa.Text()),
        column("space", sa.Text()),
        column("issuer", sa.Text()),
        column("subject", sa.LargeBinary()),
        column("linked_at", INSTANT),
        column("last_used_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oidc_link")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_oidc_link_account_id_account")),
        sa.UniqueConstraint("brand", "space", "subject", name=op.f("uq_oidc_link_brand_space_subject")),
        sa.UniqueConstraint("account_id", "issuer", name=op.f("uq_oidc_link_account_id_issuer")),
    )
