"""Reports that come by mail: the document attached to it, or the failure report that it is."""

import re
from collections.abc import Iterator

from checks.reports import Failure, Report, Unreadable, read_document, read_failure
from sender.returns.mail import Mail, Part, read_fields, read_mail

LONGEST = 16_000_000
"""Octets of a mail: a packed report of 8 MB in base64, and what is around it."""
DOMAIN = re.compile(r"@([\w.-]{1,255})")
PLAIN_SUBJECT = re.compile(r"\bDMARC (?:Forensic|Failure) Report\b", re.IGNORECASE)
NO_REPORT = Unreadable("a mail without a report in it")


def report_in(raw: bytes) -> Report | Unreadable:
    """The first report that can be read in a message; else why the likeliest could not be. Never raises."""
    mail = read_mail(raw, longest=LONGEST)
    found = NO_REPORT
    for report in _candidates(mail):
        if not isinstance(report, Unreadable):
            return report
        found = report if found is NO_REPORT else found
    return found


def _candidates(mail: Mail) -> Iterator[Report | Unreadable]:
    if part := mail.part("message/feedback-report"):
        yield read_failure(read_fields(part.text), header_from=_reported(mail))
    for part in mail.parts:
        if document := _document(part):
            yield read_document(document)
    if PLAIN_SUBJECT.search(mail.header("subject")):
        yield _plain(mail)


def _document(part: Part) -> bytes:
    """Attachments, and texts that are XML or JSON: some writers call their report text/plain."""
    if part.data:
        return part.data
    text = part.text.lstrip("\ufeff \t\n")
    return text.encode() if text.startswith(("<?xml", "<feedback", "{")) else b""


def _reported(mail: Mail) -> str:
    original = next((part.inner for part in mail.parts if part.inner is not None), None)
    found = DOMAIN.search(original.header("from")) if original else None
    return found[1] if found else ""


def _plain(mail: Mail) -> Failure | Unreadable:
    return read_failure((), text="\n".join(part.text for part in mail.parts if part.kind == "text/plain"))
