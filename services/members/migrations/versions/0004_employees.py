"""Employers' screens: what a contract says of its plans and contributions, lists that an index orders, saved views, dependents.

``rights.search_name`` repeats the person's, so that one index orders and searches a company's list. Nobody has to keep it right: the
foreign key follows the person's name, and a row that does not tell it (the code of before) takes it from the person.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis import migrate

revision = "0004"
down_revision = "0003"

OF_RIGHTS = "EXISTS (SELECT FROM rights r WHERE r.id = dependent.rights_id)"
OF_PERSON = "EXISTS (SELECT FROM rights r WHERE r.person_id = person_key.person_id)"
CASEWORKER, EMPLOYER = f"{migrate.KIND} = 'caseworker'", f"{migrate.KIND} = 'employer'"
WALLS = {
    "dependent": f"{CASEWORKER} OR ({migrate.KIND} IN ('member', 'employer') AND {OF_RIGHTS})",
    "person_key": f"{CASEWORKER} OR ({EMPLOYER} AND {OF_PERSON})",
}
MINE = f"{EMPLOYER} AND account_id::text = {migrate.ACCOUNT}"
ENDS = "coalesce(ends_on, 'infinity'::date)"
"""SQL: the last covered day, after all days while cover is open."""


def upgrade() -> None:
    contracts()
    search_names()
    for table, visible in WALLS.items():
        op.execute(f"DROP POLICY {table}_wall ON {table}")
        migrate.protect(op, table, visible)
    saved_views()
    migrate.protect(op, "saved_view", MINE)


def contracts() -> None:
    op.add_column("contract", sa.Column("insurer_name", sa.Text()))
    for name in ("plans", "contributions"):
        op.add_column("contract", sa.Column(name, JSONB(), nullable=False, server_default=sa.text("'[]'::jsonb")))
    for name in ("populations", "sirets"):
        op.add_column("contract", sa.Column(name, ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'::text[]")))


def search_names() -> None:
    op.add_column("rights", sa.Column("search_name", sa.Text(collation="C")))
    op.execute("UPDATE rights SET search_name = person.search_name FROM person WHERE person.id = rights.person_id")
    op.alter_column("rights", "search_name", nullable=False)
    op.create_unique_constraint(op.f("uq_person_id_search_name"), "person", ["id", "search_name"])
    op.create_foreign_key(
        op.f("fk_rights_person_id_search_name_person"),
        "rights",
        "person",
        ["person_id", "search_name"],
        ["id", "search_name"],
        onupdate="CASCADE",
    )
    op.drop_constraint(op.f("fk_rights_person_id_person"), "rights", type_="foreignkey")
    op.execute(
        "CREATE FUNCTION take_search_name() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN SELECT search_name INTO NEW.search_name FROM person WHERE id = NEW.person_id; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER rights_search_name BEFORE INSERT ON rights FOR EACH ROW"
        " WHEN (NEW.search_name IS NULL) EXECUTE FUNCTION take_search_name()"
    )
    op.create_index(op.f("ix_rights_siren_search_name_id"), "rights", ["siren", "search_name", "id"])
    op.create_index(op.f("ix_rights_siren_siret_search_name_id"), "rights", ["siren", "siret", "search_name", "id"])
    op.create_index(op.f("ix_rights_siren_starts_on_id"), "rights", ["siren", "starts_on", "id"])
    op.create_index("ix_rights_end", "rights", ["siren", sa.text(ENDS), "id"])


def saved_views() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filters", sa.LargeBinary(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 20", name=op.f("ck_saved_view_place_free")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("account_id", "place", name=op.f("uq_saved_view_account_id_place")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_view_account_id_name")),
    )
    op.create_index("uq_saved_view_default", "saved_view", ["account_id"], unique=True, postgresql_where=sa.text("is_default"))
