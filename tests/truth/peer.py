"""What checkdmarc concludes in the same cells, read as kindly as its sentences allow.

Its `valid: false` says the same for "does not exist" and "could not be asked"; only the English sentence
beside it tells them apart, so that is what is read here. Only its functions that ask the given name server
are used: others go to the machine's own resolver, or fetch over HTTPS.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import checkdmarc.bimi
import checkdmarc.dmarc
import checkdmarc.dnssec
import checkdmarc.mta_sts
import checkdmarc.smtp_tls_reporting
import checkdmarc.spf
import checkdmarc.utils
from dns.nameserver import Do53Nameserver

from tests.lab.faultdns import FaultDns, Traits
from tests.truth.table import CELLS, Cell, Truth
from tests.truth.zone import zone

Ask = Callable[..., Any]

ASKS: Mapping[str, Ask] = {
    "SPF": checkdmarc.spf.query_spf_record,
    "DMARC": checkdmarc.dmarc.query_dmarc_record,
    "MX": checkdmarc.utils.get_mx_records,
    "PTR": checkdmarc.utils.get_reverse_dns,
    "TLSA": checkdmarc.dnssec.get_tlsa_records,
    "MTA-STS": checkdmarc.mta_sts.query_mta_sts_record,
    "TLS-RPT": checkdmarc.smtp_tls_reporting.query_smtp_tls_reporting_record,
    "BIMI": checkdmarc.bimi.query_bimi_record,
}
ABSENT = ("does not exist", "does not contain an answer")
TIMEOUT = 2.2
AT_ONCE = 32


def conclusions() -> Mapping[Cell, Truth]:
    """The cells of the kinds that it knows; of TLSA only those that need no signature to be right."""
    cells = [cell for cell in CELLS if cell.kind.name in ASKS and not _needs_signature(cell)]
    with ExitStack() as stack:
        servers = {
            rewrites: stack.enter_context(FaultDns(zone(rewrites=rewrites), Traits(rewrites=rewrites)))
            for rewrites in (False, True)
        }
        pool = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        found = pool.map(lambda cell: _conclude(cell, servers[cell.fault.rewrites]), cells)
        return dict(zip(cells, found, strict=True))


def _needs_signature(cell: Cell) -> bool:
    return cell.kind.name == "TLSA" and cell.fault.truth is Truth.PRESENT


def _subject(cell: Cell) -> str:
    """What the function for this kind wants to be given."""
    match cell.kind.name:
        case "PTR":
            return cell.ip
        case "TLSA":
            return f"mx.{cell.domain}"
        case _:
            return cell.domain


def _conclude(cell: Cell, server: FaultDns) -> Truth:
    nameservers: Sequence[Any] = [Do53Nameserver(*server.address)]
    try:
        answer = ASKS[cell.kind.name](_subject(cell), nameservers=nameservers, timeout=TIMEOUT)
    except Exception as error:  # its exceptions share no base class
        return Truth.ABSENT if any(phrase in str(error) for phrase in ABSENT) else Truth.UNKNOWN
    return Truth.PRESENT if answer else Truth.ABSENT
