"""Placement tests."""

from sqlalchemy import JSON, Column, Float, String, Table, Text, UniqueConstraint

from data.tables.base import Instant, identity, metadata, reference

seed = Table(
    "seed",
    metadata,
    identity(),
    Column("name", String, nullable=False, unique=True),
    Column("address", String, nullable=False, unique=True),
    Column("provider", String, nullable=False),
    Column("adapter", String, nullable=False),  # "maildir"; "imap" follows
    Column("location", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

placement_test = Table(
    "placement_test",
    metadata,
    identity(),
    Column("marker", String, nullable=False, unique=True),
    reference("campaign_id", "campaign.id", nullable=True),  # of class "seed": its rows say what was sent
    reference("template_id", "template.id", nullable=True),
    reference("server_id", "server.id", nullable=True),
    reference("sending_domain_id", "sending_domain.id", nullable=True),
    Column("state", String, nullable=False),  # sending, waiting, done
    Column("started_at", Instant, nullable=False),
    Column("deadline_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

placement = Table(
    "placement",
    metadata,
    reference("test_id", "placement_test.id"),
    reference("seed_id", "seed.id"),
    Column("verdict", String, nullable=False),  # waiting inbox tab spam missing account_error not_sent
    Column("folder", String, nullable=False, default=""),
    Column("delay_seconds", Float),
    Column("authentication", JSON, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    UniqueConstraint("test_id", "seed_id"),
)
