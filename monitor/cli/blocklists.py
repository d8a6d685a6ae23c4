"""`homing blocklists IP|DOMAIN…`: who lists these, and may those lists be believed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from checks.blocklists.table import ZONES
from checks.blocklists.zone import Zone
from checks.model import Profile, SendingIp, Severity, Target
from checks.names import is_address
from checks.verdict import Unknowns
from monitor.cli import options
from monitor.cli.asking import Asking, address_of, asking, domain_of
from monitor.cli.auditing import Asked, run_audit
from monitor.cli.lines import answer_lines, text_of
from monitor.cli.main import say
from monitor.cli.shell import single
from monitor.cli.telling import Output, Threshold, tell
from monitor.problem import Problem
from monitor.reports.document import document

ONLY = ("blocklists",)


def blocklists(
    subjects: Annotated[
        list[str] | None,
        typer.Argument(metavar="IP|DOMAIN…", help="Addresses and domains.", show_default=False),
    ] = None,
    nameserver: options.Nameservers = None,
    timeout: options.Timeout = 5.0,
    profile: options.Profiles = Profile.BULK,
    fail_on: options.FailOn = Severity.HIGH,
    unknown: options.Unknown = Unknowns.WARN,
    at: options.At = "",
    everything: Annotated[bool, typer.Option("--all", help="Also name the lists that are clean.")] = False,
    timing: Annotated[
        bool, typer.Option("--timing", help="Say on stderr which look-ups the time went to.")
    ] = False,
    as_json: options.Json = False,
    as_sarif: options.Sarif = False,
    jsonl: options.Jsonl = False,
    skip: options.Skip = 0,
    terms: Annotated[bool, typer.Option("--terms", help="Name all lists, with their terms of use.")] = False,
) -> int:
    """Look addresses and domains up on blocklists, each list tested before it counts.

    A domain is looked up with the addresses that it sends from. Exit codes: 0 not listed, 1 listed, 2 usage,
    4 a fault of Homing; lists that refuse or do not answer are told and change no exit code.
    """
    if terms:
        return say("\n\n".join(_terms(zone) for zone in ZONES))
    now = options.moment(at)
    with asking(nameserver or (), timeout) as world:
        if jsonl:
            return answer_lines(lambda line: _line(line, world, now, profile), skip=skip)
        if not subjects:
            raise Problem("no address or domain was given. Try `homing blocklists 192.0.2.25`.")
        several = [_asked(subject, profile) for subject in subjects]
        output = Output(as_json, as_sarif, everything, "")
        return tell(several, world, now, Threshold(fail_on, unknown), output, timing=timing)


def _asked(subject: str, profile: Profile) -> Asked:
    """An address by itself, or a domain with its addresses. Raises Problem."""
    if is_address(subject.strip()):
        return Asked(Target("", (SendingIp(address_of(subject)),), profile=profile), ONLY)
    return Asked(Target(domain_of(subject), profile=profile), ONLY)


def _line(line: Mapping[str, Any], world: Asking, now: datetime, profile: Profile) -> Mapping[str, Any]:
    """A line of `--jsonl`: `ip` or `domain`."""
    subject = text_of(line, "ip") or text_of(line, "domain")
    if not subject:
        raise Problem("the key “ip” or “domain” is missing")
    return document(run_audit(_asked(subject, profile), world, now).report)


def _terms(zone: Zone) -> str:
    kinds = ", ".join(sorted(zone.kinds))
    asked = "asked" if zone.asked_by_default else f"needs {zone.needs}" if zone.needs else "off by default"
    lines = [f"{zone.title} ({zone.name}): {kinds}; tier {zone.tier}; {asked}"]
    return "\n".join([*lines, *(f"  {text}" for text in (zone.terms, zone.delist) if text)])


run = single(
    "blocklists",
    blocklists,
    """homing blocklists 192.0.2.25 2001:db8::25
    homing blocklists example.com --json
    homing blocklists --jsonl < addresses.jsonl
    homing blocklists --terms""",
)
