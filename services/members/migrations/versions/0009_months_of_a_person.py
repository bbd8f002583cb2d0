"""What payrolls told of somebody is found month by month: whoever a month forgot costs one look at an index."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_index(op.f("ix_dsn_fact_person_key_month"), "dsn_fact", ["person_key", "month"])
    op.drop_index(op.f("ix_dsn_fact_person_key"), "dsn_fact")
