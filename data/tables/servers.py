"""Sending domains, their keys, and the servers that mail goes out through."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from data.tables.base import Instant, identity, metadata, reference

sending_domain = Table(
    "sending_domain",
    metadata,
    identity(),
    Column("domain", String, nullable=False, unique=True),
    Column("selector", String, nullable=False),
    Column("return_path_domain", String, nullable=False),
    Column(
        "tracking_url", String, nullable=False
    ),  # https://… in the world, http://127.0.0.1:… in the sandbox
    Column("at", Instant, nullable=False),
    Column("feedback_address", String, nullable=False, default=""),  # CFBL-Address (RFC 9477)
    Column("servers", JSON, nullable=False, default=list),  # names of the allowed ones; []: any
    Column("ips", JSON, nullable=False, default=list),  # its mail leaves from these
    Column("helo", String, nullable=False, default=""),
    Column("inbound_host", String, nullable=False, default=""),  # the return path's MX
    Column("tracking_target", String, nullable=False, default=""),  # where the tracking host points
    Column("second_signature", Boolean, nullable=False, default=False),  # Ed25519 beside RSA
    Column("ready_at", Instant),  # when all its records were last seen on all name servers
    Column("verification", JSON),  # what was seen at the last look
)

dkim_key = Table(  # the public halves and their lives; the private halves are sealed in `secret`
    "dkim_key",
    metadata,
    identity(),
    Column("domain", String, nullable=False),
    Column("selector", String, nullable=False),
    Column("algorithm", String, nullable=False),  # rsa, ed25519
    Column("record", Text, nullable=False),  # what is to be published
    Column("state", String, nullable=False),  # made, signing, retired, revoked
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant),  # when DNS last had it on all name servers
    Column("signing_at", Instant),
    Column("retired_at", Instant),
    Column("keep_until", Instant),  # stays published until then: mail under way is still verified
    Column("revoked_at", Instant),
    UniqueConstraint("domain", "selector"),
)

server = Table(
    "server",
    metadata,
    identity(),
    Column("name", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),  # a key of sender.delivery.transports.TRANSPORTS
    Column("settings", JSON, nullable=False),
    Column("at", Instant, nullable=False),  # when kind or settings were last changed
    Column("state", String, nullable=False, default="open", server_default="open"),  # data.servers.Standing
    Column("reason", Text, nullable=False, default="", server_default=""),
    Column("since", Instant),  # when that state began
    Column("resume_at", Instant),  # when waiting ends, or a stopped server is looked at again
    Column("strikes", Integer, nullable=False, default=0, server_default="0"),  # stops in a row
    Column("tat", Instant),  # GCRA's theoretical arrival time, of the quota per second
)

server_usage = Table(  # what was claimed for a server in each minute: its quotas per hour and day
    "server_usage",
    metadata,
    reference("server_id", "server.id"),
    Column("minute", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    UniqueConstraint("server_id", "minute"),
)

server_member = Table(  # who sends for a pool, or stands in for a server
    "server_member",
    metadata,
    identity(),
    reference("pool_id", "server.id"),
    reference("server_id", "server.id"),
    Column("weight", Integer, nullable=False),
    Column("provider", String, nullable=False, default=""),  # "": whosever mailboxes these are
    reference("list_id", "mailing_list.id", nullable=True),
    Column("spare", Boolean, nullable=False, default=False),  # only while the others cannot
    Index(None, "pool_id"),
)
