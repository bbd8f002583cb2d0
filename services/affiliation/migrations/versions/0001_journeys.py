"""Journeys, their moves, drafts and documents; establishments, contracts and notices that others tell."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0001"
down_revision = None

HER_COMPANY = f"{migrate.KIND} = 'employer' AND siren = ANY({migrate.GRANTS})"
CASEWORKER = f"{migrate.KIND} = 'caseworker'"
OF_THE_BRAND = "brand = current_setting('affilia.brand', true)"
ITS_OWN = f"{migrate.KIND} = 'applicant' AND {migrate.REFERENCE} = 'affiliation:' || "
SEEN_WITH_ITS_AFFILIATION = "EXISTS (SELECT FROM affiliation a WHERE a.id = affiliation_id)"
"""The affiliation's own wall applies inside: who sees it sees what hangs on it."""

STATES = "('sent', 'started', 'finalised', 'abandoned')"
PIECE_STATES = "('received', 'quarantine', 'refused', 'waiting')"
JOURNEY = "status IN ('sent', 'started')"
PERIOD = "status IN ('sent', 'started', 'finalised')"


def upgrade() -> None:
    migrate.plumbing(op)
    _what_others_tell()
    _affiliation()
    _history()
    _draft()
    _document()
    _notice()


def _what_others_tell() -> None:
    op.create_table(
        "establishment",
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("siret", name=op.f("pk_establishment")),
    )
    op.create_index(op.f("ix_establishment_siren"), "establishment", ["siren"])
    op.create_table(
        "contract",
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("siren", "reference", name=op.f("pk_contract")),
    )
    for table in ("establishment", "contract"):
        migrate.protect(op, table, f"{HER_COMPANY} OR {CASEWORKER}")


def _affiliation() -> None:
    op.create_table(
        "affiliation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("establishment_name", sa.Text(), nullable=False),
        sa.Column("contract_reference", sa.Text(), nullable=False),
        sa.Column("contract_label", sa.Text(), nullable=False),
        sa.Column("professional_status", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("birth_on", sa.Date()),
        sa.Column("nir", sa.LargeBinary()),
        sa.Column("email", sa.LargeBinary()),
        sa.Column("address", sa.LargeBinary()),
        sa.Column("contact_email", sa.LargeBinary()),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True)),
        sa.Column("paused_until", sa.Date()),
        sa.Column("undelivered_at", sa.DateTime(timezone=True)),
        sa.Column("via", sa.Text()),
        sa.Column("restarts", sa.Uuid()),
        sa.CheckConstraint(f"status IN {STATES}", name=op.f("ck_affiliation_status_known")),
        sa.CheckConstraint("medium IN ('email', 'post')", name=op.f("ck_affiliation_medium_known")),
        sa.CheckConstraint("via IN ('online', 'paper')", name=op.f("ck_affiliation_via_known")),
        sa.CheckConstraint("(status = 'finalised') = (via IS NOT NULL)", name=op.f("ck_affiliation_finalised_somehow")),
        sa.CheckConstraint("medium <> 'email' OR email IS NOT NULL", name=op.f("ck_affiliation_email_has_an_email")),
        sa.CheckConstraint("medium <> 'post' OR address IS NOT NULL", name=op.f("ck_affiliation_post_has_an_address")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation")),
    )
    _only_one("uq_affiliation_one_journey", [], JOURNEY)
    _only_one("uq_affiliation_one_period", ["starts_on"], PERIOD)
    op.create_index("ix_affiliation_follow_up", "affiliation", ["siren", sa.text("status_at DESC"), sa.text("id DESC")])
    op.create_index("ix_affiliation_twins", "affiliation", ["siret", "person_key"])
    op.create_index("ix_affiliation_expiry", "affiliation", ["expires_at"], postgresql_where=sa.text(JOURNEY))
    op.create_index("ix_affiliation_reminder", "affiliation", ["remind_at"], postgresql_where=sa.text(JOURNEY))
    migrate.protect(op, "affiliation", f"{CASEWORKER} OR {OF_THE_BRAND} AND ({HER_COMPANY} OR {ITS_OWN} id)")


def _only_one(name: str, more: list[str], live: str) -> None:
    columns = ["siret", "contract_reference", "person_key", "birth_on", *more]
    op.create_index(name, "affiliation", columns, unique=True, postgresql_where=sa.text(live), postgresql_nulls_not_distinct=True)


def _history() -> None:
    op.create_table(
        "move",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("affiliation_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("left", sa.Text()),
        sa.Column("reached", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("medium", sa.Text()),
        sa.Column("reason", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
    )
    op.create_index(op.f("ix_move_affiliation_id"), "move", ["affiliation_id"])
    op.execute(
        "CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the history only grows' USING ERRCODE = 'insufficient_privilege'; END $$"
    )
    op.execute("CREATE TRIGGER move_append_only BEFORE UPDATE OR DELETE ON move FOR EACH ROW EXECUTE FUNCTION keep_history()")
    migrate.protect(op, "move", SEEN_WITH_ITS_AFFILIATION)


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("affiliation_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_draft_version_positive")),
        sa.PrimaryKeyConstraint("affiliation_id", name=op.f("pk_draft")),
    )
    migrate.protect(op, "draft", f"{ITS_OWN} affiliation_id")


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("affiliation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("refusal", sa.Text()),
        sa.CheckConstraint(f"state IN {PIECE_STATES}", name=op.f("ck_document_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_affiliation_id"), "document", ["affiliation_id"])
    migrate.protect(op, "document", f"{CASEWORKER} OR {ITS_OWN} affiliation_id")


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("affiliation_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_affiliation_id"), "notice", ["affiliation_id"])
    migrate.protect(op, "notice", SEEN_WITH_ITS_AFFILIATION)
