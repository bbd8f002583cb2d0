"""Conversations about an employee, and whose the files are that messages carry."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0006"
down_revision = "0005"

OWN = f"owner IN ({migrate.REFERENCE}, 'account:' || {migrate.ACCOUNT})"
COMPANY = f"{migrate.KIND} = 'employer' AND split_part(owner, ':', 1) = 'company' AND split_part(owner, ':', 2) = ANY({migrate.GRANTS})"
CASEWORKER = f"{migrate.KIND} = 'caseworker' AND 'platform' = ANY({migrate.GRANTS})"


def upgrade() -> None:
    op.add_column("thread", sa.Column("employee", sa.Text()))
    op.create_check_constraint(op.f("ck_thread_employee_of_company"), "thread", "employee IS NULL OR company IS NOT NULL")
    op.create_table(
        "attachment",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_attachment")),
    )
    migrate.protect(op, "attachment", f"({OWN}) OR ({COMPANY}) OR ({CASEWORKER})")
