"""The follow-up of a very large company, found by name, date, establishment and paper code; which value of a draft was saved when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.migrate import GRANTS, KIND, REFERENCE

revision = "0002"
down_revision = "0001"

LATEST = (sa.text("status_at DESC"), sa.text("id DESC"))
PAPER_CODE = "right(CAST(id AS text), 12)"
WALL = f"""
CASE {KIND}
  WHEN 'system' THEN true
  WHEN 'caseworker' THEN true
  WHEN 'employer' THEN brand = current_setting('affilia.brand', true) AND siren = ANY({GRANTS})
  WHEN 'applicant' THEN brand = current_setting('affilia.brand', true) AND {REFERENCE} = 'affiliation:' || id
  ELSE false
END
"""
"""The wall as it stood, said by cases: PostgreSQL takes a chain of « or » for a wall that nearly nothing passes, and sorts a whole company
rather than read the first page from its index."""


def upgrade() -> None:
    op.execute('ALTER TABLE affiliation ALTER COLUMN person_key TYPE text COLLATE "C"')
    op.execute(f"ALTER POLICY affiliation_wall ON affiliation USING ({WALL}) WITH CHECK ({WALL})")
    op.create_index("ix_affiliation_latest", "affiliation", [*LATEST])
    op.create_index(op.f("ix_affiliation_siren_person_key"), "affiliation", ["siren", "person_key"])
    op.create_index(op.f("ix_affiliation_siren_status_on"), "affiliation", ["siren", "status_on"])
    op.add_column("affiliation", sa.Column("paper_code", sa.Text(), sa.Computed(PAPER_CODE, persisted=True), nullable=False))
    op.create_index(op.f("ix_affiliation_paper_code"), "affiliation", ["paper_code"])
    op.create_index("ix_document_paper", "document", ["id"], postgresql_where=sa.text("kind = 'bulletin'"))
    op.add_column("draft", sa.Column("touched", JSONB(), nullable=False, server_default="{}"))
