"""Parcels, and the plumbing."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0001"
down_revision = None


def upgrade() -> None:
    migrate.plumbing(op)
    op.create_table(
        "parcel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight > 0", name=op.f("ck_parcel_weight_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel")),
    )
    migrate.protect(op, "parcel", f"{migrate.REFERENCE} = 'recipient:' || recipient OR {migrate.KIND} = 'clerk'")
