"""Complaints: feedback reports (RFC 5965), and the sparse ones that only forward the message."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sender.returns.mail import Mail, Part, read_fields

ADDRESS = re.compile(r"[^\s<>;,\"()]{1,120}@[^\s<>;,\"()]{1,255}")
FIELD = re.compile(r"^Feedback-Type[ \t]?:", re.IGNORECASE | re.MULTILINE)
COMPANION = re.compile(
    r"^(?:User-Agent|Original-Mail-From|Source-IP|Reported-Domain|Arrival-Date|Received-Date)[ \t]?:",
    re.IGNORECASE | re.MULTILINE,
)
"""A second field of RFC 5965 beside the first: a letter that only speaks of one has no such pair of lines."""
FORWARDED = re.compile(
    r"(?:this is an?|e-?mail) (?:e-?mail )?(?:abuse|spam|feedback) (?:report|complaint)"
    r"|(?:abuse|feedback loop|spam|junk) (?:report|complaint) (?:for|from|about|concerning)"
    r"|(?:marked|reported|flagged) (?:this|the|your|attached).{0,40} as (?:spam|junk)",
    re.IGNORECASE,
)
"""What the loops before RFC 5965 wrote over the message that they attached."""
KINDS = frozenset(
    {"abuse", "fraud", "virus", "other", "not-spam", "opt-out", "opt-out-list", "auth-failure", "dkim"}
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """`recipients` may be empty, since many reporters redact them; tokens in `original` tell then."""

    feedback_type: str
    recipients: Sequence[str]
    source_ip: str
    original: Mail | None


def complaint_in(mail: Mail) -> Complaint | None:
    """The complaint, if the mail is one; a mail program's request to be taken off a list is one too."""
    part = mail.part("message/feedback-report") or _mislabelled(mail)
    original = next((part.inner for part in mail.parts if part.inner is not None), None)
    if part is not None:
        return _report(part, mail, original or _headers_alone(mail))
    if mail.header("x-apple-unsubscribe"):
        return Complaint("opt-out", ADDRESS.findall(mail.header("from"))[:1], "", None)
    if original is not None and _microsoft(original):
        return Complaint("abuse", list(_original_recipients(original)), _source(original), original)
    if original is not None and FORWARDED.search(f"{mail.header('subject')}\n{mail.text[:1_000]}"):
        return Complaint("abuse", list(_original_recipients(original)), _source(original), original)
    return None


def _mislabelled(mail: Mail) -> Part | None:
    """A report under another type, or in a mail whose parts were lost on the way."""
    return next(
        (
            part
            for part in mail.parts
            if part.inner is None
            and FIELD.search(part.text[:20_000])
            and COMPANION.search(part.text[:20_000])
        ),
        None,
    )


def _report(part: Part, mail: Mail, original: Mail | None) -> Complaint:
    fields = list(read_fields(part.text))
    kind = next((value.strip().lower() for name, value in fields if name == "feedback-type"), "abuse")
    named = [
        found[0]
        for name, value in fields
        if name in ("original-rcpt-to", "removal-recipient") and (found := ADDRESS.search(value))
    ]
    source = next((value.strip() for name, value in fields if name == "source-ip"), "")
    recipients = named or (list(_original_recipients(original)) if original else [])
    if not recipients:
        recipients = [found[0] for value in mail.all("x-original-to") if (found := ADDRESS.search(value))]
    return Complaint(kind if kind in KINDS else "other", list(dict.fromkeys(recipients)), source, original)


def _headers_alone(mail: Mail) -> Mail | None:
    part = mail.part("text/rfc822-headers", "message/rfc822-headers")
    return Mail(list(read_fields(part.text))) if part else None


def _microsoft(original: Mail) -> bool:
    """JMRP: no report part, the message forwarded whole with the complainer's address in a header."""
    return any(name.startswith("x-hmxmroriginalrecipient") for name, _ in original.headers)


def _original_recipients(original: Mail) -> Iterator[str]:
    for name in ("x-hmxmroriginalrecipient", "to", "envelope-to", "x-original-to", "x-apparently-to"):
        found = [match[0].rstrip(".") for value in original.all(name) for match in ADDRESS.finditer(value)]
        if found:
            yield from found
            return


def _source(original: Mail) -> str:
    match = re.search(
        r"\d{1,3}(?:\.\d{1,3}){3}", original.header("x-originating-ip") or original.header("x-sid-pra")
    )
    return match[0] if match else ""
