"""`homing mta-sts DOMAIN`: the MTA-STS policy alone."""

from typing import Annotated

import typer

from monitor.cli import options
from monitor.cli.asking import asking
from monitor.cli.auditing import asked, of_line
from monitor.cli.shell import single
from monitor.cli.telling import tell, tell_lines
from monitor.problem import Problem


@options.checking
def mta_sts(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="The domain that takes mail.")] = "",
    *,
    manner: options.Manner,
) -> int:
    """The MTA-STS record, the policy behind it, and whether every MX is covered by it (RFC 8461)."""
    return one_check("mta-sts", domain, manner)


def one_check(name: str, domain: str, manner: options.Manner) -> int:
    """Run one check of the catalog on a domain, or on each line of `--jsonl`. Raises Problem."""
    with asking(manner.nameserver or (), manner.timeout) as world:
        if manner.jsonl:
            return tell_lines(lambda line: of_line({**line, "only": name}, manner.profile), world, manner)
        if not domain:
            raise Problem(f"no domain was given. Try `homing {name} example.com`.")
        one = asked(domain, profile=manner.profile, only=name)
        return tell([one], world, manner, everything=True)


run = single(
    "mta-sts",
    mta_sts,
    """homing mta-sts example.com
    homing mta-sts example.com --json
    homing mta-sts --jsonl < domains.jsonl""",
)
