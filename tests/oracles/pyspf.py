"""pyspf 2.0.14 behind our `Dns` port."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import spf

from checks.names import flaw
from checks.ports import Address, Dns, Host, Mx, Txt

Found = list[tuple[tuple[str, str], Any]]


@contextmanager
def answering(dns: Dns) -> Iterator[None]:
    """While it lasts, pyspf's look-ups are answered by `dns`."""
    before = spf.DNSLookup
    spf.DNSLookup = _lookup(dns)
    try:
        yield
    finally:
        spf.DNSLookup = before


def check_host(dns: Dns, ip: str, mail_from: str, helo: str) -> str:
    """pyspf's result word."""
    with answering(dns):
        result: str = spf.check2(i=ip, s=mail_from, h=helo, querytime=0)[0]
    return result


def _lookup(dns: Dns) -> Callable[..., Found]:
    def lookup(name: str, rdtype: str, tcpfallback: bool = True, timeout: float = 30) -> Found:
        del tcpfallback, timeout
        if flaw(name):
            return []
        answer = dns.ask(name, rdtype)
        if not answer.ok:
            raise spf.TempError(f"DNS {answer.why}")
        return [((name, rdtype), _value(record)) for record in answer.records]

    return lookup


def _value(record: object) -> Any:
    match record:
        case Txt():
            return record.strings
        case Address():
            return str(ip_address(record.ip))
        case Host():
            return record.name
        case Mx():
            return record.preference, record.host
        case _:
            return str(record)
