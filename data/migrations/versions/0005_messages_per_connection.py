"""A lane may close its connections sooner for a while, because the receiver said so."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("lane", sa.Column("per_connection", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lane") as batch:
        batch.drop_column("per_connection")
