"""Counts of webhook calls"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "hook_tally",
        sa.Column("hook", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.UniqueConstraint("hook", "what", "word", name=op.f("uq_hook_tally_hook_what_word")),
    )
