"""`homing spf`: what SPF says of one message's envelope."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from checks.model import Args, Finding, State
from checks.ports import World
from checks.spf.budget import MAX_TERMS, MAX_VOIDS
from checks.spf.evaluate import Verdict, evaluate
from checks.spf.terms import Result
from monitor.cli import options
from monitor.cli.asking import address_of
from monitor.cli.judging import Judged, Keys, judge_all
from monitor.cli.lines import text_of
from monitor.cli.shell import single
from monitor.problem import Problem

STATES = {Result.PASS: State.PASS, Result.TEMPERROR: State.UNKNOWN}


@options.checking
def spf(
    ip: Annotated[str, typer.Option("--ip", metavar="IP", help="The address that the mail comes from.")] = "",
    mail_from: Annotated[
        str, typer.Option("--mail-from", metavar="ADDR", help="The envelope sender; empty for a bounce.")
    ] = "",
    helo: Annotated[str, typer.Option("--helo", metavar="NAME", help="What the server says in HELO.")] = "",
    receiver: Annotated[
        str, typer.Option("--receiver", metavar="NAME", help="Who receives it, for the sender's explanation.")
    ] = "unknown",
    *,
    manner: options.Manner,
) -> int:
    """Evaluate SPF (RFC 7208) for one address and one envelope sender.

    Exit codes: 0 pass, 1 anything that is not a pass, 2 usage, 3 temperror (DNS gave no answer), 4 a fault of
    Homing.
    """
    keys = {"ip": ip, "mail_from": mail_from, "helo": helo, "receiver": receiver}
    return judge_all(_judge, keys, manner)


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


def _judge(keys: Keys, world: World) -> Judged:
    ip, helo = text_of(keys, "ip"), text_of(keys, "helo").strip()
    if not ip:
        raise Problem("no address was given. Say from where the mail comes: --ip 192.0.2.25")
    address = address_of(ip)
    sender = text_of(keys, "mail_from").strip().removeprefix("<").removesuffix(">")
    if not sender and not helo:
        raise Problem(
            "no sender was given. Say who sends: --mail-from ann@example.com, or --helo for a bounce"
        )
    receiver = text_of(keys, "receiver") or "unknown"
    verdict = evaluate(world.dns, ip=address, mail_from=sender, helo=helo, now=world.now, receiver=receiver)
    return Judged(verdict.domain, told(verdict), _shown(verdict, address), (finding(verdict, address),))


def finding(verdict: Verdict, ip: str) -> Finding:
    """The evaluation as what an audit finds of a sending address (SPF-027)."""
    matched, reason = " → ".join(verdict.matched), str(verdict.reason) if verdict.reason else ""
    args: Args = {
        "result": verdict.result.value,
        "domain": verdict.domain,
        "origin": "given",
        "matched": matched or "no term",
        "because": reason or (f"decided by {matched}" if matched else "no term matched"),
        "why": reason,
        "lookups": verdict.lookups,
        "voids": verdict.voids,
    }
    return Finding("SPF-027", STATES.get(verdict.result, State.FAIL), ip, args)


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


run = single(
    "spf",
    spf,
    """homing spf --ip 192.0.2.25 --mail-from ann@example.com --helo mail.example.com
    homing spf --ip 192.0.2.25 --helo mail.example.com --json
    homing spf --jsonl < envelopes.jsonl""",
)
