"""Warm-ups of servers at mailbox providers, and how their days went."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "warmup",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("egress", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("allowance", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warmup")),
        sa.UniqueConstraint("egress", "provider", name=op.f("uq_warmup_egress_provider")),
    )
    op.create_table(
        "warmup_day",
        sa.Column("warmup_id", Id, nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("allowance", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("deferred", sa.Integer(), nullable=False),
        sa.Column("hard", sa.Integer(), nullable=False),
        sa.Column("blocked", sa.Integer(), nullable=False),
        sa.Column("complaints", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["warmup_id"], ["warmup.id"], name=op.f("fk_warmup_day_warmup_id")),
        sa.UniqueConstraint("warmup_id", "day", name=op.f("uq_warmup_day_warmup_id_day")),
    )


def downgrade() -> None:
    op.drop_table("warmup_day")
    op.drop_table("warmup")
