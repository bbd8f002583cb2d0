"""The care network (S0:214-225, S4:295-318): communes, professionals, partners of brands, agencies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from chassis import migrate

revision = "0010"
down_revision = "0009"

MEMBERS = f"{migrate.KIND} = 'member'"
OF_THE_BRAND = f"{MEMBERS} AND brand = current_setting('affilia.brand', true)"
SORTABLE = sa.Text(collation="C")


def text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def position() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        *text("placed", "edition"),
    ]


def placed(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint("placed IN ('town', 'postcode', 'department')", name=op.f(f"ck_{table}_placed_known"))


def upgrade() -> None:
    files()
    communes()
    professionals()
    brands()
    for table in ("reference_file", "commune", "commune_postcode", "professional"):
        migrate.protect(op, table, "false")
        migrate.show(op, table, MEMBERS)
    for table in ("partner", "agency"):
        migrate.protect(op, table, "false")
        migrate.show(op, table, OF_THE_BRAND)


def files() -> None:
    op.create_table(
        "reference_file",
        *text("kind", "edition"),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_reference_file")),
    )


def communes() -> None:
    op.create_table(
        "commune",
        *text("insee", "name"),
        sa.Column("search_name", SORTABLE, nullable=False),
        sa.Column("postcodes", ARRAY(sa.Text()), nullable=False),
        *position(),
        sa.Column("population", sa.Integer(), nullable=False),
        placed("commune"),
        sa.PrimaryKeyConstraint("insee", name=op.f("pk_commune")),
    )
    op.create_index(op.f("ix_commune_search_name_insee"), "commune", ["search_name", "insee"])
    op.create_table(
        "commune_postcode",
        *text("postcode", "insee"),
        sa.PrimaryKeyConstraint("postcode", "insee", name=op.f("pk_commune_postcode")),
    )


def professionals() -> None:
    op.create_table(
        "professional",
        sa.Column("id", sa.Uuid(), nullable=False),
        *text("kind", "number", "name", "specialty", "organisation", "street", "postcode", "town", "phone"),
        *position(),
        placed("professional"),
        sa.CheckConstraint("kind IN ('rpps', 'finess')", name=op.f("ck_professional_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_professional")),
    )
    op.create_index(op.f("ix_professional_specialty_lat_lon"), "professional", ["specialty", "lat", "lon"])
    op.create_index(op.f("ix_professional_kind_edition"), "professional", ["kind", "edition"])


def brands() -> None:
    op.create_table(
        "partner",
        *text("brand", "number"),
        sa.Column("third_party_payment", sa.Boolean(), nullable=False),
        sa.Column("network", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        *text("edition"),
        sa.PrimaryKeyConstraint("brand", "number", name=op.f("pk_partner")),
    )
    op.create_table(
        "agency",
        *text("brand", "reference", "name", "street", "postcode", "town", "phone", "hours"),
        *position(),
        sa.PrimaryKeyConstraint("brand", "reference", name=op.f("pk_agency")),
    )
    op.create_index(op.f("ix_agency_brand_lat_lon"), "agency", ["brand", "lat", "lon"])
