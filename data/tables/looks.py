"""What is examined, when, and what was seen."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from data.tables.base import Instant, identity, metadata, reference

target = Table(
    "target",
    metadata,
    identity(),
    Column("domain", String, nullable=False, unique=True),
    Column("profile", String, nullable=False),
    Column("ips", JSON, nullable=False),
    Column("selectors", JSON, nullable=False),
    Column("helos", JSON, nullable=False),
    Column("origin", String, nullable=False),  # "file": owned by the configuration; "store": made by a person
    Column("paused", Boolean, nullable=False, default=False),
    Column("at", Instant, nullable=False),
)

slot = Table(  # every nominal slot of the schedule; the worker's queue of looks
    "slot",
    metadata,
    identity(),
    Column("kind", String, nullable=False),  # "audit", "confirm", "placement", ...
    Column("subject", String, nullable=False),  # the domain, incident id ... that the look is for
    Column("due_at", Instant, nullable=False),
    Column("state", String, nullable=False),  # due, running, ran, failed, coalesced, missed
    Column("args", JSON, nullable=False),
    Column("owner", String),
    Column("lease_until", Instant),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("note", Text, nullable=False, default=""),
    UniqueConstraint("kind", "subject", "due_at"),
    Index(None, "state", "due_at"),
)

observation = Table(  # append-only; an unchanged answer moves last_seen and looks, nothing else
    "observation",
    metadata,
    identity(),
    reference("target_id", "target.id"),
    Column("code", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("state", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("args", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("fingerprint", String, nullable=False),  # of state and args: equal means nothing changed
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("looks", Integer, nullable=False),
    Index(None, "target_id", "code", "subject", "last_seen"),
    Index(None, "last_seen"),
)

standing = Table(  # where each question stands: the last look, and the last look that could tell
    "standing",
    metadata,
    reference("target_id", "target.id"),
    Column("code", String, nullable=False),
    Column("subject", String, nullable=False),
    reference("latest_id", "observation.id"),
    reference("conclusive_id", "observation.id", nullable=True),
    Column("unknown_since", Instant),  # set while the latest look could not tell
    UniqueConstraint("target_id", "code", "subject"),
)
