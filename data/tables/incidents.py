"""Incidents and alerts."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from data.tables.base import Id, Instant, identity, metadata, reference

incident = Table(
    "incident",
    metadata,
    identity(),
    Column("fingerprint", String, nullable=False),  # (kind, object, operator family)
    Column("kind", String, nullable=False),  # "listing", "record", "blind", ...
    reference("target_id", "target.id", nullable=True),
    Column("code", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("state", String, nullable=False),  # pending, open, recovering, closed, withdrawn
    Column("first_seen", Instant, nullable=False),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    Column("detail", JSON, nullable=False),  # the looks, evidence, wording at the time
    Index(None, "state"),
    Index(None, "fingerprint"),
)

alert = Table(  # the outbox: at least once, one row per (incident, kind of notice, channel)
    "alert",
    metadata,
    identity(),
    reference("incident_id", "incident.id", nullable=True),
    Column("notice", String, nullable=False),  # "fired", "recovered", "test"
    Column("channel", String, nullable=False),
    Column("key", String, nullable=False, unique=True),
    Column("payload", JSON, nullable=False),
    Column("state", String, nullable=False),  # waiting, sent, given-up
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("error", Text, nullable=False, default=""),
    Column("digest", String),  # the key under which it was told together with others
    Index(None, "state", "next_at"),
    Index(None, "channel", "sent_at"),
)

silence = Table(  # what nobody wants to be told for a while; it always ends and always says why
    "silence",
    metadata,
    identity(),
    Column("matchers", JSON, nullable=False),  # {"domain": "*.example.com", "code": "BL-*", "subject": ...}
    Column("comment", Text, nullable=False),
    Column("author", String, nullable=False),
    Column("begins_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "ends_at"),
)

acknowledgement = Table(  # somebody works on it: no repetitions until then
    "acknowledgement",
    metadata,
    Column("incident_id", Id, ForeignKey("incident.id"), primary_key=True),
    Column("owner", String, nullable=False),
    Column("comment", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)
