"""When a campaign was last let go by a person."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("campaign", sa.Column("released_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE campaign SET released_at = started_at")


def downgrade() -> None:
    op.drop_column("campaign", "released_at")
