"""Companies, establishments, activation requests, habilitations, and the plumbing."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate
from chassis.migrate import ACCOUNT, GRANTS, KIND

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)
CASEWORKER = f"{KIND} = 'caseworker' AND 'platform' = ANY({GRANTS})"
EMPLOYER = f"{KIND} = 'employer' AND siren = ANY({GRANTS})"
OF_MY_COMPANIES = f"({CASEWORKER}) OR ({EMPLOYER})"
COLLEAGUE = (
    f"{KIND} = 'employer' AND EXISTS (SELECT FROM habilitation h WHERE h.account_id = account.id"
    f" AND h.revoked_at IS NULL AND h.siren = ANY({GRANTS}))"
)
STATES = "state IN ('waiting', 'asked', 'used', 'wrong', 'blocked', 'already_active')"


def upgrade() -> None:
    migrate.plumbing(op)
    _companies()
    _activation()
    _habilitations()
    migrate.protect(op, "company", OF_MY_COMPANIES)
    migrate.protect(op, "establishment", OF_MY_COMPANIES)
    migrate.protect(op, "habilitation", f"({OF_MY_COMPANIES}) OR account_id::text = {ACCOUNT}")
    migrate.protect(op, "account", f"({CASEWORKER}) OR id::text = {ACCOUNT} OR ({COLLEAGUE})")
    # The counter of the public door: whoever knocks reads and adds to it; it holds a fingerprint and an instant.
    migrate.protect(op, "activation_try", f"{KIND} <> ''")
    # A visitor leaves a request and never sees one, hers included.
    migrate.protect(op, "activation_request", "false")
    op.execute(f"CREATE POLICY activation_request_left ON activation_request FOR INSERT WITH CHECK ({KIND} <> '' AND state = 'waiting')")


def _companies() -> None:
    op.create_table(
        "company",
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("insurer", sa.Text(), nullable=False),
        sa.Column("identifier", sa.LargeBinary(), nullable=False),
        sa.Column("identifier_fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("contact_email", sa.LargeBinary()),
        sa.Column("contact_address", sa.LargeBinary()),
        sa.Column("emits_dsn", sa.Boolean(), nullable=False),
        sa.Column("registered_at", INSTANT, nullable=False),
        sa.Column("activated_at", INSTANT),
        sa.CheckConstraint("siren ~ '^[0-9]{9}$'", name=op.f("ck_company_siren_read")),
        sa.CheckConstraint("contact_email IS NOT NULL OR contact_address IS NOT NULL", name=op.f("ck_company_contact_known")),
        sa.PrimaryKeyConstraint("siren", name=op.f("pk_company")),
    )
    op.create_table(
        "establishment",
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("registered_at", INSTANT, nullable=False),
        sa.CheckConstraint("siret ~ '^[0-9]{14}$' AND left(siret, 9) = siren", name=op.f("ck_establishment_siret_of_siren")),
        sa.ForeignKeyConstraint(["siren"], ["company.siren"], name=op.f("fk_establishment_siren_company")),
        sa.PrimaryKeyConstraint("siret", name=op.f("pk_establishment")),
    )
    op.create_index(op.f("ix_establishment_siren"), "establishment", ["siren"])


def _activation() -> None:
    op.create_table(
        "activation_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("network", sa.LargeBinary(), nullable=False),
        sa.Column("tried_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation_try")),
    )
    op.create_index(op.f("ix_activation_try_network_tried_at"), "activation_try", ["network", "tried_at"])
    op.create_table(
        "activation_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("identifier_fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("first_name", sa.LargeBinary()),
        sa.Column("last_name", sa.LargeBinary()),
        sa.Column("email", sa.LargeBinary()),
        sa.Column("phone", sa.LargeBinary()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("account_id", sa.Uuid()),
        sa.CheckConstraint(STATES, name=op.f("ck_activation_request_state_known")),
        sa.CheckConstraint("(state IN ('waiting', 'asked')) = (email IS NOT NULL)", name=op.f("ck_activation_request_person_erased")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation_request")),
    )
    op.create_index("ix_activation_request_waiting", "activation_request", ["id"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index(op.f("ix_activation_request_siret_asked_at"), "activation_request", ["siret", "asked_at"])


def _habilitations() -> None:
    op.create_table(
        "habilitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.CheckConstraint("role IN ('administrator', 'user')", name=op.f("ck_habilitation_role_known")),
        sa.ForeignKeyConstraint(["siren"], ["company.siren"], name=op.f("fk_habilitation_siren_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_habilitation")),
    )
    op.create_index(op.f("ix_habilitation_siren"), "habilitation", ["siren"])
    op.create_index(
        "uq_habilitation_live", "habilitation", ["account_id", "siren"], unique=True, postgresql_where=sa.text("revoked_at IS NULL")
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first_name", sa.LargeBinary(), nullable=False),
        sa.Column("last_name", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
