"""`homing verify FILE.eml`: authenticate one message as a receiver would."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from checks import wording
from checks.authentication import Authentication, Envelope, authenticate
from checks.catalog import MESSAGE_CHECKS
from checks.dkim.verify import Result
from checks.dmarc.align import DmarcResult, Evaluation
from checks.mail import read_mail
from checks.model import Finding, Profile, State
from checks.ports import World
from checks.profiles import severity
from checks.verdict import is_fault
from checks.wording.table import shown
from monitor.cli import options
from monitor.cli.asking import address_of
from monitor.cli.auditing import profile_of
from monitor.cli.judging import Judged, Keys, judge_all
from monitor.cli.lines import text_of
from monitor.cli.shell import single
from monitor.cli.spf import told as told_spf
from monitor.problem import Problem

LARGEST = 50_000_000
"""Octets of a message that are read; no provider takes more."""


DMARC_STATES = {DmarcResult.PASS: State.PASS, DmarcResult.TEMPERROR: State.UNKNOWN}


@options.checking
def verify(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The message; - reads stdin.", show_default=False)
    ] = "",
    ip: Annotated[str, typer.Option("--ip", metavar="IP", help="The address it came from.")] = "",
    mail_from: Annotated[
        str, typer.Option("--mail-from", metavar="ADDR", help="The envelope sender. Default: Return-Path.")
    ] = "",
    helo: Annotated[str, typer.Option("--helo", metavar="NAME", help="What the server said in HELO.")] = "",
    *,
    manner: options.Manner,
) -> int:
    """Verify SPF, DKIM, DMARC and ARC of a message, and say what is weak in its signatures.

    Without --ip nothing can be said of SPF. Exit codes: 0 DMARC passes (or, without a policy, a signature
    holds) and nothing at or above --fail-on is weak, 1 otherwise, 2 usage, 3 DNS gave no answer, 4 a fault of
    Homing.
    """
    keys = {"file": file, "ip": ip, "mail_from": mail_from, "helo": helo}
    return judge_all(_judge, keys, manner)


def _judge(keys: Keys, world: World) -> Judged:
    envelope = Envelope(text_of(keys, "ip"), text_of(keys, "mail_from"), text_of(keys, "helo"))
    found = _authenticated(world, text_of(keys, "file"), envelope)
    profile = profile_of(text_of(keys, "profile")) or Profile.BULK
    findings = tuple(_findings(found))
    return Judged(found.author or "nobody", told(found, profile), _shown(found), findings, _verdict(found))


def told(found: Authentication, profile: Profile = Profile.BULK) -> Mapping[str, Any]:
    """The document of one message (docs/commands.md); `profile` weighs its findings."""
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
                "severity": severity(finding, profile).value,
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


def _authenticated(world: World, file: str, envelope: Envelope) -> Authentication:
    if not file:
        raise Problem("no message was given. Try `homing verify message.eml`, or - for stdin.")
    mail = read_mail(_read(file))
    if not mail.fields:
        raise Problem(f"{file} has no header fields, so it is no message.")
    sender = envelope.mail_from or mail.first("return-path")
    known = Envelope(
        address_of(envelope.ip) if envelope.ip else "",
        sender.strip().removeprefix("<").removesuffix(">"),
        envelope.helo.strip(),
    )
    return authenticate(mail, known, world.dns, world.now)


def _read(file: str) -> bytes:
    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise Problem(f"cannot read {file}: {(error.strerror or str(error)).lower()}.") from error
    if len(data) > LARGEST:
        raise Problem(f"{file} is larger than {LARGEST} octets.")
    return data


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


def _verdict(found: Authentication) -> State:
    """By DMARC where there is a policy, else by whether any signature holds."""
    if found.dmarc is not None and found.dmarc.result is not DmarcResult.NONE:
        return DMARC_STATES.get(found.dmarc.result, State.FAIL)
    if found.signed_by:
        return State.PASS
    waiting = any(one.result is Result.TEMPERROR for one in found.dkim)
    return State.UNKNOWN if waiting else State.FAIL


run = single(
    "verify",
    verify,
    """homing verify message.eml
    homing verify message.eml --ip 192.0.2.25 --mail-from ann@example.com --helo mail.example.com --json
    homing verify --jsonl < messages.jsonl""",
)
