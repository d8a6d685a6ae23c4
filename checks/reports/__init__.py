"""What receivers report about a domain's mail: DMARC aggregate and failure reports, and TLS reports."""

from checks.reports.aggregate import read_aggregate
from checks.reports.document import read_document
from checks.reports.failure import read_failure
from checks.reports.model import (
    Aggregate,
    AuthResult,
    Failure,
    PublishedPolicy,
    Report,
    Row,
    TlsFailure,
    TlsPolicy,
    TlsReport,
    Unreadable,
)
from checks.reports.tls import read_tls

__all__ = [
    "Aggregate",
    "AuthResult",
    "Failure",
    "PublishedPolicy",
    "Report",
    "Row",
    "TlsFailure",
    "TlsPolicy",
    "TlsReport",
    "Unreadable",
    "read_aggregate",
    "read_document",
    "read_failure",
    "read_tls",
]
