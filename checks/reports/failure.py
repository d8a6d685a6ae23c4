"""DMARC failure reports (RFC 9991, RFC 6591), and the plain text that one old Exim recipe sends instead."""

import ipaddress
import re
from collections.abc import Iterable

from checks.maildate import read_date
from checks.reports.model import Failure, Unreadable

PLAIN_DOMAIN = re.compile(r"^\s*Sender Domain:\s*(\S{1,255})", re.MULTILINE | re.IGNORECASE)
PLAIN_ADDRESS = re.compile(r"^\s*Sender IP Address:\s*(\S{1,64})", re.MULTILINE | re.IGNORECASE)
PLAIN_DATE = re.compile(r"^\s*Received date:\s*(.{1,64})", re.MULTILINE | re.IGNORECASE)
DELIVERY = frozenset({"delivered", "spam", "policy", "reject", "other", "smg-policy-action"})


def read_failure(
    fields: Iterable[tuple[str, str]], text: str = "", header_from: str = ""
) -> Failure | Unreadable:
    """`fields` of the feedback-report part (lower-case names), or none and the `text` for people.

    `header_from`: the domain of the message that is reported, for writers that leave Reported-Domain out.
    """
    told: dict[str, list[str]] = {}
    for name, value in fields:
        told.setdefault(name, []).append(value.strip())
    failure = _structured(told, header_from) if told else _plain(text)
    if not failure.source_ip or not failure.reported_domain:
        return Unreadable("a failure report that names no source address or no domain")
    return failure


def _structured(told: dict[str, list[str]], header_from: str) -> Failure:
    def first(name: str) -> str:
        return next(iter(told.get(name, ())), "")

    kinds = [kind.strip().lower() for value in told.get("auth-failure", ()) for kind in value.split(",")]
    delivery = first("delivery-result").lower()
    return Failure(
        source_ip=_address(first("source-ip")),
        reported_domain=(first("reported-domain") or header_from).lower().rstrip("."),
        mail_from=first("original-mail-from"),
        auth_failure=[kind for kind in kinds if kind] or ["dmarc"],
        delivery_result=delivery if delivery in DELIVERY else "other",
        feedback_type=first("feedback-type").lower() or "auth-failure",
        at=read_date(first("arrival-date") or first("received-date")),
    )


def _plain(text: str) -> Failure:
    domain, address, date = PLAIN_DOMAIN.search(text), PLAIN_ADDRESS.search(text), PLAIN_DATE.search(text)
    return Failure(
        source_ip=_address(address[1]) if address else "",
        reported_domain=domain[1].lower().rstrip(".") if domain else "",
        mail_from="",
        auth_failure=["dmarc"],
        delivery_result="other",
        at=read_date(date[1]) if date else None,
    )


def _address(text: str) -> str:
    """Some add a name in brackets or a port."""
    found = re.match(r"\[?([0-9a-fA-F.:]{2,45})\]?", text.removeprefix("IPv6:"))
    try:
        return str(ipaddress.ip_address(found[1])) if found else ""
    except ValueError:
        return ""
