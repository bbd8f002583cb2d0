"""What no carrier took is seen by caseworkers, who may then write another way; they change nothing of it."""

from alembic import op

from chassis import migrate

revision = "0007"
down_revision = "0006"

CASEWORKER = f"{migrate.KIND} = 'caseworker' AND 'platform' = ANY({migrate.GRANTS})"


def upgrade() -> None:
    op.create_index("ix_notice_failed", "notice", ["id"], postgresql_where="state = 'failed'")
    op.execute(f"CREATE POLICY notice_failed ON notice FOR SELECT USING (state = 'failed' AND {CASEWORKER})")
    op.execute(f"CREATE POLICY attempt_refused ON attempt FOR SELECT USING (outcome = 'refused' AND {CASEWORKER})")
