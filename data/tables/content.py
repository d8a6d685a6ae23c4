"""Templates and their files."""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, Text, UniqueConstraint

from data.tables.base import Instant, identity, metadata, reference

template = Table(
    "template",
    metadata,
    identity(),
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
    reference("template_id", "template.id"),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),  # its media type
    Column("cid", String, nullable=False),  # for inline images, src="cid:…"; "" for attachments
    Column("digest", String, ForeignKey("blob.digest"), nullable=False),
    UniqueConstraint("template_id", "name"),
)
