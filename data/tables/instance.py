"""The instance itself: its words, its secrets, who is alive."""

from sqlalchemy import JSON, Column, Integer, LargeBinary, String, Table, Text

from data.tables.base import Instant, metadata

meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

secret = Table(
    "secret",
    metadata,
    Column("name", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # AES-GCM under the key file, data/secrets.py
    Column("at", Instant, nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("process", String, primary_key=True),
    Column("pid", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("detail", JSON, nullable=False),
)
