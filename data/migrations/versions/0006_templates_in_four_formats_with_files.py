"""Templates in four formats, with files"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("template", sa.Column("format", sa.String(), nullable=False, server_default="html"))
    op.add_column("template", sa.Column("source", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "blob",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_blob")),
    )
    _files("template")
    _files("campaign")


def _files(owner: str) -> None:
    table, column = f"{owner}_file", f"{owner}_id"
    op.create_table(
        table,
        sa.Column(column, Id, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cid", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=op.f(f"fk_{table}_{column}")),
        sa.ForeignKeyConstraint(["digest"], ["blob.digest"], name=op.f(f"fk_{table}_digest")),
        sa.UniqueConstraint(column, "name", name=op.f(f"uq_{table}_{column}_name")),
    )
