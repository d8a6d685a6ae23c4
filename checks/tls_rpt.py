"""TLS-RPT: where senders report their TLS failures to (RFC 8460)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from checks.check import Check
from checks.evidence import evidence_of, why_of
from checks.model import Finding, Severity, State, Target
from checks.ports import World
from checks.tags import parse_tags

VERSION = "TLSRPTv1"
KNOWN = frozenset({"v", "rua"})
_EXTENSION = re.compile(r"[a-z0-9][a-z0-9_.-]{0,31}")


@dataclass(frozen=True, slots=True)
class TlsRpt:
    """`rua` are the report addresses; `faults` make the record void."""

    text: str
    rua: tuple[str, ...]
    faults: tuple[str, ...]


def is_tls_rpt(text: str) -> bool:
    """Records that do not begin with the version are discarded (RFC 8460 section 3)."""
    return re.match(r"v[ \t]*=[ \t]*TLSRPTv1[ \t]*(;|$)", text) is not None


def parse_tls_rpt(text: str) -> TlsRpt:
    """Judge one record (ABNF of RFC 8460 section 3)."""
    listed = parse_tags(text)
    faults = list(listed.faults)
    if not listed.tags or listed.tags[0] != ("v", VERSION):
        faults.append("it does not start with v=TLSRPTv1")
    faults += [f"{tag} is no tag name" for tag, _ in listed.tags if not _EXTENSION.fullmatch(tag)]
    rua = tuple(uri.strip() for uri in (listed.get("rua") or "").split(",") if uri.strip())
    if not rua:
        faults.append("the rua tag, where the reports go, is missing")
    faults += [fault for uri in rua if (fault := _uri_fault(uri))]
    return TlsRpt(text, rua, tuple(faults))


def _uri_fault(uri: str) -> str:
    parts = urlsplit(uri)
    if parts.scheme == "mailto":
        local, at, domain = parts.path.rpartition("@")
        return "" if local and at and domain else f"'{uri[:80]}' is not a mail address"
    if parts.scheme == "https":
        return "" if parts.netloc else f"'{uri[:80]}' has no host"
    return f"'{uri[:80]}' is neither a mailto: nor an https: address"


def check(target: Target, world: World) -> Iterator[Finding]:
    """TLSRPT-001: exactly one record with somewhere to report to."""
    answer = world.dns.ask(f"_smtp._tls.{target.domain}", "TXT")
    seen = (evidence_of(answer),)
    if not answer.ok:
        yield Finding("TLSRPT-001", State.UNKNOWN, target.domain, {"why": why_of(answer)}, seen)
        return
    records = [text for text in answer.texts if is_tls_rpt(text)]
    if not records:
        yield Finding("TLSRPT-001", State.NOT_APPLICABLE, target.domain, {}, seen)
    elif len(records) > 1:
        faults = (f"there are {len(records)} records, so senders use none",)
        yield Finding("TLSRPT-001", State.FAIL, target.domain, {"faults": faults}, seen)
    else:
        record = parse_tls_rpt(records[0])
        state = State.FAIL if record.faults else State.PASS
        yield Finding("TLSRPT-001", state, target.domain, {"faults": record.faults, "rua": record.rua}, seen)


CHECK = Check("tls-rpt", check, "RFC 8460", {"TLSRPT-001": Severity.MEDIUM})
