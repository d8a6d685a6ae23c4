"""Servers stop by themselves, have quotas, and stand in for each other"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("server", sa.Column("state", sa.String(), nullable=False, server_default="open"))
    op.add_column("server", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("server", sa.Column("since", sa.BigInteger(), nullable=True))
    op.add_column("server", sa.Column("resume_at", sa.BigInteger(), nullable=True))
    op.add_column("server", sa.Column("strikes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("server", sa.Column("tat", sa.BigInteger(), nullable=True))
    op.create_table(
        "server_usage",
        sa.Column("server_id", Id, nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["server_id"], ["server.id"], name=op.f("fk_server_usage_server_id")),
        sa.UniqueConstraint("server_id", "minute", name=op.f("uq_server_usage_server_id_minute")),
    )
    op.create_table(
        "server_member",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("pool_id", Id, nullable=False),
        sa.Column("server_id", Id, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("list_id", Id, nullable=True),
        sa.Column("spare", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["server.id"], name=op.f("fk_server_member_pool_id")),
        sa.ForeignKeyConstraint(["server_id"], ["server.id"], name=op.f("fk_server_member_server_id")),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], name=op.f("fk_server_member_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_member")),
    )
    op.create_index(op.f("ix_server_member_pool_id"), "server_member", ["pool_id"])


def downgrade() -> None:
    op.drop_table("server_member")
    op.drop_table("server_usage")
    for column in ("tat", "strikes", "resume_at", "since", "reason", "state"):
        op.drop_column("server", column)
