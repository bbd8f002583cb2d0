"""What a payroll fact says, so that one which only repeats what was applied need not be folded again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("dsn_fact", sa.Column("saying", sa.LargeBinary()))
