"""Rows, columns, and what is right in each cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from checks.bimi import check as bimi
from checks.blocklists import check as blocklists
from checks.check import Check
from checks.dane import check as dane
from checks.dkim import check as dkim
from checks.dmarc import check as dmarc
from checks.model import State
from checks.mta_sts import check as mta_sts
from checks.mx import CHECK as MX
from checks.names import reverse_labels, reverse_name
from checks.rdns import check as rdns
from checks.spf import check as spf
from checks.tls_rpt import CHECK as TLS_RPT
from tests.lab.faultdns import DropFirst, Slow

LIST = "zen.spamhaus.org"


class Truth(StrEnum):
    """What a look may conclude about a record."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of record: where it stands, what it says, and how a check's findings are read.

    `place` gives (owner, type) for a domain and an address; `reads` tells by code and state, first match
    wins, what the check concluded; nothing that matches is `UNKNOWN`.
    """

    name: str
    check: Check
    place: Callable[[str, str], tuple[str, str]]
    rdata: list[Any]
    reads: Mapping[tuple[str, State], Truth]


def _read(code: str, *absent: State) -> Mapping[tuple[str, State], Truth]:
    return {(code, State.PASS): Truth.PRESENT} | {(code, state): Truth.ABSENT for state in absent}


KEY = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

KINDS = (
    Kind(
        "SPF", spf.CHECK, lambda domain, _: (domain, "TXT"), [["v=spf1 -all"]], _read("SPF-001", State.FAIL)
    ),
    Kind(
        "DKIM key",
        dkim.CHECK,
        lambda domain, _: (f"s1._domainkey.{domain}", "TXT"),
        [[KEY]],
        _read("DKIM-001", State.FAIL),
    ),
    Kind(
        "DMARC",
        dmarc.CHECK,
        lambda domain, _: (f"_dmarc.{domain}", "TXT"),
        [["v=DMARC1; p=reject"]],
        _read("DMARC-001", State.FAIL),
    ),
    Kind(
        "MX",
        MX,
        lambda domain, _: (domain, "MX"),
        [[10, "mx.shared.test"]],
        _read("MX-001", State.FAIL, State.WARN),
    ),
    Kind(
        "PTR",
        rdns.CHECK,
        lambda _, ip: (reverse_name(ip), "PTR"),
        ["mx.shared.test"],
        _read("RDNS-001", State.FAIL),
    ),
    Kind(
        "MTA-STS",
        mta_sts.CHECK,
        lambda domain, _: (f"_mta-sts.{domain}", "TXT"),
        [["v=STSv1; id=1"]],
        _read("STS-001", State.NOT_APPLICABLE),
    ),
    Kind(
        "TLS-RPT",
        TLS_RPT,
        lambda domain, _: (f"_smtp._tls.{domain}", "TXT"),
        [["v=TLSRPTv1; rua=mailto:t@shared.test"]],
        _read("TLSRPT-001", State.NOT_APPLICABLE),
    ),
    Kind(
        "BIMI",
        bimi.CHECK,
        lambda domain, _: (f"default._bimi.{domain}", "TXT"),
        [["v=BIMI1; l=https://shared.test/logo.svg"]],
        _read("BIMI-001", State.NOT_APPLICABLE),
    ),
    Kind(
        "TLSA",
        dane.CHECK,
        lambda domain, _: (f"_25._tcp.mx.{domain}", "TLSA"),
        ["3 1 1 " + "ab" * 32],
        _read("DANE-001", State.NOT_APPLICABLE),
    ),
    Kind(
        "blocklist entry",
        blocklists.CHECK,
        lambda _, ip: (f"{reverse_labels(ip)}.{LIST}", "A"),
        ["127.0.0.2"],
        {("BL-001", State.FAIL): Truth.PRESENT, ("BL-001", State.PASS): Truth.ABSENT},
    ),
)

MISSING = object()
"""Stands for "the name does not exist"."""


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """What happens to the question. `zone` makes of the record what the server holds at its place.

    `rewrites`: the server is one that invents addresses for names that do not exist.
    """

    name: str
    zone: Callable[[list[Any]], Any]
    truth: Truth
    rewrites: bool = False


def _says(fault: str) -> Callable[[list[Any]], Any]:
    return lambda _rdata: fault


FAULTS = (
    Fault("none: published", lambda rdata: rdata, Truth.PRESENT),
    Fault("none: no such type", lambda _: [], Truth.ABSENT),
    Fault("none: no such name", lambda _: MISSING, Truth.ABSENT),
    Fault("silence", _says("TIMEOUT"), Truth.UNKNOWN),
    Fault("SERVFAIL", _says("SERVFAIL"), Truth.UNKNOWN),
    Fault("REFUSED", _says("REFUSED"), Truth.UNKNOWN),
    Fault("FORMERR", _says("FORMERR"), Truth.UNKNOWN),
    Fault("lame server", _says("LAME"), Truth.UNKNOWN),
    Fault("truncated, no TCP", _says("TRUNCATED"), Truth.UNKNOWN),
    Fault("wrong id", _says("WRONG-ID"), Truth.UNKNOWN),
    Fault("wrong question", _says("WRONG-QUESTION"), Truth.UNKNOWN),
    Fault("garbage", _says("GARBAGE"), Truth.UNKNOWN),
    Fault("CNAME loop", _says("LOOP"), Truth.UNKNOWN),
    Fault("slow", lambda rdata: Slow(0.4, rdata), Truth.PRESENT),
    Fault("first datagram lost", lambda rdata: DropFirst(1, rdata), Truth.PRESENT),
    Fault("empty NOERROR", _says("EMPTY"), Truth.ABSENT),
    Fault("NXDOMAIN rewritten", lambda _: MISSING, Truth.ABSENT, rewrites=True),
)


def right(kind: Kind, fault: Fault) -> Truth:
    """What must be concluded. Through a resolver that rewrites, no blocklist can be believed."""
    if fault.rewrites and kind.check is blocklists.CHECK:
        return Truth.UNKNOWN
    return fault.truth


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One kind under one fault, with a domain and an address of its own."""

    kind: Kind
    fault: Fault
    domain: str
    ip: str


CELLS = tuple(
    Cell(kind, fault, f"k{row}f{column}.test", f"192.0.{row}.{column + 1}")
    for row, kind in enumerate(KINDS)
    for column, fault in enumerate(FAULTS)
)
