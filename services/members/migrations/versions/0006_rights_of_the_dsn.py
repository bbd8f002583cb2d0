"""Closed contracts, months that forget somebody, and the proofs of a portability as it goes on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrate

revision = "0006"
down_revision = "0005"

BRAND = "current_setting('affilia.brand', true)"
CASEWORKER = f"{migrate.KIND} = 'caseworker'"
EMPLOYER = f"{migrate.KIND} = 'employer' AND brand = {BRAND} AND siren = ANY({migrate.GRANTS})"
PORTABILITY = {
    "confirmed_on": sa.Date(),
    "proof_due_on": sa.Date(),
    "reminded_on": sa.Date(),
    "halted_on": sa.Date(),
    "halt": sa.Text(),
    "entitlement": JSONB(),
}

OWN = {
    "dsn_fact": "EXISTS (SELECT FROM company c WHERE c.siren = left(dsn_fact.siret, 9))",
    "dsn_outcome": "EXISTS (SELECT FROM dsn_fact f WHERE f.id = dsn_outcome.fact_id)",
}
# An employer reads what the payrolls of her companies told, and nothing else of the feed: row security shows her no other company.


def upgrade() -> None:
    op.add_column("dsn_fact", sa.Column("contract_reference", sa.Text()))
    op.create_index("ix_dsn_fact_closing", "dsn_fact", ["siret"], postgresql_where=sa.text("contract_reference IS NOT NULL"))
    taken = sa.text("name = 'dsn.declaration_taken.v1'")
    op.create_index("ix_dsn_fact_taken", "dsn_fact", ["siret", "month"], postgresql_where=taken)
    for name, kind in PORTABILITY.items():
        op.add_column("rights", sa.Column(name, kind))
    op.create_check_constraint(op.f("ck_rights_halted_with_why"), "rights", "(halted_on IS NULL) = (halt IS NULL)")
    op.create_check_constraint(op.f("ck_rights_halt_known"), "rights", "halt IN ('benefit_ended', 'proof_missing')")
    op.create_index(op.f("ix_rights_siret_contract_reference"), "rights", ["siret", "contract_reference"])
    op.create_index("ix_rights_proof_due", "rights", ["proof_due_on"], postgresql_where=sa.text("status = 'portability'"))
    anomalies()
    for table, mine in OWN.items():
        op.execute(f"CREATE POLICY {table}_employer ON {table} FOR SELECT USING ({migrate.KIND} = 'employer' AND {mine})")


def anomalies() -> None:
    op.create_table(
        "anomaly",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rights_id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["rights_id"], ["rights.id"], name=op.f("fk_anomaly_rights_id_rights")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anomaly")),
        sa.UniqueConstraint("rights_id", "month", name=op.f("uq_anomaly_rights_id_month")),
    )
    op.create_index("ix_anomaly_open", "anomaly", ["siren", "month", "id"], postgresql_where=sa.text("closed_at IS NULL"))
    migrate.protect(op, "anomaly", f"{CASEWORKER} OR ({EMPLOYER})")
