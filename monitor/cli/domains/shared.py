"""What the commands of sending domains share."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from checks.fixes import SYNTAXES
from checks.published.wanted import Look, Seen, Wanted
from data.sending_domains import SendingDomain, all_sending_domains, find_sending_domain
from monitor.app import App
from monitor.cli.asking import domain_of
from monitor.cli.options import Syntax
from monitor.cli.shell import application
from monitor.problem import Problem

EXAMPLES = """
homing domain add example.com --ip 192.0.2.25 --helo mail.example.com --server relay
homing domain add example.com --syntax cloudflare
homing domain verify example.com --watch
homing domain show example.com --json
"""
app = application("Sending domains: what to publish for them, and whether it is published.", EXAMPLES)

Name = Annotated[str, typer.Argument(metavar="DOMAIN", help="The sending domain.", show_default=False)]
Server = Annotated[
    str,
    typer.Option(
        "--by", metavar="SERVER", help="For mail that leaves by this server. Default: the only one."
    ),
]
Syntaxes = Annotated[Syntax, typer.Option("--syntax", help="How the records are written.")]
ByResolver = Annotated[
    bool,
    typer.Option("--by-resolver", help="Ask the resolver, where the zone's name servers cannot be reached."),
]
MARKS = {Seen.PUBLISHED: "✓", Seen.DIFFERS: "✗", Seen.ABSENT: "–", Seen.COULD_NOT_ASK: "?"}
LONGEST = 100


def known(instance: App, name: str) -> SendingDomain:
    """The sending domain of that name. Raises Problem."""
    domain = domain_of(name)
    with instance.store.read() as connection:
        found = find_sending_domain(connection, domain)
        others = [each.domain for each in all_sending_domains(connection)]
    if found is None:
        there = f"There is: {', '.join(others)}." if others else "There is none yet."
        raise Problem(f"{domain} is no sending domain. {there} Add it: homing domain add {domain}")
    return found


def written(wanted: Wanted, syntax: str) -> str:
    """The record as it is pasted, under a line that says what it is."""
    note = f" ({wanted.note})" if wanted.note else ""
    return f"# {wanted.what}{note}\n{SYNTAXES[syntax](wanted.change)}"


def told(looks: Sequence[Look]) -> str:
    """Each record, and below it what each server says where they do not all have it."""
    lines: list[str] = []
    for each in looks:
        lines.append(
            f"{MARKS[each.seen]} {each.wanted.what}: {each.seen} ({each.wanted.name} {each.wanted.type})"
        )
        if each.seen is not Seen.PUBLISHED:
            lines += [f"    {word.server or '?'}: {word.seen}: {word.said[:LONGEST]}" for word in each.words]
            lines.append(f"    wanted: {each.wanted.value[:LONGEST]}")
    return "\n".join(lines)


def plain(domain: SendingDomain) -> dict[str, Any]:
    """The object as a document."""
    names = (
        *("domain", "selector", "return_path_domain", "tracking_url", "tracking_target", "feedback_address"),
        *("helo", "inbound_host", "second_signature", "verification"),
    )
    return {
        **{name: getattr(domain, name) for name in names},
        "ips": list(domain.ips),
        "servers": list(domain.servers),
        "ready_at": domain.ready_at.isoformat() if domain.ready_at else None,
    }
