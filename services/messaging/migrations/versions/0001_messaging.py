"""Contacts, places, readers, notices, attempts, caught messages, and the plumbing."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0001"
down_revision = None

NOBODY = "false"
"""Seen by the platform alone: no person reads these tables."""

MINE = f"recipient IN ({migrate.REFERENCE}, 'account:' || {migrate.ACCOUNT})"
"""Who somebody is here: the person an account stands for, or the account itself."""

MY_NOTICES = f"{MINE} AND (company IS NULL OR company = ANY({migrate.GRANTS}))"
"""A notice is read by the one it was written to, and about a company only while the account acts for it."""

SIGNED_IN = f"{migrate.KIND} IN ('member', 'employer')"
"""Names of places are public (Sirene); the bell of whoever is signed in spells them."""

WALLS = {"contact": MINE, "place": SIGNED_IN, "reader": NOBODY, "notice": MY_NOTICES, "attempt": NOBODY, "caught": NOBODY}


def instant(name: str, **options: object) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), **options)  # type: ignore[arg-type]


def upgrade() -> None:
    migrate.plumbing(op)
    _who_is_reached()
    _what_is_told()
    _what_was_tried()
    for table, visible in WALLS.items():
        migrate.protect(op, table, visible)


def _who_is_reached() -> None:
    op.create_table(
        "contact",
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("first_name", sa.LargeBinary(), nullable=False),
        sa.Column("last_name", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary()),
        sa.Column("phone", sa.LargeBinary()),
        sa.Column("proven", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("recipient", name=op.f("pk_contact")),
    )
    op.create_table(
        "place",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_place")),
    )
    op.create_table(
        "reader",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        instant("told_at", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "siren", name=op.f("pk_reader")),
    )
    op.create_index(op.f("ix_reader_siren"), "reader", ["siren"])


def _what_is_told() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("cause", "recipient", "channel", "brand", "about")),
        sa.Column("company", sa.Text()),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("to", sa.LargeBinary()),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        instant("created_at", nullable=False),
        instant("expires_at"),
        instant("next_try_at", nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false()),
        instant("handed_over_at"),
        instant("read_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("cause", "recipient", "channel", name=op.f("uq_notice_cause_recipient_channel")),
        sa.CheckConstraint("channel IN ('email', 'sms', 'post')", name=op.f("ck_notice_channel_known")),
        sa.CheckConstraint(
            "state IN ('waiting_contact', 'pending', 'handing_over', 'handed_over', 'expired', 'failed')",
            name=op.f("ck_notice_state_known"),
        ),
        sa.CheckConstraint("(state = 'handed_over') = (handed_over_at IS NOT NULL)", name=op.f("ck_notice_handed_over_dated")),
    )
    op.create_index("ix_notice_due", "notice", ["expires_at", "next_try_at", "id"], postgresql_where=sa.text("state = 'pending'"))
    op.create_index("ix_notice_in_hand", "notice", ["id"], postgresql_where=sa.text("state = 'handing_over'"))
    op.create_index("ix_notice_waiting", "notice", ["recipient"], postgresql_where=sa.text("state = 'waiting_contact'"))
    op.create_index("ix_notice_recipient", "notice", ["recipient", "id"])
    op.create_index("ix_notice_about", "notice", ["about", "recipient", "id"])


def _what_was_tried() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        instant("at", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("reference", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_attempt_notice_id_notice")),
        sa.CheckConstraint(
            "outcome IN ('began', 'interrupted', 'handed_over', 'unreachable', 'refused', 'expired')", name=op.f("ck_attempt_outcome_known")
        ),
    )
    op.create_index(op.f("ix_attempt_notice_id_id"), "attempt", ["notice_id", "id"])
    op.execute("CREATE TRIGGER attempt_append_only BEFORE UPDATE OR DELETE ON attempt FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.create_table(
        "caught",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        instant("at", nullable=False, server_default=sa.func.now()),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caught")),
    )
