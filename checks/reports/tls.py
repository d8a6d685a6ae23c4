"""TLS reports (RFC 8460 section 4): JSON."""

import json
from datetime import UTC, datetime
from typing import Any

from checks.reports.model import TlsFailure, TlsPolicy, TlsReport, Unreadable

LONGEST = 4_000_000
MOST = 10_000
"""Policies of a report, and failures of a policy."""


def read_tls(document: bytes) -> TlsReport | Unreadable:
    """Read the JSON of one report (not packed). Never raises."""
    if len(document) > LONGEST:
        return Unreadable(f"a TLS report longer than {LONGEST:,} octets")
    try:
        found = json.loads(document.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return Unreadable("it is not JSON")
    if not isinstance(found, dict) or not isinstance(found.get("policies"), list):
        return Unreadable("no TLS report: it has no list of policies")
    between = _mapping(found.get("date-range"))
    begin, end = _time(between.get("start-datetime")), _time(between.get("end-datetime"))
    if begin is None or end is None:
        return Unreadable("its date-range is missing or cannot be read")
    policies = [_policy(_mapping(each)) for each in found["policies"][:MOST]]
    return TlsReport(_text(found, "organization-name"), _text(found, "report-id"), begin, end, policies)


def _policy(entry: dict[str, Any]) -> TlsPolicy:
    policy, summary = _mapping(entry.get("policy")), _mapping(entry.get("summary"))
    details = entry.get("failure-details")
    failures = [_failure(_mapping(each)) for each in details[:MOST]] if isinstance(details, list) else []
    return TlsPolicy(
        domain=_text(policy, "policy-domain").lower().rstrip("."),
        kind=_text(policy, "policy-type").lower(),
        succeeded=_count(summary.get("total-successful-session-count")),
        failed=_count(summary.get("total-failure-session-count")),
        failures=failures,
    )


def _failure(entry: dict[str, Any]) -> TlsFailure:
    return TlsFailure(
        kind=_text(entry, "result-type").lower(),
        count=_count(entry.get("failed-session-count")),
        receiving_mx=_text(entry, "receiving-mx-hostname").lower(),
        sending_ip=_text(entry, "sending-mta-ip"),
        reason=_text(entry, "failure-reason-code"),
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    return value.strip()[:1000] if isinstance(value, str) else ""


def _count(value: Any) -> int:
    """A number, or one in quotes as some write it; 0 when it is neither."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _time(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
