"""`homing blocklists IP|DOMAIN…`: who lists these, and may those lists be believed."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from checks.blocklists.table import ZONES
from checks.blocklists.zone import Zone
from checks.model import Profile, SendingIp, Target
from checks.names import is_address
from monitor.cli import options
from monitor.cli.asking import address_of, asking, domain_of
from monitor.cli.auditing import Asked, profile_of
from monitor.cli.lines import text_of
from monitor.cli.main import say
from monitor.cli.shell import single
from monitor.cli.telling import tell, tell_lines
from monitor.problem import Problem

ONLY = ("blocklists",)


@options.checking
def blocklists(
    subjects: Annotated[
        list[str] | None,
        typer.Argument(metavar="IP|DOMAIN…", help="Addresses and domains.", show_default=False),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also name the lists that are clean.")] = False,
    terms: Annotated[bool, typer.Option("--terms", help="Name all lists, with their terms of use.")] = False,
    *,
    manner: options.Manner,
) -> int:
    """Look addresses and domains up on blocklists, each list tested before it counts.

    A domain is looked up with the addresses that it sends from. Exit codes: 0 not listed, 1 listed, 2 usage,
    4 a fault of Homing; lists that refuse or do not answer are told and change no exit code.
    """
    if terms:
        return say("\n\n".join(_terms(zone) for zone in ZONES))
    with asking(manner.nameserver or (), manner.timeout) as world:
        if manner.jsonl:
            return tell_lines(lambda line: _of_line(line, manner.profile), world, manner)
        if not subjects:
            raise Problem("no address or domain was given. Try `homing blocklists 192.0.2.25`.")
        several = [_asked(subject, manner.profile) for subject in subjects]
        return tell(several, world, manner, everything=everything)


def _asked(subject: str, profile: Profile) -> Asked:
    """An address by itself, or a domain with its addresses. Raises Problem."""
    if is_address(subject.strip()):
        return Asked(Target("", (SendingIp(address_of(subject)),), profile=profile), ONLY)
    return Asked(Target(domain_of(subject), profile=profile), ONLY)


def _of_line(line: Mapping[str, Any], profile: Profile) -> Asked:
    """A line of `--jsonl`: `ip` or `domain`. Raises Problem."""
    subject = text_of(line, "ip") or text_of(line, "domain")
    if not subject:
        raise Problem("the key “ip” or “domain” is missing")
    return _asked(subject, profile_of(text_of(line, "profile")) or profile)


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
