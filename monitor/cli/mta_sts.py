"""`homing mta-sts DOMAIN`: the MTA-STS policy alone."""

from typing import Annotated

import typer

from checks.model import Severity
from checks.verdict import Unknowns
from monitor.cli import options
from monitor.cli.check import check
from monitor.cli.shell import single


def mta_sts(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="The domain that takes mail.")],
    nameserver: options.Nameservers = None,
    timeout: options.Timeout = 5.0,
    fail_on: options.FailOn = Severity.HIGH,
    unknown: options.Unknown = Unknowns.WARN,
    at: options.At = "",
    as_json: options.Json = False,
) -> int:
    """The MTA-STS record, the policy behind it, and whether every MX is covered by it (RFC 8461)."""
    return check(
        [domain],
        only="mta-sts",
        nameserver=nameserver,
        timeout=timeout,
        fail_on=fail_on,
        unknown=unknown,
        at=at,
        everything=True,
        as_json=as_json,
    )


run = single(
    "mta-sts",
    mta_sts,
    """homing mta-sts example.com
    homing mta-sts example.com --json""",
)
