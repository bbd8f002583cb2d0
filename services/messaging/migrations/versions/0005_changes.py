"""What changed for the employees of a company, read marks, and who wants it by e-mail; whether a company emits DSN."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0005"
down_revision = "0004"

EMPLOYER = f"{migrate.KIND} = 'employer' AND siren = ANY({migrate.GRANTS})"
"""What happens at a company is read by who acts for it now."""
CASEWORKER = f"{migrate.KIND} = 'caseworker' AND 'platform' = ANY({migrate.GRANTS})"
CHANGE = f"{EMPLOYER} AND brand = current_setting('affilia.brand', true)"
"""… in the brand of her space: a company may be insured by two."""
OWN = f"{migrate.KIND} = 'employer' AND account_id::text = {migrate.ACCOUNT}"

KINDS = (
    "'affiliation_sent', 'affiliation_finalised', 'affiliation_abandoned', 'affiliation_undelivered', 'rights_opened', 'rights_ended',"
    " 'rights_pending', 'rights_portability', 'rights_reopened', 'rights_kept'"
)
WALLS = {"employee": f"({EMPLOYER}) OR ({CASEWORKER})", "change": CHANGE, "mark": OWN, "digest": OWN}


def instant(name: str, **options: object) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), **options)  # type: ignore[arg-type]


def words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    op.add_column("place", sa.Column("emits_dsn", sa.Boolean()))
    _employee()
    _change()
    _own()
    for table, visible in WALLS.items():
        migrate.protect(op, table, visible)


def _employee() -> None:
    op.create_table(
        "employee",
        *words("about", "siren"),
        sa.Column("person", sa.Text()),
        sa.Column("first_name", sa.LargeBinary(), nullable=False),
        sa.Column("last_name", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("about", "siren", name=op.f("pk_employee")),
    )
    op.create_index(op.f("ix_employee_person"), "employee", ["person"])


def _change() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *words("cause", "brand", "siren", "siret", "about", "kind"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        instant("at", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("place", name=op.f("uq_change_place")),
        sa.UniqueConstraint("cause", name=op.f("uq_change_cause")),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_change_kind_known")),
    )
    for columns in (["siren", "on", "siret", "id"], ["siren", "place"], ["at"]):
        op.create_index(op.f(f"ix_change_{'_'.join(columns)}"), "change", columns)


def _own() -> None:
    op.create_table(
        "mark",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        instant("at", nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mark")),
    )
    op.create_table(
        "digest",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        *words("brand", "frequency"),
        instant("next_at"),
        sa.Column("through", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        instant("chosen_at", nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_digest")),
        sa.CheckConstraint("frequency IN ('daily', 'weekly', 'never')", name=op.f("ck_digest_frequency_known")),
        sa.CheckConstraint("(frequency = 'never') = (next_at IS NULL)", name=op.f("ck_digest_planned_unless_never")),
    )
    op.create_index("ix_digest_due", "digest", ["next_at"], postgresql_where=sa.text("next_at IS NOT NULL"))
