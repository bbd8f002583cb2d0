"""The landline of a person, which she gives in her space (S0:277-281)."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("person", sa.Column("landline", sa.LargeBinary()))
