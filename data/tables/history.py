"""What a target's records said, and from when to when."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, UniqueConstraint

from data.tables.base import Instant, identity, metadata, reference

record = Table(  # append-only; an unchanged record moves last_seen and looks, nothing else
    "record",
    metadata,
    identity(),
    reference("target_id", "target.id"),
    Column("kind", String, nullable=False),  # checks.records.model.Kind
    Column("subject", String, nullable=False),
    Column("raw", JSON, nullable=False),  # what was answered, in order
    Column("value", JSON),  # what it means; null: there is none
    Column("fingerprint", String, nullable=False),  # of value alone: equal means that nothing changed
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("looks", Integer, nullable=False),
    UniqueConstraint("target_id", "kind", "subject", "first_seen"),
    Index(None, "first_seen"),
)
