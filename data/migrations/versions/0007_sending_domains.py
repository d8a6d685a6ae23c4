"""Sending domains with everything that belongs to them, DKIM keys with their lives, a campaign's moves"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOVES = (
    *("draft>scheduled", "draft>sending", "draft>cancelled"),
    *("scheduled>draft", "scheduled>sending", "scheduled>held", "scheduled>cancelled"),
    *("held>draft", "held>scheduled", "held>sending", "held>cancelled"),
    *("sending>paused", "sending>finished", "sending>cancelled"),
    *("paused>sending", "paused>cancelled"),
    *("finished>sending", "cancelled>sending"),
)
NO_SUCH_MOVE = f"OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN {MOVES}"
SAID = "no such move of a campaign"


def upgrade() -> None:
    op.add_column("campaign", sa.Column("scheduled_at", sa.BigInteger(), nullable=True))
    for column in _of_a_sending_domain():
        op.add_column("sending_domain", column)
    op.create_table(
        "dkim_key",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("selector", sa.String(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("signing_at", sa.BigInteger(), nullable=True),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.Column("keep_until", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dkim_key")),
        sa.UniqueConstraint("domain", "selector", name=op.f("uq_dkim_key_domain_selector")),
    )
    for statement in _guard(op.get_bind().dialect.name):
        op.execute(statement)


def _of_a_sending_domain() -> tuple[sa.Column[Any], ...]:
    def text(name: str) -> sa.Column[Any]:
        return sa.Column(name, sa.String(), nullable=False, server_default="")

    def several(name: str) -> sa.Column[Any]:
        return sa.Column(name, sa.JSON(), nullable=False, server_default="[]")

    return (
        *map(text, ("feedback_address", "helo", "inbound_host", "tracking_target")),
        *map(several, ("servers", "ips")),
        sa.Column("second_signature", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("ready_at", sa.BigInteger(), nullable=True),
        sa.Column("verification", sa.JSON(), nullable=True),
    )


def _guard(dialect: str) -> list[str]:
    """The store refuses a move that is not in the table, whoever asks."""
    head = "CREATE TRIGGER campaign_move BEFORE UPDATE OF state ON campaign"
    if dialect == "sqlite":
        return [f"{head} WHEN {NO_SUCH_MOVE} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"]
    refuse = f"RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation'"
    return [
        f"CREATE FUNCTION campaign_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse}; END $$",
        f"{head} FOR EACH ROW WHEN ({NO_SUCH_MOVE}) EXECUTE FUNCTION campaign_move()",
    ]


def downgrade() -> None:
    op.execute("DROP TRIGGER campaign_move" + _on_campaign())
    op.drop_table("dkim_key")
    for column in _of_a_sending_domain():
        op.drop_column("sending_domain", column.name)
    op.drop_column("campaign", "scheduled_at")


def _on_campaign() -> str:
    return " ON campaign" if op.get_bind().dialect.name == "postgresql" else ""
