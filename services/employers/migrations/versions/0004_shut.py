"""Which company two caseworkers shut, and which rights they suspended with it: those alone come back with it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SHUT = "act.subject = 'company:' || {siren} AND act.kind = 'shut_company' AND act.state = 'approved'"
REOPENED = (
    "SELECT 1 FROM pending_act later WHERE later.subject = act.subject AND later.kind = 'reopen_company' AND later.state = 'approved'"
)


def upgrade() -> None:
    op.add_column("company", sa.Column("shut_at", sa.DateTime(timezone=True)))
    op.add_column("habilitation", sa.Column("shut_with_company", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_check_constraint(op.f("ck_habilitation_shut_when_suspended"), "habilitation", "NOT shut_with_company OR state = 'suspended'")
    op.execute("SET LOCAL affilia.kind = 'system'")  # row-level security binds the owner of the tables too
    still = f"{SHUT.format(siren='company.siren')} AND NOT EXISTS ({REOPENED} AND later.decided_at > act.decided_at)"
    op.execute(f"UPDATE company SET shut_at = act.decided_at FROM pending_act act WHERE {still}")
    of_act = SHUT.format(siren="habilitation.siren")
    together = f"{of_act} AND habilitation.state = 'suspended' AND habilitation.changed_at = act.decided_at"
    op.execute(f"UPDATE habilitation SET shut_with_company = true FROM pending_act act WHERE {together}")
