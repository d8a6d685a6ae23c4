"""People, what they agreed to, and who is not written to."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from data.tables.base import Instant, identity, metadata, reference

contact = Table(
    "contact",
    metadata,
    identity(),
    Column("email", String, nullable=False),  # as the person wrote it
    Column("address", String, nullable=False, unique=True),  # normalised: the identity
    Column("attributes", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Column("erased_at", Instant),  # what is left of an erased person: a row without a name, for the counts
)

contact_tag = Table(
    "contact_tag",
    metadata,
    reference("contact_id", "contact.id"),
    Column("tag", String, nullable=False),
    UniqueConstraint("contact_id", "tag"),
    Index(None, "tag"),
)

segment = Table(  # a filter over the people of a list, kept as it was written
    "segment",
    metadata,
    identity(),
    Column("name", String, nullable=False, unique=True),
    Column("rule", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

contact_import = Table(
    "contact_import",
    metadata,
    identity(),
    Column("key", String, nullable=False),  # of the file's bytes and the options: the same import again
    Column("file", String, nullable=False),
    Column("sha256", String, nullable=False),
    reference("list_id", "mailing_list.id"),
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
    reference("import_id", "contact_import.id"),
    reference("contact_id", "contact.id"),
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
    identity(),
    Column("name", String, nullable=False, unique=True),
    Column("title", String, nullable=False),
    Column("double_opt_in", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
)

membership = Table(
    "membership",
    metadata,
    reference("list_id", "mailing_list.id"),
    reference("contact_id", "contact.id"),
    Column("state", String, nullable=False),  # unconfirmed, subscribed, unsubscribed
    Column("at", Instant, nullable=False),
    reference(
        "import_id", "contact_import.id", nullable=True
    ),  # that put it so, while nobody else has said it too
    UniqueConstraint("list_id", "contact_id"),
    Index(None, "contact_id"),
)

consent = Table(  # events, never changed: able to demonstrate (GDPR article 7(1))
    "consent",
    metadata,
    identity(),
    reference("contact_id", "contact.id"),
    reference("list_id", "mailing_list.id", nullable=True),
    Column("act", String, nullable=False),  # given, confirmed, withdrawn
    Column("source", String, nullable=False),
    Column("wording", Text, nullable=False),
    Column("form", String, nullable=False, default=""),  # which version of the wording they were shown
    Column("ip", String, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    reference("import_id", "contact_import.id", nullable=True),  # that recorded it
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
    identity(),
    Column("kind", String, nullable=False),  # address, domain, hash
    Column("value", String, nullable=False),
    Column("reason", String, nullable=False),  # hard_bounce, complaint, unsubscribe_all, manual, erased
    Column("detail", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    reference(
        "import_id", "contact_import.id", nullable=True
    ),  # that made it so, while nobody else has said it too
    Column("before", JSON),  # the weaker entry in whose place the import put this one
    UniqueConstraint("kind", "value"),
)
