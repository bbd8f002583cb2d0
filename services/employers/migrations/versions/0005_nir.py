"""Who reads whole social security numbers: a user may be given what administrators have."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("habilitation", sa.Column("sees_nir", sa.Boolean(), nullable=False, server_default=sa.false()))
