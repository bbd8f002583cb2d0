"""Whoever changes their password ends the sign-ins that began with the old one: they must reach them."""

from alembic import op

from chassis.migrate import ACCOUNT

revision = "0006"
down_revision = "0005"

OWN = f"account_id::text = {ACCOUNT}"


def upgrade() -> None:
    op.execute(f"CREATE POLICY challenge_own ON challenge USING ({OWN}) WITH CHECK ({OWN})")
