"""Invitations, suspensions, mandates, requests of one more company, and companies found by name."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate
from chassis.migrate import ACCOUNT, GRANTS, KIND

revision = "0002"
down_revision = "0001"

INSTANT = sa.DateTime(timezone=True)
CASEWORKER = f"{KIND} = 'caseworker' AND 'platform' = ANY({GRANTS})"
INVITED_HERE = "EXISTS (SELECT FROM habilitation h WHERE h.invitation_id = invitation.id AND h.siren = ANY({grants}))"
OF_MY_COMPANIES = f"{KIND} = 'employer' AND (invited_by::text = {ACCOUNT} OR {INVITED_HERE.format(grants=GRANTS)})"
STATES = "state IN ('waiting', 'asked', 'used', 'wrong', 'blocked', 'already_active', 'requested')"
HABILITATION_CHECKS = {
    "state_known": "state IN ('requested', 'invited', 'active', 'suspended', 'revoked')",
    "revoked_dated": "(state = 'revoked') = (revoked_at IS NOT NULL)",
    "of_somebody": "account_id IS NOT NULL OR (invitation_id IS NOT NULL AND state IN ('invited', 'revoked'))",
    "resumes_when_suspended": "resumes_on IS NULL OR state = 'suspended'",
}


def upgrade() -> None:
    _search()
    _invitations()
    _habilitations()
    _requests()


def _search() -> None:
    op.add_column("company", sa.Column("folded_name", sa.Text(collation="C"), nullable=False, server_default=""))
    op.execute("UPDATE company SET folded_name = lower(name)")
    op.create_index(op.f("ix_company_folded_name_siren"), "company", ["folded_name", "siren"])


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("email", sa.LargeBinary()),
        sa.Column("email_fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("first_name", sa.LargeBinary()),
        sa.Column("last_name", sa.LargeBinary()),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("sendings", sa.Integer(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.CheckConstraint("(closed_at IS NULL) = (email IS NOT NULL)", name=op.f("ck_invitation_person_erased")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index("ix_invitation_open", "invitation", ["email_fingerprint"], postgresql_where=sa.text("closed_at IS NULL"))
    op.create_index(op.f("ix_invitation_invited_by_sent_at"), "invitation", ["invited_by", "sent_at"])


def _habilitations() -> None:
    op.alter_column("habilitation", "account_id", nullable=True)
    op.alter_column("habilitation", "granted_at", nullable=True)
    op.add_column("habilitation", sa.Column("invitation_id", sa.Uuid()))
    op.add_column("habilitation", sa.Column("state", sa.Text(), nullable=False, server_default="active"))
    op.add_column("habilitation", sa.Column("resumes_on", sa.Date()))
    op.add_column("habilitation", sa.Column("ends_on", sa.Date()))
    op.add_column("habilitation", sa.Column("changed_at", INSTANT))
    op.execute("UPDATE habilitation SET changed_at = coalesce(revoked_at, granted_at), state = 'revoked' WHERE revoked_at IS NOT NULL")
    op.execute("UPDATE habilitation SET changed_at = granted_at WHERE changed_at IS NULL")
    op.alter_column("habilitation", "changed_at", nullable=False)
    op.create_foreign_key(op.f("fk_habilitation_invitation_id_invitation"), "habilitation", "invitation", ["invitation_id"], ["id"])
    for name, condition in HABILITATION_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_habilitation_{name}"), "habilitation", condition)
    op.create_index("ix_habilitation_invitation", "habilitation", ["invitation_id"], postgresql_where=sa.text("invitation_id IS NOT NULL"))
    op.add_column("account", sa.Column("email_fingerprint", sa.LargeBinary()))
    op.create_index(op.f("ix_account_email_fingerprint"), "account", ["email_fingerprint"])
    migrate.protect(op, "invitation", f"({CASEWORKER}) OR ({OF_MY_COMPANIES})")


def _requests() -> None:
    op.add_column("activation_request", sa.Column("asked_by", sa.Uuid()))
    op.create_index(op.f("ix_activation_request_asked_by_asked_at"), "activation_request", ["asked_by", "asked_at"])
    op.drop_constraint(op.f("ck_activation_request_state_known"), "activation_request")
    op.create_check_constraint(op.f("ck_activation_request_state_known"), "activation_request", STATES)
    own = f"{KIND} = 'employer' AND asked_by::text = {ACCOUNT}"
    op.execute(f"CREATE POLICY activation_request_own ON activation_request FOR SELECT USING ({own})")
    op.execute("DROP POLICY activation_request_left ON activation_request")
    op.execute(
        "CREATE POLICY activation_request_left ON activation_request FOR INSERT"
        f" WITH CHECK ({KIND} <> '' AND state = 'waiting' AND (asked_by IS NULL OR ({own})))"
    )
