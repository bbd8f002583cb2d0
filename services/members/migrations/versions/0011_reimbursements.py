"""Décomptes of Assurance Maladie, and the lines that they came to (S0:139-154, S3:125-150)."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0011"
down_revision = "0010"

EUROS = sa.Numeric(10, 2)
CASEWORKER = f"{migrate.KIND} = 'caseworker'"
HERS = f"{migrate.KIND} = 'member' AND {migrate.REFERENCE} = 'person:' || person_id"


def upgrade() -> None:
    statements()
    reimbursements()
    for table in ("statement", "reimbursement"):
        migrate.protect(op, table, f"{CASEWORKER} OR ({HERS})")
    op.execute(
        "CREATE TRIGGER reimbursement_append_only BEFORE UPDATE OR DELETE ON reimbursement FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def statements() -> None:
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("amc_number", sa.Text(), nullable=False),
        sa.Column("person_key", sa.LargeBinary(), nullable=False),
        sa.Column("told", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text()),
        sa.Column("person_id", sa.Uuid()),
        sa.CheckConstraint("state IN ('waiting', 'settled')", name=op.f("ck_statement_state_known")),
        sa.CheckConstraint("state = 'waiting' OR person_id IS NOT NULL", name=op.f("ck_statement_settled_for_somebody")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_statement_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("fund", "number", name=op.f("uq_statement_fund_number")),
    )
    op.create_index("ix_statement_waiting", "statement", ["person_key"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index(op.f("ix_statement_person_id_issued_on_id"), "statement", ["person_id", "issued_on", "id"])


def reimbursements() -> None:
    op.create_table(
        "reimbursement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rights_id", sa.Uuid(), nullable=False),
        sa.Column("beneficiary_id", sa.Uuid(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("care_on", sa.Date(), nullable=False),
        sa.Column("cost", EUROS, nullable=False),
        sa.Column("base", EUROS, nullable=False),
        sa.Column("base_scheme", EUROS, nullable=False),
        sa.Column("complementary", EUROS, nullable=False),
        sa.Column("left_to_pay", EUROS, nullable=False),
        sa.Column("paid_to", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("cost = base_scheme + complementary + left_to_pay", name=op.f("ck_reimbursement_parts_add_up")),
        sa.CheckConstraint("paid_to IN ('member', 'third_party')", name=op.f("ck_reimbursement_paid_to_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reimbursement_person_id_person")),
        sa.ForeignKeyConstraint(["rights_id"], ["rights.id"], name=op.f("fk_reimbursement_rights_id_rights")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_reimbursement_statement_id_statement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reimbursement")),
        sa.UniqueConstraint("statement_id", "number", name=op.f("uq_reimbursement_statement_id_number")),
    )
    op.create_index(op.f("ix_reimbursement_person_id_paid_on_id"), "reimbursement", ["person_id", "paid_on", "id"])
