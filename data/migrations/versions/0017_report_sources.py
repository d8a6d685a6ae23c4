"""Who sends in a domain's name, by receivers' reports"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "report_source",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("proved", sa.String(), nullable=False),
        sa.Column("reverse", sa.String()),
        sa.Column("reverse_at", sa.BigInteger()),
        sa.UniqueConstraint("domain", "address", name=op.f("uq_report_source_domain_address")),
    )
    op.create_index(op.f("ix_report_source_last_at"), "report_source", ["last_at"])
    op.execute(
        "INSERT INTO report_source (domain, address, first_at, last_at, proved) "
        "SELECT report.domain, report_row.source_ip, min(report.begin_at), max(report.end_at), '' "
        "FROM report_row JOIN report ON report.id = report_row.report_id "
        "WHERE report.kind = 'aggregate' GROUP BY report.domain, report_row.source_ip"
    )
