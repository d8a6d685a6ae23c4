"""Campaigns, their recipients and every try."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from data.tables.base import Instant, identity, metadata, reference

campaign = Table(
    "campaign",
    metadata,
    identity(),
    Column("name", String, nullable=False, unique=True),
    Column("message_class", String, nullable=False),
    Column("state", String, nullable=False),  # data.campaigns.State; its moves are MOVES there
    reference("list_id", "mailing_list.id", nullable=True),
    reference("segment_id", "segment.id", nullable=True),  # which of the list's people; null: all of them
    reference("template_id", "template.id"),
    reference("sending_domain_id", "sending_domain.id"),
    reference("server_id", "server.id"),
    Column("from_name", String, nullable=False),
    Column("from_address", String, nullable=False),
    Column("tracking", String, nullable=False),  # off, anonymous, individual
    Column("on_unknown", String, nullable=False),  # hold, resend
    Column("content", JSON),  # the copy of the template that was taken at the start
    Column("pause_reason", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("released_at", Instant),  # when a person last started or resumed it: lateness counts from there
    Column("scheduled_at", Instant),  # when it is to start by itself
)

_WAITING = text("state IN ('pending', 'deferred')")
_LEASED = text("lease_until IS NOT NULL")

recipient = Table(  # one row, one state (data/states.py) per (campaign, contact, step); the row is the queue
    "recipient",
    metadata,
    identity(),
    reference("campaign_id", "campaign.id"),
    reference("contact_id", "contact.id"),
    Column("step", Integer, nullable=False, default=0),
    Column("address", String, nullable=False),
    Column("provider", String, nullable=False),  # roll-up by MX, "" until looked up
    reference("lane_id", "lane.id", nullable=True),  # that claimed it last
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Instant, nullable=False),
    Column("first_at", Instant),  # of the first try: from here the time to give up is counted
    Column("owner", String),
    Column("fence", Integer, nullable=False, default=0),  # the number of the claim; whoever settles holds it
    Column("lease_until", Instant),
    Column("message_id", String, nullable=False, default=""),
    Column("code", Integer),
    Column("enhanced", String, nullable=False, default=""),
    Column("response", Text, nullable=False, default=""),
    Column("category", String, nullable=False, default=""),
    Column("settled_at", Instant),
    UniqueConstraint("contact_id", "campaign_id", "step"),
    CheckConstraint("(lease_until IS NOT NULL) = (state IN ('claimed', 'sending'))", name="leased"),
    Index(None, "campaign_id", "provider", "state"),
    Index(
        "ix_recipient_waiting",
        *("campaign_id", "provider", "state", "next_at", "id"),
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    Index("ix_recipient_leased", "lease_until", sqlite_where=_LEASED, postgresql_where=_LEASED),
)

attempt = Table(  # every try that was not simply accepted, and what was said
    "attempt",
    metadata,
    identity(),
    reference("recipient_id", "recipient.id"),
    reference("lane_id", "lane.id", nullable=True),
    Column("at", Instant, nullable=False),
    Column("result", String, nullable=False),  # sender.delivery.outcome.Result
    Column("phase", String, nullable=False),
    Column("host", String, nullable=False),
    Column("code", Integer),
    Column("enhanced", String, nullable=False),
    Column("response", Text, nullable=False),
    Column("category", String, nullable=False),
    Index(None, "recipient_id", "at"),
    Index(None, "at"),
)

campaign_file = Table(  # the template's files as they were at the start
    "campaign_file",
    metadata,
    reference("campaign_id", "campaign.id"),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("cid", String, nullable=False),
    Column("digest", String, ForeignKey("blob.digest"), nullable=False),
    UniqueConstraint("campaign_id", "name"),
)

link = Table(  # the stored destinations: redirects go nowhere else
    "link",
    metadata,
    identity(),
    reference("campaign_id", "campaign.id"),
    Column("position", Integer, nullable=False),
    Column("url", Text, nullable=False),
    UniqueConstraint("campaign_id", "position"),
)
