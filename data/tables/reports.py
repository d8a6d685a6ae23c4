"""What receivers report."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from data.tables.base import Instant, identity, metadata, reference

report = Table(  # one report of a receiver, counted once however often it comes
    "report",
    metadata,
    identity(),
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
    identity(),
    reference("report_id", "report.id"),
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
    identity(),
    reference("report_id", "report.id"),
    Column("domain", String, nullable=False),
    Column("policy", String, nullable=False),  # sts, tlsa, no-policy-found
    Column("succeeded", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("failures", JSON, nullable=False),
    Index(None, "report_id"),
    Index(None, "domain"),
)

report_source = Table(  # an address that aggregate reports of a domain speak of; grows by domain and address
    "report_source",
    metadata,
    identity(),
    Column("domain", String, nullable=False),
    Column("address", String, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("proved", String, nullable=False),  # the owner of the first name it proved to be; "" for none
    Column("reverse", String),  # a confirmed reverse name; "": it has none; null: not known
    Column("reverse_at", Instant),  # when that was last asked
    UniqueConstraint("domain", "address"),
    Index(None, "last_at"),
)
