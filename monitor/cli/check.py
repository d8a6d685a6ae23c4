"""`homing check DOMAIN…`: audit sending domains."""

from functools import partial
from typing import Annotated

import typer

from monitor.cli import options
from monitor.cli.asking import asking
from monitor.cli.auditing import asked, known_checks, of_line
from monitor.cli.shell import single
from monitor.cli.telling import tell, tell_lines
from monitor.problem import Problem


@options.checking
def check(
    domains: Annotated[
        list[str] | None, typer.Argument(metavar="DOMAIN…", help="The sending domains.", show_default=False)
    ] = None,
    ip: options.Ips = None,
    selector: Annotated[
        list[str] | None,
        typer.Option("--selector", metavar="NAME", help="A DKIM selector in use; repeatable."),
    ] = None,
    helo: Annotated[
        list[str] | None,
        typer.Option("--helo", metavar="HOST", help="What the server says in HELO; repeatable."),
    ] = None,
    only: Annotated[
        str, typer.Option("--only", metavar="CHECKS", help="Only these checks, such as spf,dkim.")
    ] = "",
    relay_probe: Annotated[
        bool,
        typer.Option(
            "--relay-probe", help="Ask each MX if it is an open relay. Danger: it may block you as a spammer."
        ),
    ] = False,
    fix: options.Fix = None,
    everything: options.All = False,
    *,
    manner: options.Manner,
) -> int:
    """Audit sending domains: SPF, DKIM, DMARC, reverse DNS, blocklists, MX, TLS and more.

    Without --ip the sending addresses are the single addresses of the SPF record and the MX hosts. Exit
    codes: 0 in order, 1 findings, 2 usage, 3 a question could not be answered, 4 a fault of Homing.
    """
    if "relay" in known_checks(only) and not relay_probe:
        raise Problem("the check “relay” knocks at mail servers; add --relay-probe if you want that.")
    with asking(manner.nameserver or (), manner.timeout, relay=relay_probe) as world:
        if manner.jsonl:
            each = partial(of_line, profile=manner.profile, only=only)
            return tell_lines(each, world, manner, syntax=fix or "")
        if not domains:
            raise Problem("no domain was given. Try `homing check example.com`.")
        several = [
            asked(domain, ip or (), selector or (), helo or (), manner.profile, only) for domain in domains
        ]
        return tell(several, world, manner, everything=everything, syntax=fix or "")


run = single(
    "check",
    check,
    """homing check example.com
    homing check example.com --ip 192.0.2.25 --selector s1 --helo mail.example.com
    homing check example.com example.org --only spf,dkim,dmarc --json
    homing check example.com --fix bind
    homing check example.com --only smtp --relay-probe
    homing check --jsonl < domains.jsonl > reports.jsonl""",
)
