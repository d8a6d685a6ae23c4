"""What comes back."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from data.tables.base import Instant, identity, metadata, reference

event = Table(  # everything that came back, once each
    "event",
    metadata,
    identity(),
    Column("kind", String, nullable=False),  # open click unsubscribe bounce complaint delivered ...
    Column("at", Instant, nullable=False),
    reference("campaign_id", "campaign.id", nullable=True),
    reference("recipient_id", "recipient.id", nullable=True),
    reference("contact_id", "contact.id", nullable=True),
    reference("link_id", "link.id", nullable=True),
    Column("provider", String, nullable=False, default=""),
    Column("machine", Boolean, nullable=False, default=False),
    Column("evidence", Text, nullable=False, default=""),  # why we think it was a machine
    Column("detail", JSON, nullable=False),
    Column("key", String, nullable=False, unique=True),  # idempotence: the same report twice is one event
    Index(None, "campaign_id", "kind", "at"),
    Index(None, "recipient_id", "kind"),
    Index(None, "contact_id", "kind", "at"),
    Index(None, "provider", "kind", "at"),
)

hook_tally = Table(  # how often a provider's webhook was called, and what became of it
    "hook_tally",
    metadata,
    Column("hook", String, nullable=False),  # "ses", or "ses/server"
    Column("what", String, nullable=False),  # recorded, refused, unknown ...
    Column("word", String, nullable=False),  # the provider's own name of the event, or why it was refused
    Column("count", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("sample", Text, nullable=False, default=""),
    UniqueConstraint("hook", "what", "word"),
)

mailbox = Table(  # the bounce mailboxes, which the configuration names
    "mailbox",
    metadata,
    Column("name", String, primary_key=True),
    Column("at", Instant, nullable=False),  # of the last visit
    Column("trouble", Text, nullable=False, default=""),
)

mailbox_mail = Table(  # how each message of a bounce mailbox stands
    "mailbox_mail",
    metadata,
    Column("mailbox", String, nullable=False),
    Column("validity", BigInteger, nullable=False),  # UIDVALIDITY
    Column("uid", BigInteger, nullable=False),
    Column("stand", String, nullable=False),  # begun, handled, filed, left, quarantined
    Column("tries", Integer, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    UniqueConstraint("mailbox", "validity", "uid"),
)
