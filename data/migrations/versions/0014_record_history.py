"""What records said, from when to when"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "record",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column(
            "target_id", ID, sa.ForeignKey("target.id", name=op.f("fk_record_target_id")), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("value", sa.JSON()),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.UniqueConstraint(
            "target_id", "kind", "subject", "first_seen",
            name=op.f("uq_record_target_id_kind_subject_first_seen"),
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_record_first_seen"), "record", ["first_seen"])
