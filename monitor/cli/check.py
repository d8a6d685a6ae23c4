"""`homing check DOMAIN…`: audit sending domains."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from checks.model import Profile, Severity
from checks.verdict import Unknowns
from monitor.cli import options
from monitor.cli.asking import Asking, asking
from monitor.cli.auditing import Asked, asked, of_line, run_audit
from monitor.cli.lines import answer_lines
from monitor.cli.shell import single
from monitor.cli.telling import Output, Threshold, tell
from monitor.problem import Problem
from monitor.reports.document import document


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
    nameserver: options.Nameservers = None,
    timeout: options.Timeout = 5.0,
    profile: options.Profiles = Profile.BULK,
    fail_on: options.FailOn = Severity.HIGH,
    unknown: options.Unknown = Unknowns.WARN,
    at: options.At = "",
    fix: options.Fix = None,
    everything: Annotated[bool, typer.Option("--all", help="Also list what is in order.")] = False,
    timing: Annotated[
        bool, typer.Option("--timing", help="Say on stderr which look-ups the time went to.")
    ] = False,
    as_json: options.Json = False,
    as_sarif: options.Sarif = False,
    jsonl: options.Jsonl = False,
    skip: options.Skip = 0,
) -> int:
    """Audit sending domains: SPF, DKIM, DMARC, reverse DNS, blocklists, MX, TLS and more.

    Without --ip the sending addresses are the single addresses of the SPF record and the MX hosts. Exit
    codes: 0 in order, 1 findings, 2 usage, 3 a question could not be answered, 4 a fault of Homing.
    """
    now = options.moment(at)
    with asking(nameserver or (), timeout) as world:
        if jsonl:
            return answer_lines(lambda line: _line(of_line(line, profile), world, now, fix), skip=skip)
        if not domains:
            raise Problem("no domain was given. Try `homing check example.com`.")
        several = [asked(domain, ip or (), selector or (), helo or (), profile, only) for domain in domains]
        output = Output(as_json, as_sarif, everything, fix or "")
        return tell(several, world, now, Threshold(fail_on, unknown), output, timing=timing)


def _line(one: Asked, world: Asking, now: datetime, fix: options.Syntax | None) -> Mapping[str, Any]:
    return document(run_audit(one, world, now).report, fix or "")


run = single(
    "check",
    check,
    """homing check example.com
    homing check example.com --ip 192.0.2.25 --selector s1 --helo mail.example.com
    homing check example.com example.org --only spf,dkim,dmarc --json
    homing check example.com --fix bind
    homing check --jsonl < domains.jsonl > reports.jsonl""",
)
