"""What receivers report"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reporter", sa.String(), nullable=False),
        sa.Column("report_id", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("begin_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("mended", sa.Boolean(), nullable=False),
        sa.Column("damaged", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint(
            "kind",
            "reporter",
            "report_id",
            "domain",
            "begin_at",
            "end_at",
            name=op.f("uq_report_kind_reporter_report_id_domain_begin_at_end_at"),
        ),
    )
    op.create_index(op.f("ix_report_kind_domain_end_at"), "report", ["kind", "domain", "end_at"])
    op.create_table(
        "report_row",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column(
            "report_id",
            ID,
            sa.ForeignKey("report.id", name=op.f("fk_report_row_report_id")),
            nullable=False,
        ),
        sa.Column("source_ip", sa.String(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("disposition", sa.String(), nullable=False),
        sa.Column("dkim", sa.String(), nullable=False),
        sa.Column("spf", sa.String(), nullable=False),
        sa.Column("header_from", sa.String(), nullable=False),
        sa.Column("envelope_from", sa.String(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
    )
    op.create_index(op.f("ix_report_row_report_id"), "report_row", ["report_id"])
    op.create_table(
        "tls_row",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column(
            "report_id",
            ID,
            sa.ForeignKey("report.id", name=op.f("fk_tls_row_report_id")),
            nullable=False,
        ),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("succeeded", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.JSON(), nullable=False),
    )
    op.create_index(op.f("ix_tls_row_report_id"), "tls_row", ["report_id"])
    op.create_index(op.f("ix_tls_row_domain"), "tls_row", ["domain"])
