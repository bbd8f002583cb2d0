"""Portabilities that members declare (S4:150-168), and the documents that prove them."""

import sqlalchemy as sa
from alembic import op

from chassis import migrate

revision = "0008"
down_revision = "0007"

INSTANT = sa.DateTime(timezone=True)
CASEWORKER = f"{migrate.KIND} = 'caseworker'"
HERS = f"{migrate.KIND} = 'member' AND {migrate.REFERENCE} = 'person:' || person_id"
OF_REQUEST = "EXISTS (SELECT FROM portability_request r WHERE r.id = portability_proof.request_id)"


def upgrade() -> None:
    requests()
    proofs()
    for table in ("portability_request", "piece"):
        migrate.protect(op, table, f"{CASEWORKER} OR ({HERS})")
    migrate.protect(op, "portability_proof", OF_REQUEST)


def requests() -> None:
    op.create_table(
        "portability_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rights_id", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("motive", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("refusal", sa.LargeBinary()),
        sa.Column("declared_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_at", INSTANT),
        sa.CheckConstraint(
            "answer IN ('open', 'proof_refused', 'accepted', 'refused', 'withdrawn')", name=op.f("ck_portability_request_answer_known")
        ),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_portability_request_decided_by_somebody")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_portability_request_person_id_person")),
        sa.ForeignKeyConstraint(["rights_id"], ["rights.id"], name=op.f("fk_portability_request_rights_id_rights")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portability_request")),
    )
    live = sa.text("answer IN ('open', 'proof_refused')")
    op.create_index("uq_portability_request_live", "portability_request", ["rights_id"], unique=True, postgresql_where=live)
    op.create_index(op.f("ix_portability_request_person_id"), "portability_request", ["person_id"])
    op.create_index(op.f("ix_portability_request_answer_id"), "portability_request", ["answer", "id"])


def proofs() -> None:
    op.create_table(
        "portability_proof",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["portability_request.id"], name=op.f("fk_portability_proof_request_id_portability_request")
        ),
        sa.PrimaryKeyConstraint("request_id", "document_id", name=op.f("pk_portability_proof")),
    )
    op.create_table(
        "piece",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("refusal", sa.Text()),
        sa.CheckConstraint("state IN ('quarantine', 'released', 'refused')", name=op.f("ck_piece_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece")),
    )
