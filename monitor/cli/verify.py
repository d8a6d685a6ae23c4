"""`homing verify FILE.eml`: authenticate one message as a receiver would."""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from checks import wording
from checks.authentication import Authentication, Envelope, authenticate
from checks.catalog import MESSAGE_CHECKS
from checks.dkim.verify import Result
from checks.dmarc.align import DmarcResult, Evaluation
from checks.mail import read_mail
from checks.model import Finding, Profile
from checks.profiles import severity
from checks.verdict import is_fault
from checks.wording.table import shown
from monitor.cli import options
from monitor.cli.asking import Asking, address_of, asking
from monitor.cli.lines import answer_lines, text_of
from monitor.cli.main import Exit, say
from monitor.cli.shell import single
from monitor.cli.spf import told as told_spf
from monitor.problem import Problem

LARGEST = 50_000_000
"""Octets of a message that are read; no provider takes more."""


def verify(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The message; - reads stdin.", show_default=False)
    ] = "",
    ip: Annotated[str, typer.Option("--ip", metavar="IP", help="The address it came from.")] = "",
    mail_from: Annotated[
        str, typer.Option("--mail-from", metavar="ADDR", help="The envelope sender. Default: Return-Path.")
    ] = "",
    helo: Annotated[str, typer.Option("--helo", metavar="NAME", help="What the server said in HELO.")] = "",
    nameserver: options.Nameservers = None,
    timeout: options.Timeout = 5.0,
    at: options.At = "",
    as_json: options.Json = False,
    jsonl: options.Jsonl = False,
    skip: options.Skip = 0,
) -> int:
    """Verify SPF, DKIM, DMARC and ARC of a message, and say what is weak in its signatures.

    Without --ip nothing can be said of SPF. Exit codes: 0 DMARC passes (or, without a policy, a signature
    holds), 1 it does not, 2 usage, 3 DNS gave no answer, 4 a fault of Homing.
    """
    now = options.moment(at)
    with asking(nameserver or (), timeout) as world:
        if jsonl:
            return answer_lines(lambda asked: _of_line(world, asked, now), skip=skip)
        found = _authenticated(world, file, Envelope(ip, mail_from, helo), now)
    if as_json:
        say(json.dumps(told(found), ensure_ascii=False, indent=2))
    else:
        say(_shown(found))
    return _exit(found)


def told(found: Authentication) -> Mapping[str, Any]:
    """The document of one message (docs/commands.md)."""
    return {
        "from": found.author,
        "spf": told_spf(found.spf) if found.spf else None,
        "dkim": [
            {
                "domain": one.domain,
                "selector": one.selector,
                "result": one.result.value,
                "reason": one.reason,
                "algorithm": one.signature.algorithm,
                "header_holds": one.header_holds,
                "body_holds": one.body_holds,
            }
            for one in found.dkim
        ],
        "dmarc": _told_dmarc(found.dmarc),
        "arc": {
            "result": found.arc.result.value,
            "reason": found.arc.reason,
            "sealed_by": list(found.arc.domains),
        },
        "findings": [
            {
                "code": finding.code,
                "state": finding.state.value,
                "severity": severity(finding, Profile.BULK).value,
                "subject": finding.subject,
                "sentence": wording.sentence(finding),
                "fix": wording.fix(finding),
            }
            for finding in _findings(found)
        ],
    }


def _told_dmarc(found: Evaluation | None) -> Mapping[str, Any]:
    if found is None:
        return {"result": DmarcResult.NONE.value, "policy": None}
    return {
        "result": found.result.value,
        "policy": found.disposition.value if found.disposition else None,
        "found_at": found.policy.found_at,
        "aligned_spf": list(found.aligned_spf),
        "aligned_dkim": list(found.aligned_dkim),
    }


def _findings(found: Authentication) -> list[Finding]:
    return [finding for check in MESSAGE_CHECKS for finding in check.run(found)]


def _authenticated(world: Asking, file: str, envelope: Envelope, now: datetime) -> Authentication:
    if not file:
        raise Problem("no message was given. Try `homing verify message.eml`, or - for stdin.")
    mail = read_mail(_read(file))
    if not mail.fields:
        raise Problem(f"{file} has no header fields, so it is no message.")
    sender = envelope.mail_from or mail.first("return-path")
    asked = world.world(now)
    known = Envelope(
        address_of(envelope.ip) if envelope.ip else "",
        sender.strip().removeprefix("<").removesuffix(">"),
        envelope.helo.strip(),
    )
    return authenticate(mail, known, asked.dns, asked.now)


def _read(file: str) -> bytes:
    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise Problem(f"cannot read {file}: {(error.strerror or str(error)).lower()}.") from error
    if len(data) > LARGEST:
        raise Problem(f"{file} is larger than {LARGEST} octets.")
    return data


def _of_line(world: Asking, asked: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    envelope = Envelope(text_of(asked, "ip"), text_of(asked, "mail_from"), text_of(asked, "helo"))
    return told(_authenticated(world, text_of(asked, "file", required=True), envelope, now))


def _shown(found: Authentication) -> str:
    spf = f"{found.spf.result.value} for {found.spf.domain}" if found.spf else "not asked (no --ip)"
    lines = [f"From   {shown(found.author) if found.author else 'nobody'}", f"SPF    {spf}"]
    for one in found.dkim or ():
        reason = f": {shown(one.reason)}" if one.reason else ""
        lines.append(f"DKIM   {one.result.value}{reason} (d={shown(one.domain)} s={shown(one.selector)})")
    if not found.dkim:
        lines.append("DKIM   none: the message is not signed")
    dmarc = _told_dmarc(found.dmarc)
    policy = f" (policy {dmarc['policy']})" if dmarc["policy"] else ""
    lines.append(f"DMARC  {dmarc['result']}{policy}")
    reason = f": {shown(found.arc.reason)}" if found.arc.reason else ""
    lines.append(f"ARC    {found.arc.result.value}{reason}")
    for fault in (finding for finding in _findings(found) if is_fault(finding)):
        lines += ["", f"{fault.code} {wording.sentence(fault)}", f"  → {wording.fix(fault)}"]
    return "\n".join(lines)


def _exit(found: Authentication) -> Exit:
    """By DMARC where there is a policy, else by whether any signature holds."""
    if found.dmarc is not None and found.dmarc.result is not DmarcResult.NONE:
        if found.dmarc.result is DmarcResult.TEMPERROR:
            return Exit.COULD_NOT_TELL
        return Exit.CLEAN if found.dmarc.result is DmarcResult.PASS else Exit.FINDINGS
    if found.signed_by:
        return Exit.CLEAN
    waiting = any(one.result is Result.TEMPERROR for one in found.dkim)
    return Exit.COULD_NOT_TELL if waiting else Exit.FINDINGS


run = single(
    "verify",
    verify,
    """homing verify message.eml
    homing verify message.eml --ip 192.0.2.25 --mail-from ann@example.com --helo mail.example.com --json
    homing verify --jsonl < messages.jsonl""",
)
