"""Notices that are told together"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("alert", sa.Column("digest", sa.String()))
    op.create_index(op.f("ix_alert_channel_sent_at"), "alert", ["channel", "sent_at"])
