"""`homing spf`: what SPF says of one message's envelope."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from checks.spf.budget import MAX_TERMS, MAX_VOIDS
from checks.spf.evaluate import Verdict, evaluate
from checks.spf.terms import Result
from monitor.cli import options
from monitor.cli.asking import Asking, address_of, asking
from monitor.cli.lines import answer_lines, text_of
from monitor.cli.main import Exit, say
from monitor.cli.shell import single
from monitor.problem import Problem


def spf(
    ip: Annotated[str, typer.Option("--ip", metavar="IP", help="The address that the mail comes from.")] = "",
    mail_from: Annotated[
        str, typer.Option("--mail-from", metavar="ADDR", help="The envelope sender; empty for a bounce.")
    ] = "",
    helo: Annotated[str, typer.Option("--helo", metavar="NAME", help="What the server says in HELO.")] = "",
    receiver: Annotated[
        str, typer.Option("--receiver", metavar="NAME", help="Who receives it, for the sender's explanation.")
    ] = "unknown",
    nameserver: options.Nameservers = None,
    timeout: options.Timeout = 5.0,
    at: options.At = "",
    as_json: options.Json = False,
    jsonl: options.Jsonl = False,
    skip: options.Skip = 0,
) -> int:
    """Evaluate SPF (RFC 7208) for one address and one envelope sender.

    Exit codes: 0 pass, 1 anything that is not a pass, 2 usage, 3 temperror (DNS gave no answer), 4 a fault of
    Homing.
    """
    now = options.moment(at)
    with asking(nameserver or (), timeout) as world:
        if jsonl:
            return answer_lines(lambda asked: _of_line(world, asked, now), skip=skip)
        verdict = _judged(world, ip, mail_from, helo, receiver, now)
    if as_json:
        say(json.dumps(told(verdict), ensure_ascii=False, indent=2))
    else:
        say(_shown(verdict, ip))
    return _exit(verdict.result)


def told(verdict: Verdict) -> Mapping[str, Any]:
    """The document of one evaluation (docs/commands.md)."""
    return {
        "result": verdict.result.value,
        "explanation": verdict.explanation,
        "matched": " → ".join(verdict.matched) or None,
        "lookups": verdict.lookups,
        "voids": verdict.voids,
        "domain": verdict.domain,
        "reason": str(verdict.reason) if verdict.reason else None,
    }


def _of_line(world: Asking, asked: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    return told(
        _judged(
            world,
            text_of(asked, "ip", required=True),
            text_of(asked, "mail_from"),
            text_of(asked, "helo"),
            text_of(asked, "receiver") or "unknown",
            now,
        )
    )


def _judged(world: Asking, ip: str, mail_from: str, helo: str, receiver: str, now: datetime) -> Verdict:
    if not ip:
        raise Problem("no address was given. Say from where the mail comes: --ip 192.0.2.25")
    address = address_of(ip)
    sender = mail_from.strip().removeprefix("<").removesuffix(">")
    if not sender and not helo:
        raise Problem(
            "no sender was given. Say who sends: --mail-from ann@example.com, or --helo for a bounce"
        )
    asked = world.world(now)
    return evaluate(
        asked.dns, ip=address, mail_from=sender, helo=helo.strip(), now=asked.now, receiver=receiver
    )


def _shown(verdict: Verdict, ip: str) -> str:
    lines = [f"{verdict.result.value}: {ip} for {verdict.domain}"]
    if verdict.matched:
        lines.append(f"decided by {' → '.join(verdict.matched)}")
    if verdict.reason:
        lines.append(f"because {verdict.reason}")
    if verdict.explanation:
        lines.append(f"the domain explains: {verdict.explanation}")
    lines.append(f"look-ups {verdict.lookups} of {MAX_TERMS}, void {verdict.voids} of {MAX_VOIDS}")
    return "\n".join(lines)


def _exit(result: Result) -> Exit:
    if result is Result.TEMPERROR:
        return Exit.COULD_NOT_TELL
    return Exit.CLEAN if result is Result.PASS else Exit.FINDINGS


run = single(
    "spf",
    spf,
    """homing spf --ip 192.0.2.25 --mail-from ann@example.com --helo mail.example.com
    homing spf --ip 192.0.2.25 --helo mail.example.com --json
    homing spf --jsonl < envelopes.jsonl""",
)
