"""The follow-up of a very large company, found by name, date, establishment and paper code; which value of a draft was saved when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

LATEST = (sa.text("status_at DESC"), sa.text("id DESC"))
PAPER_CODE = "right(CAST(id AS text), 12)"


def upgrade() -> None:
    op.execute('ALTER TABLE affiliation ALTER COLUMN person_key TYPE text COLLATE "C"')
    op.create_index("ix_affiliation_latest", "affiliation", [*LATEST])
    op.create_index("ix_affiliation_place", "affiliation", ["siret", *LATEST])
    op.create_index(op.f("ix_affiliation_siren_person_key"), "affiliation", ["siren", "person_key"])
    op.create_index(op.f("ix_affiliation_siren_status_on"), "affiliation", ["siren", "status_on"])
    op.create_index("ix_affiliation_paper_code", "affiliation", [sa.text(PAPER_CODE)])
    op.create_index("ix_document_paper", "document", ["id"], postgresql_where=sa.text("kind = 'bulletin'"))
    op.add_column("draft", sa.Column("touched", JSONB(), nullable=False, server_default="{}"))
