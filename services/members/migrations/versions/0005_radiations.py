"""Radiations told directly by an employer without DSN (S1:314), and the lists of them that wait for a second person."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0005"
down_revision = "0004"

INSTANT = sa.DateTime(timezone=True)
CASEWORKER = f"{migrate.KIND} = 'caseworker'"
EMPLOYER = f"{migrate.KIND} = 'employer' AND brand = current_setting('affilia.brand', true) AND siren = ANY({migrate.GRANTS})"
OF_RIGHTS = f"{migrate.KIND} <> 'member' AND EXISTS (SELECT FROM rights r WHERE r.id = radiation.rights_id)"


def upgrade() -> None:
    for name, kind in {"direct_end_on": sa.Date, "direct_motive": sa.Text, "direct_source": sa.Text, "direct_on": sa.Date}.items():
        op.add_column("rights", sa.Column(name, kind()))
    op.create_check_constraint(op.f("ck_rights_direct_word_whole"), "rights", "(direct_source IS NULL) = (direct_on IS NULL)")
    op.create_check_constraint(op.f("ck_rights_direct_end_whole"), "rights", "(direct_end_on IS NULL) = (direct_motive IS NULL)")
    op.create_check_constraint(op.f("ck_rights_direct_end_told"), "rights", "direct_end_on IS NULL OR direct_source IS NOT NULL")
    radiations()
    acts()
    migrate.protect(op, "radiation", OF_RIGHTS)
    migrate.protect(op, "pending_act", f"{CASEWORKER} OR ({EMPLOYER})")
    op.execute("CREATE TRIGGER radiation_append_only BEFORE UPDATE OR DELETE ON radiation FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def radiations() -> None:
    op.create_table(
        "radiation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("rights_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("motive", sa.Text()),
        sa.Column("message", sa.LargeBinary()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.CheckConstraint("verb IN ('radiate', 'correct', 'withdraw')", name=op.f("ck_radiation_verb_known")),
        sa.CheckConstraint("source IN ('employer', 'caseworker')", name=op.f("ck_radiation_source_known")),
        sa.CheckConstraint("(verb = 'withdraw') = (ended_on IS NULL)", name=op.f("ck_radiation_withdrawn_or_dated")),
        sa.CheckConstraint("(ended_on IS NULL) = (motive IS NULL)", name=op.f("ck_radiation_dated_with_motive")),
        sa.ForeignKeyConstraint(["rights_id"], ["rights.id"], name=op.f("fk_radiation_rights_id_rights")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radiation")),
    )
    op.create_index(op.f("ix_radiation_rights_id"), "radiation", ["rights_id"])


def acts() -> None:
    op.create_table(
        "pending_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
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
