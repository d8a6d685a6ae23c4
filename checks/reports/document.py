"""Tells from its first octets what a file is: writers' file names and types are often wrong."""

from checks.reports.aggregate import read_aggregate
from checks.reports.model import Aggregate, TlsReport, Unreadable
from checks.reports.tls import read_tls
from checks.reports.unpack import unpack

BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_document(data: bytes) -> Aggregate | TlsReport | Unreadable:
    """A report as a file: XML or JSON, plain or packed. Never raises."""
    opened = unpack(data)
    if isinstance(opened, Unreadable):
        return opened
    start = opened[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        return Unreadable("it is empty")
    if start.startswith(b"{"):
        return read_tls(opened)
    if start.startswith((b"<", *BOMS)) or b"<feedback" in opened[:4096]:
        return read_aggregate(opened)
    return Unreadable("neither XML nor JSON, plain or packed")
