"""The document base: what a brand publishes is read by everybody of that brand who is signed in, and written by caseworkers alone."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    published = "owner = 'library:' || current_setting('affilia.brand', true)"
    signed_in = "current_setting('affilia.kind', true) IN ('member', 'employer', 'caseworker')"
    op.execute(f"CREATE POLICY document_library ON document FOR SELECT USING ({published} AND {signed_in})")
