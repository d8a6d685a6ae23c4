"""DMARC aggregate reports: RFC 9990, RFC 7489 appendix C, and the drafts that are still sent."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from checks.reports.markup import LONGEST_TEXT, ParseError, tell_strictly, tell_tag_by_tag
from checks.reports.model import Aggregate, AuthResult, PublishedPolicy, Row, Unreadable

MOST_ROWS = 100_000
NAME = re.compile(r"[\w.-]{1,255}")
"""A domain name or an IDN; anything else in a name's place is noise."""


@dataclass(slots=True)
class _Element:
    name: str
    text: str = ""
    children: "list[_Element]" = field(default_factory=list)

    def all(self, name: str) -> "Iterator[_Element]":
        return (child for child in self.children if child.name == name)

    def at(self, *path: str) -> "_Element":
        found = next(self.all(path[0]), _Element(path[0]))
        return found.at(*path[1:]) if len(path) > 1 else found

    def value(self, *path: str) -> str:
        return self.at(*path).text.strip()

    def word(self, *path: str) -> str:
        return self.value(*path).lower()


class _Builder:
    """Makes elements of events. Rows are made as their records end, so that the tree stays small."""

    def __init__(self) -> None:
        self.root = _Element("")
        self.rows: list[Row] = []
        self.damaged = 0
        self._open = [self.root]

    def start(self, name: str) -> None:
        child = _Element(name)
        self._open[-1].children.append(child)
        self._open.append(child)

    def data(self, text: str) -> None:
        element = self._open[-1]
        if len(element.text) < LONGEST_TEXT:
            element.text += text[:LONGEST_TEXT]

    def end(self, name: str) -> None:
        """An end without its start is ignored; one that comes early closes what is inside too."""
        if all(element.name != name for element in self._open[1:]):
            return
        while (element := self._open.pop()).name != name:
            pass
        if name == "record":
            self._open[-1].children.remove(element)
            self._record(element)

    def _record(self, record: _Element) -> None:
        row = _row(record)
        if row is None or len(self.rows) == MOST_ROWS:
            self.damaged += 1
        else:
            self.rows.append(row)


def read_aggregate(document: bytes) -> Aggregate | Unreadable:
    """Read the XML of one report (not packed). Never raises."""
    builder = _Builder()
    try:
        refused = tell_strictly(document, builder)
    except (ParseError, LookupError, ValueError):  # not well-formed, or in an encoding that nobody knows
        return _mended(document)
    return refused or _report(builder, mended=False)


def _mended(document: bytes) -> Aggregate | Unreadable:
    builder = _Builder()
    tell_tag_by_tag(document, builder)
    return _report(builder, mended=True)


def _report(builder: _Builder, *, mended: bool) -> Aggregate | Unreadable:
    feedback = builder.root.at("feedback")
    if not feedback.children:
        return Unreadable("no DMARC report: there is no <feedback> in it")
    metadata, policy = feedback.at("report_metadata"), _policy(feedback.at("policy_published"))
    begin, end = _time(metadata.value("date_range", "begin")), _time(metadata.value("date_range", "end"))
    report_id = metadata.value("report_id").strip("<>").partition("@")[0]
    for value, name in ((report_id, "report_id"), (policy.domain, "domain"), (begin, "begin"), (end, "end")):
        if not value:
            return Unreadable(f"its <{name}> is missing or cannot be read")
    if not builder.rows:
        return Unreadable("it has no record that can be read")
    assert begin
    assert end
    email = metadata.value("email").strip("<>")
    reporter = metadata.value("org_name") or email.rpartition("@")[2]
    return Aggregate(reporter, email, report_id, begin, end, policy, builder.rows, mended, builder.damaged)


def _policy(published: _Element) -> PublishedPolicy:
    p = published.word("p")
    return PublishedPolicy(
        domain=_name(published.value("domain")),
        p=p,
        sp=published.word("sp") or p,
        adkim=published.word("adkim") or "r",
        aspf=published.word("aspf") or "r",
        np=published.word("np"),
        testing=published.word("testing"),
        discovery=published.word("discovery_method"),
    )


def _row(record: _Element) -> Row | None:
    row, results = record.at("row"), record.at("auth_results")
    # One early draft called them "identities".
    identifiers = next(record.all("identifiers"), None) or record.at("identities")
    address, count = _address(row.value("source_ip")), _count(row.value("count"))
    if not address or count is None:
        return None
    return Row(
        source_ip=address,
        count=count,
        disposition=row.word("policy_evaluated", "disposition") or "none",
        dkim=row.word("policy_evaluated", "dkim") or "fail",
        spf=row.word("policy_evaluated", "spf") or "fail",
        header_from=_name(identifiers.value("header_from")),
        envelope_from=_name(identifiers.value("envelope_from")),
        dkim_results=_results(results, "dkim"),
        spf_results=_results(results, "spf"),
        reasons=[reason.word("type") for reason in row.at("policy_evaluated").all("reason")],
    )


def _results(results: _Element, method: str) -> list[AuthResult]:
    """A result without a domain tells of no identity."""
    return [
        AuthResult(domain, each.word("result") or "none", each.value("selector"))
        for each in results.all(method)
        if (domain := _name(each.value("domain")))
    ]


def _name(text: str) -> str:
    name = text.strip().rstrip(".")
    return name.lower() if NAME.fullmatch(name) else ""


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip().strip("[]")))
    except ValueError:
        return ""


def _count(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def _time(text: str) -> datetime | None:
    """Seconds since 1970; some writers add a fraction, some write ISO 8601."""
    try:
        if re.fullmatch(r"[0-9]{1,11}(?:\.[0-9]{0,9})?", text):
            return datetime.fromtimestamp(int(float(text)), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
