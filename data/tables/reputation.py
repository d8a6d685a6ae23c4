"""The scores as they were, day by day."""

from sqlalchemy import JSON, Column, Float, Index, String, Table, UniqueConstraint

from data.tables.base import Instant, identity, metadata

reputation = Table(  # one row a day; the last computation of a day stands
    "reputation",
    metadata,
    identity(),
    Column("kind", String, nullable=False),  # domain, ip, provider
    Column("subject", String, nullable=False),
    Column("provider", String, nullable=False),  # "" for all
    Column("day", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    Column("score", Float),  # null: too much was unknown
    Column("low", Float, nullable=False),
    Column("parts", JSON, nullable=False),  # each input with weight, value, cost, source, when
    UniqueConstraint("kind", "subject", "provider", "day"),
    Index(None, "day"),
)
