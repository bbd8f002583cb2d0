"""Who reads whole social security numbers, as employers' habilitations tell it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("habilitation", sa.Column("sees_nir", sa.Boolean(), nullable=False, server_default=sa.false()))
