"""Members: contracts, persons, rights, payroll facts, and their walls."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import migrate

revision = "0001"
down_revision = None

BRAND = "current_setting('affilia.brand', true)"
CASEWORKER = f"{migrate.KIND} = 'caseworker'"
EMPLOYER = f"{migrate.KIND} = 'employer' AND brand = {BRAND} AND siren = ANY({migrate.GRANTS})"
MEMBER = f"{migrate.KIND} = 'member'"
# Subqueries on rights see only the actor's own: row security applies inside policies too.
WALLS = {
    "company": f"{CASEWORKER} OR ({EMPLOYER})"
    f" OR ({MEMBER} AND EXISTS (SELECT FROM rights r WHERE r.brand = company.brand AND r.siren = company.siren))",
    "establishment": f"{CASEWORKER} OR ({EMPLOYER})"
    f" OR ({MEMBER} AND EXISTS (SELECT FROM rights r WHERE r.brand = establishment.brand AND r.siret = establishment.siret))",
    "contract": f"{CASEWORKER} OR ({EMPLOYER}) OR ({MEMBER} AND EXISTS (SELECT FROM rights r WHERE r.brand = contract.brand"
    " AND r.siren = contract.siren AND r.contract_reference = contract.reference))",
    "numbering": "false",
    "person": f"{CASEWORKER} OR {migrate.REFERENCE} = 'person:' || id"
    f" OR ({migrate.KIND} = 'employer' AND EXISTS (SELECT FROM rights r WHERE r.person_id = person.id))",
    "person_key": CASEWORKER,
    "rights": f"{CASEWORKER} OR ({EMPLOYER}) OR ({MEMBER} AND {migrate.REFERENCE} = 'person:' || person_id)",
    "dependent": f"{CASEWORKER} OR ({MEMBER} AND EXISTS (SELECT FROM rights r WHERE r.id = dependent.rights_id))",
    "movement": "EXISTS (SELECT FROM rights r WHERE r.id = movement.rights_id)",
    "dsn_fact": CASEWORKER,
    "dsn_outcome": CASEWORKER,
}
APPEND_ONLY = ("movement", "dsn_fact")


def upgrade() -> None:
    migrate.plumbing(op)
    portfolio()
    people()
    rights()
    payroll()
    for table, visible in WALLS.items():
        migrate.protect(op, table, visible)
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def portfolio() -> None:
    op.create_table(
        "company",
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("insurer", sa.Text(), nullable=False),
        sa.Column("emits_dsn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "siren", name=op.f("pk_company")),
    )
    op.create_table(
        "establishment",
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "siret", name=op.f("pk_establishment")),
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("insurer_code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("guarantees", JSONB(), nullable=False),
        sa.Column("amc_number", sa.Text(), nullable=False),
        sa.Column("convention_type", sa.Text(), nullable=False),
        sa.Column("csr", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("brand", "siren", "reference", name=op.f("uq_contract_brand_siren_reference")),
    )


def people() -> None:
    op.create_table(
        "numbering",
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("brand", name=op.f("pk_numbering")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("member_number", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("search_name", sa.Text(collation="C"), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=False),
        sa.Column("nir", sa.LargeBinary(), nullable=False),
        sa.Column("iban", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary()),
        sa.Column("phone", sa.LargeBinary()),
        sa.Column("address", sa.LargeBinary()),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(member_number) <= 15", name=op.f("ck_person_member_number_fits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("brand", "member_number", name=op.f("uq_person_brand_member_number")),
    )
    op.create_index(op.f("ix_person_search_name_id"), "person", ["search_name", "id"])
    op.create_table(
        "person_key",
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_key_person_id_person")),
        sa.PrimaryKeyConstraint("brand", "fingerprint", name=op.f("pk_person_key")),
    )
    op.create_index(op.f("ix_person_key_person_id"), "person_key", ["person_id"])


def rights() -> None:
    op.create_table(
        "rights",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("affiliation_id", sa.Uuid(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("opened_siret", sa.Text(), nullable=False),
        sa.Column("contract_reference", sa.Text(), nullable=False),
        sa.Column("professional_status", sa.Text(), nullable=False),
        sa.Column("spouse_covered", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        *standing(),
        sa.Column("employment_number", sa.Text()),
        sa.Column("employment_starts_on", sa.Date()),
        sa.Column("proved_on", sa.Date()),
        sa.Column("lapsed_on", sa.Date()),
        sa.CheckConstraint("status IN ('active', 'portability_pending', 'portability', 'ended')", name=op.f("ck_rights_status_known")),
        sa.CheckConstraint("(status = 'active') = (ends_on IS NULL)", name=op.f("ck_rights_open_or_ended")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_rights_ends_after_start")),
        sa.CheckConstraint("left(siret, 9) = siren", name=op.f("ck_rights_siret_of_siren")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rights_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights")),
        sa.UniqueConstraint("affiliation_id", name=op.f("uq_rights_affiliation_id")),
        sa.UniqueConstraint(
            "person_id",
            "contract_reference",
            "opened_siret",
            "starts_on",
            name=op.f("uq_rights_person_id_contract_reference_opened_siret_starts_on"),
        ),
    )
    op.create_index(op.f("ix_rights_siren_status"), "rights", ["siren", "status"])
    op.create_index("ix_rights_portability", "rights", ["portability_ends_on"], postgresql_where=sa.text("status = 'portability'"))
    op.create_table(
        "dependent",
        sa.Column("rights_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kinship", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=False),
        sa.Column("nir", sa.LargeBinary()),
        sa.CheckConstraint("kinship IN ('spouse', 'child', 'other')", name=op.f("ck_dependent_kinship_known")),
        sa.ForeignKeyConstraint(["rights_id"], ["rights.id"], name=op.f("fk_dependent_rights_id_rights")),
        sa.PrimaryKeyConstraint("rights_id", "rank", name=op.f("pk_dependent")),
    )
    op.create_table(
        "movement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("rights_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        *standing(),
        sa.ForeignKeyConstraint(["rights_id"], ["rights.id"], name=op.f("fk_movement_rights_id_rights")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
    )
    op.create_index(op.f("ix_movement_rights_id"), "movement", ["rights_id"])


def standing() -> list[sa.Column[object]]:
    """Where rights stand, in their row and in each line of their history."""
    return [
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("motive", sa.Text()),
        sa.Column("portability_months", sa.Integer()),
        sa.Column("portability_ends_on", sa.Date()),
    ]


def payroll() -> None:
    op.create_table(
        "dsn_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("rank_built_on", sa.Date(), nullable=False),
        sa.Column("rank_number", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date()),
        sa.Column("fraction", sa.Text(), nullable=False),
        sa.Column("target_built_on", sa.Date()),
        sa.Column("target_number", sa.BigInteger()),
        sa.Column("person_key", sa.LargeBinary()),
        sa.Column("former_key", sa.LargeBinary()),
        sa.Column("told", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dsn_fact")),
    )
    op.create_index(
        op.f("ix_dsn_fact_siret_nature_rank_built_on_rank_number"), "dsn_fact", ["siret", "nature", "rank_built_on", "rank_number"]
    )
    op.create_index(op.f("ix_dsn_fact_person_key"), "dsn_fact", ["person_key"])
    op.create_index(
        "ix_dsn_fact_correcting",
        "dsn_fact",
        ["siret"],
        postgresql_where=sa.text("type IN ('replaces', 'replaces_without_individual', 'cancels')"),
    )
    op.create_index("ix_dsn_fact_former_key", "dsn_fact", ["former_key"], postgresql_where=sa.text("former_key IS NOT NULL"))
    op.create_index("ix_dsn_fact_renewing", "dsn_fact", ["person_key"], postgresql_where=sa.text("former_key IS NOT NULL"))
    op.create_table(
        "dsn_outcome",
        sa.Column("fact_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'applied', 'superseded', 'noted')", name=op.f("ck_dsn_outcome_state_known")),
        sa.ForeignKeyConstraint(["fact_id"], ["dsn_fact.id"], name=op.f("fk_dsn_outcome_fact_id_dsn_fact")),
        sa.PrimaryKeyConstraint("fact_id", name=op.f("pk_dsn_outcome")),
    )
    op.create_index(op.f("ix_dsn_outcome_state_fact_id"), "dsn_outcome", ["state", "fact_id"])
