"""The mailbox: conversations and their messages."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0003"
down_revision = "0002"

CASEWORKER = f"{migrate.KIND} = 'caseworker' AND 'platform' = ANY({migrate.GRANTS})"
MINE = (
    f"brand = current_setting('affilia.brand', true) AND owner IN ({migrate.REFERENCE}, 'account:' || {migrate.ACCOUNT})"
    f" AND (company IS NULL OR company = ANY({migrate.GRANTS}))"
)
OF_A_THREAD = "EXISTS (SELECT FROM thread t WHERE t.id = thread_id)"
"""The thread's own wall applies inside: who reads it reads its messages."""


def instant(name: str, **options: object) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), **options)  # type: ignore[arg-type]


def upgrade() -> None:
    op.create_table(
        "thread",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("company", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("brand", "space", "motif", "motif_label")),
        sa.Column("object", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        instant("opened_at", nullable=False),
        instant("last_at", nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        instant("read_at"),
        sa.CheckConstraint("state IN ('asked', 'answered', 'closed')", name=op.f("ck_thread_state_known")),
        sa.CheckConstraint("(owner LIKE 'account:%') = (company IS NOT NULL)", name=op.f("ck_thread_company_of_employer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    op.create_index("ix_thread_owner", "thread", ["owner", "id"])
    op.create_index("ix_thread_waiting", "thread", ["brand", "expected_on", "id"], postgresql_where=sa.text("state = 'asked'"))
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("documents", sa.ARRAY(sa.Uuid()), nullable=False),
        instant("at", nullable=False),
        sa.CheckConstraint("author IN ('member', 'employer', 'caseworker')", name=op.f("ck_message_author_known")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_message_thread_id_thread")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_thread_id_id"), "message", ["thread_id", "id"])
    migrate.protect(op, "thread", f"{CASEWORKER} OR {MINE}")
    migrate.protect(op, "message", OF_A_THREAD)
