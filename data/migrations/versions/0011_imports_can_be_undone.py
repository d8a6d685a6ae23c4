"""Which import recorded a consent, and which of an import's changes were taken back"""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """In words of SQL: batch mode would copy the tables."""
    integer = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    reference = "CONSTRAINT fk_consent_import_id REFERENCES contact_import (id)"
    op.execute(f"ALTER TABLE consent ADD COLUMN import_id {integer} {reference}")
    op.execute("ALTER TABLE import_change ADD COLUMN undone_at BIGINT")
