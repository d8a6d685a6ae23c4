"""The tables, as SQLAlchemy Core. The store's history is in `migrations/`; a test holds that both agree.

Times are `Instant`: aware UTC datetimes in Python, integer microseconds since 1970 in the store, so that
both stores compare, index and bucket them alike.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Id = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as integer microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + timedelta(microseconds=value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[Any]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Id, ForeignKey(target), nullable=nullable)


# ---- the instance itself -------------------------------------------------------------------------

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

# ---- what is examined, when, and what was seen ---------------------------------------------------

target = Table(
    "target",
    metadata,
    _id(),
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
    _id(),
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
    _id(),
    _ref("target_id", "target.id"),
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
    _ref("target_id", "target.id"),
    Column("code", String, nullable=False),
    Column("subject", String, nullable=False),
    _ref("latest_id", "observation.id"),
    _ref("conclusive_id", "observation.id", nullable=True),
    Column("unknown_since", Instant),  # set while the latest look could not tell
    UniqueConstraint("target_id", "code", "subject"),
)

# ---- incidents and alerts ------------------------------------------------------------------------

incident = Table(
    "incident",
    metadata,
    _id(),
    Column("fingerprint", String, nullable=False),  # (kind, object, operator family)
    Column("kind", String, nullable=False),  # "listing", "record", "blind", ...
    _ref("target_id", "target.id", nullable=True),
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
    _id(),
    _ref("incident_id", "incident.id", nullable=True),
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
    Index(None, "state", "next_at"),
)

silence = Table(  # what nobody wants to be told for a while; it always ends and always says why
    "silence",
    metadata,
    _id(),
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

# ---- audience ------------------------------------------------------------------------------------

contact = Table(
    "contact",
    metadata,
    _id(),
    Column("email", String, nullable=False),  # as the person wrote it
    Column("address", String, nullable=False, unique=True),  # normalised: the identity
    Column("attributes", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Column("erased_at", Instant),  # what is left of an erased person: a row without a name, for the counts
)

contact_tag = Table(
    "contact_tag",
    metadata,
    _ref("contact_id", "contact.id"),
    Column("tag", String, nullable=False),
    UniqueConstraint("contact_id", "tag"),
    Index(None, "tag"),
)

segment = Table(  # a filter over the people of a list, kept as it was written
    "segment",
    metadata,
    _id(),
    Column("name", String, nullable=False, unique=True),
    Column("rule", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

contact_import = Table(
    "contact_import",
    metadata,
    _id(),
    Column("key", String, nullable=False),  # of the file's bytes and the options: the same import again
    Column("file", String, nullable=False),
    Column("sha256", String, nullable=False),
    _ref("list_id", "mailing_list.id"),
    Column("source", String, nullable=False),
    Column("wording", Text, nullable=False),
    Column("options", JSON, nullable=False),
    Column("state", String, nullable=False),  # running, done, undoing, undone
    Column("rows_done", Integer, nullable=False, default=0),  # moved in the transaction that stores them
    Column("counts", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(None, "key"),
)

import_change = Table(  # what an import did to whom, and what was before: from here it is undone
    "import_change",
    metadata,
    _ref("import_id", "contact_import.id"),
    _ref("contact_id", "contact.id"),
    Column("line", Integer, nullable=False),
    Column("created", Boolean, nullable=False),
    Column("before", JSON, nullable=False),
    Column("undone_at", Instant),
    UniqueConstraint("import_id", "contact_id"),
    Index(None, "contact_id"),
)

mailing_list = Table(
    "mailing_list",
    metadata,
    _id(),
    Column("name", String, nullable=False, unique=True),
    Column("title", String, nullable=False),
    Column("double_opt_in", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
)

membership = Table(
    "membership",
    metadata,
    _ref("list_id", "mailing_list.id"),
    _ref("contact_id", "contact.id"),
    Column("state", String, nullable=False),  # unconfirmed, subscribed, unsubscribed
    Column("at", Instant, nullable=False),
    _ref(
        "import_id", "contact_import.id", nullable=True
    ),  # that put it so, while nobody else has said it too
    UniqueConstraint("list_id", "contact_id"),
    Index(None, "contact_id"),
)

consent = Table(  # events, never changed: able to demonstrate (GDPR article 7(1))
    "consent",
    metadata,
    _id(),
    _ref("contact_id", "contact.id"),
    _ref("list_id", "mailing_list.id", nullable=True),
    Column("act", String, nullable=False),  # given, confirmed, withdrawn
    Column("source", String, nullable=False),
    Column("wording", Text, nullable=False),
    Column("form", String, nullable=False, default=""),  # which version of the wording they were shown
    Column("ip", String, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    _ref("import_id", "contact_import.id", nullable=True),  # that recorded it
    Index(None, "contact_id"),
)

own_address = Table(  # what an operator registered as their own: seed, test and alert mail goes nowhere else
    "own_address",
    metadata,
    Column("address", String, primary_key=True),
    Column("at", Instant, nullable=False),
)

suppression = Table(
    "suppression",
    metadata,
    _id(),
    Column("kind", String, nullable=False),  # address, domain, hash
    Column("value", String, nullable=False),
    Column("reason", String, nullable=False),  # hard_bounce, complaint, unsubscribe_all, manual, erased
    Column("detail", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    _ref(
        "import_id", "contact_import.id", nullable=True
    ),  # that made it so, while nobody else has said it too
    Column("before", JSON),  # the weaker entry in whose place the import put this one
    UniqueConstraint("kind", "value"),
)

# ---- campaigns and their recipients --------------------------------------------------------------

template = Table(
    "template",
    metadata,
    _id(),
    Column("name", String, nullable=False, unique=True),
    Column("subject", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("preheader", Text, nullable=False, default=""),
    Column("format", String, nullable=False, default="html"),  # what `source` is: html, mjml, markdown, text
    Column("source", Text, nullable=False, default=""),  # as the author wrote it; "" where that is the html
    Column("at", Instant, nullable=False),
)

blob = Table(  # the bytes of attachments and inline images, once each, never changed
    "blob",
    metadata,
    Column("digest", String, primary_key=True),  # SHA-256 in hex
    Column("content", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

template_file = Table(
    "template_file",
    metadata,
    _ref("template_id", "template.id"),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),  # its media type
    Column("cid", String, nullable=False),  # for inline images, src="cid:…"; "" for attachments
    Column("digest", String, ForeignKey("blob.digest"), nullable=False),
    UniqueConstraint("template_id", "name"),
)

sending_domain = Table(
    "sending_domain",
    metadata,
    _id(),
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
    _id(),
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
    _id(),
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
    _ref("server_id", "server.id"),
    Column("minute", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    UniqueConstraint("server_id", "minute"),
)

server_member = Table(  # who sends for a pool, or stands in for a server
    "server_member",
    metadata,
    _id(),
    _ref("pool_id", "server.id"),
    _ref("server_id", "server.id"),
    Column("weight", Integer, nullable=False),
    Column("provider", String, nullable=False, default=""),  # "": whosever mailboxes these are
    _ref("list_id", "mailing_list.id", nullable=True),
    Column("spare", Boolean, nullable=False, default=False),  # only while the others cannot
    Index(None, "pool_id"),
)

campaign = Table(
    "campaign",
    metadata,
    _id(),
    Column("name", String, nullable=False, unique=True),
    Column("message_class", String, nullable=False),
    Column("state", String, nullable=False),  # data.campaigns.State; its moves are MOVES there
    _ref("list_id", "mailing_list.id", nullable=True),
    _ref("segment_id", "segment.id", nullable=True),  # which of the list's people; null: all of them
    _ref("template_id", "template.id"),
    _ref("sending_domain_id", "sending_domain.id"),
    _ref("server_id", "server.id"),
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
    _id(),
    _ref("campaign_id", "campaign.id"),
    _ref("contact_id", "contact.id"),
    Column("step", Integer, nullable=False, default=0),
    Column("address", String, nullable=False),
    Column("provider", String, nullable=False),  # roll-up by MX, "" until looked up
    _ref("lane_id", "lane.id", nullable=True),  # that claimed it last
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
    _id(),
    _ref("recipient_id", "recipient.id"),
    _ref("lane_id", "lane.id", nullable=True),
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
    _ref("campaign_id", "campaign.id"),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("cid", String, nullable=False),
    Column("digest", String, ForeignKey("blob.digest"), nullable=False),
    UniqueConstraint("campaign_id", "name"),
)

link = Table(  # the stored destinations: redirects go nowhere else
    "link",
    metadata,
    _id(),
    _ref("campaign_id", "campaign.id"),
    Column("position", Integer, nullable=False),
    Column("url", Text, nullable=False),
    UniqueConstraint("campaign_id", "position"),
)

lane = Table(  # (egress, mailbox provider): the unit of pace, back-off and suspension
    "lane",
    metadata,
    _id(),
    Column("egress", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("state", String, nullable=False),  # open, backing-off, suspended, probing
    Column("reason", Text, nullable=False, default=""),
    Column("since", Instant),  # when that state began
    Column("resume_at", Instant),
    Column("strikes", Integer, nullable=False, default=0),  # suspensions in a row
    Column("accepted", Integer, nullable=False, default=0),  # since the state began
    Column("rate", Float),  # messages a second; null: as fast as it goes
    Column("connections", Integer, nullable=False),
    Column("tat", Instant),  # GCRA's theoretical arrival time
    Column("per_connection", Integer),  # messages before a connection is closed; null: the provider's
    UniqueConstraint("egress", "provider"),
)

lane_share = Table(  # how many of a lane's connections each worker may open, while its lease lasts
    "lane_share",
    metadata,
    _ref("lane_id", "lane.id"),
    Column("owner", String, nullable=False),
    Column("connections", Integer, nullable=False),
    Column("lease_until", Instant, nullable=False),
    UniqueConstraint("lane_id", "owner"),
)

lane_signal = Table(  # replies that call for a slower pace; enough of them in time move the lane
    "lane_signal",
    metadata,
    _id(),
    _ref("lane_id", "lane.id"),
    Column("rule", String, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "lane_id", "rule", "at"),
)

lane_hour = Table(  # what became of a lane's attempts, by the hour
    "lane_hour",
    metadata,
    _ref("lane_id", "lane.id"),
    Column("hour", Instant, nullable=False),
    Column("result", String, nullable=False),  # accepted, refused, deferred, unknown
    Column("count", Integer, nullable=False),
    UniqueConstraint("lane_id", "hour", "result"),
)

warmup = Table(  # how much of a plan a server may give a mailbox provider today
    "warmup",
    metadata,
    _id(),
    Column("egress", String, nullable=False),
    Column("provider", String, nullable=False),  # "": for whichever provider has none of its own yet
    Column("plan", String, nullable=False),  # a key of sender.delivery.warmup.PLANS; "": the provider's usual
    Column("state", String, nullable=False),  # running, paused, frozen, done
    Column("step", Integer, nullable=False),
    Column("day", Instant, nullable=False),  # midnight UTC; what follows counts for this day
    Column("allowance", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("started_at", Instant, nullable=False),
    Column("sent_at", Instant, nullable=False),  # the last day on which something was sent
    UniqueConstraint("egress", "provider"),
)

warmup_day = Table(  # plan against actual, for each day of sending
    "warmup_day",
    metadata,
    _ref("warmup_id", "warmup.id"),
    Column("day", Instant, nullable=False),
    Column("step", Integer, nullable=False),
    Column("allowance", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("deferred", Integer, nullable=False),
    Column("hard", Integer, nullable=False),
    Column("blocked", Integer, nullable=False),
    Column("complaints", Integer, nullable=False),
    Column("verdict", String, nullable=False),  # grow, again, back, freeze, done
    Column("reason", Text, nullable=False, default=""),
    UniqueConstraint("warmup_id", "day"),
)

domain_route = Table(  # whose servers take a domain's mail; kept for a week
    "domain_route",
    metadata,
    Column("domain", String, primary_key=True),
    Column("provider", String, nullable=False),
    Column("hosts", JSON, nullable=False),  # MX names by preference; [] where there was no answer
    Column("at", Instant, nullable=False),
)

event = Table(  # everything that came back, once each
    "event",
    metadata,
    _id(),
    Column("kind", String, nullable=False),  # open click unsubscribe bounce complaint delivered ...
    Column("at", Instant, nullable=False),
    _ref("campaign_id", "campaign.id", nullable=True),
    _ref("recipient_id", "recipient.id", nullable=True),
    _ref("contact_id", "contact.id", nullable=True),
    _ref("link_id", "link.id", nullable=True),
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

# ---- placement -----------------------------------------------------------------------------------

seed = Table(
    "seed",
    metadata,
    _id(),
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
    _id(),
    Column("marker", String, nullable=False, unique=True),
    _ref("campaign_id", "campaign.id", nullable=True),  # of class "seed": its rows say what was sent
    _ref("template_id", "template.id", nullable=True),
    _ref("server_id", "server.id", nullable=True),
    _ref("sending_domain_id", "sending_domain.id", nullable=True),
    Column("state", String, nullable=False),  # sending, waiting, done
    Column("started_at", Instant, nullable=False),
    Column("deadline_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

placement = Table(
    "placement",
    metadata,
    _ref("test_id", "placement_test.id"),
    _ref("seed_id", "seed.id"),
    Column("verdict", String, nullable=False),  # waiting inbox tab spam missing account_error not_sent
    Column("folder", String, nullable=False, default=""),
    Column("delay_seconds", Float),
    Column("authentication", JSON, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    UniqueConstraint("test_id", "seed_id"),
)

# ---- what receivers report -----------------------------------------------------------------------

report = Table(  # one report of a receiver, counted once however often it comes
    "report",
    metadata,
    _id(),
    Column("kind", String, nullable=False),  # aggregate, failure, tls
    Column("reporter", String, nullable=False),
    Column("report_id", String, nullable=False),
    Column("domain", String, nullable=False),  # "" for TLS reports, whose policies name their own
    Column("begin_at", Instant, nullable=False),
    Column("end_at", Instant, nullable=False),
    Column("policy", JSON, nullable=False),
    Column("messages", BigInteger, nullable=False),
    Column("mended", Boolean, nullable=False),
    Column("damaged", Integer, nullable=False),  # rows that could not be read
    Column("at", Instant, nullable=False),
    UniqueConstraint("kind", "reporter", "report_id", "domain", "begin_at", "end_at"),
    Index(None, "kind", "domain", "end_at"),
)

report_row = Table(
    "report_row",
    metadata,
    _id(),
    _ref("report_id", "report.id"),
    Column("source_ip", String, nullable=False),
    Column("messages", BigInteger, nullable=False),
    Column("disposition", String, nullable=False),
    Column("dkim", String, nullable=False),
    Column("spf", String, nullable=False),
    Column("header_from", String, nullable=False),
    Column("envelope_from", String, nullable=False),
    Column(
        "results", JSON, nullable=False
    ),  # {"dkim": [[domain, result, selector]], "spf": ..., "reasons": []}
    Index(None, "report_id"),
)

tls_row = Table(
    "tls_row",
    metadata,
    _id(),
    _ref("report_id", "report.id"),
    Column("domain", String, nullable=False),
    Column("policy", String, nullable=False),  # sts, tlsa, no-policy-found
    Column("succeeded", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("failures", JSON, nullable=False),
    Index(None, "report_id"),
    Index(None, "domain"),
)
