"""Tags, segments and imports; what an import did stays apart from what people did since"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "segment",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("name", name=op.f("uq_segment_name")),
    )
    op.create_table(
        "contact_tag",
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_tag_contact_id")),
        sa.UniqueConstraint("contact_id", "tag", name=op.f("uq_contact_tag_contact_id_tag")),
    )
    op.create_index(op.f("ix_contact_tag_tag"), "contact_tag", ["tag"])
    _imports()
    _add("contact", "erased_at", "BIGINT")
    for table, column, target in (
        ("membership", "import_id", "contact_import"),
        ("suppression", "import_id", "contact_import"),
        ("campaign", "segment_id", "segment"),
    ):
        integer = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
        _add(table, column, f"{integer} CONSTRAINT fk_{table}_{column} REFERENCES {target} (id)")
    _add("suppression", "before", "JSON")


def _imports() -> None:
    op.create_table(
        "contact_import",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("list_id", Id, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], name=op.f("fk_contact_import_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_import")),
    )
    op.create_index(op.f("ix_contact_import_key"), "contact_import", ["key"])
    op.create_table(
        "import_change",
        sa.Column("import_id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("created", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_import_change_contact_id")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["contact_import.id"], name=op.f("fk_import_change_import_id")
        ),
        sa.UniqueConstraint("import_id", "contact_id", name=op.f("uq_import_change_import_id_contact_id")),
    )
    op.create_index(op.f("ix_import_change_contact_id"), "import_change", ["contact_id"])


def _add(table: str, column: str, kind: str) -> None:
    """In words of SQL: batch mode would copy the table, and the copy has no triggers."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
