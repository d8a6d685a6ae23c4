"""Lanes: pace, back-off and warm-up of an egress at a provider."""

from sqlalchemy import JSON, Column, Float, Index, Integer, String, Table, Text, UniqueConstraint

from data.tables.base import Instant, identity, metadata, reference

lane = Table(  # (egress, mailbox provider): the unit of pace, back-off and suspension
    "lane",
    metadata,
    identity(),
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
    reference("lane_id", "lane.id"),
    Column("owner", String, nullable=False),
    Column("connections", Integer, nullable=False),
    Column("lease_until", Instant, nullable=False),
    UniqueConstraint("lane_id", "owner"),
)

lane_signal = Table(  # replies that call for a slower pace; enough of them in time move the lane
    "lane_signal",
    metadata,
    identity(),
    reference("lane_id", "lane.id"),
    Column("rule", String, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "lane_id", "rule", "at"),
)

lane_hour = Table(  # what became of a lane's attempts, by the hour
    "lane_hour",
    metadata,
    reference("lane_id", "lane.id"),
    Column("hour", Instant, nullable=False),
    Column("result", String, nullable=False),  # accepted, refused, deferred, unknown
    Column("count", Integer, nullable=False),
    UniqueConstraint("lane_id", "hour", "result"),
)

warmup = Table(  # how much of a plan a server may give a mailbox provider today
    "warmup",
    metadata,
    identity(),
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
    reference("warmup_id", "warmup.id"),
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
