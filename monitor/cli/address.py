"""`homing address verify`: what can be told of addresses without writing to them."""

import asyncio
import functools
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Annotated, Any

import typer

from monitor.app import App, open_app
from monitor.cli import options
from monitor.cli.main import Exit, say
from monitor.cli.shell import application, exits, run_typer
from monitor.problem import Problem
from monitor.senses import Senses, open_senses
from sender.audience.hygiene.reach import Reach, Reaching
from sender.audience.verify import Verdict, Verified, verify
from sender.delivery.rcpt_probe import Probed, RcptProbe, Said

EXAMPLES = """
homing address verify ada@example.com bob@gmial.com
homing address verify --jsonl < addresses.jsonl
homing address verify --offline ada@example.com --json
"""
AT_ONCE = 200

app = application("Addresses: what can be told of them without writing to them.", EXAMPLES)


@app.callback()
def address() -> None:
    """Addresses: what can be told of them without writing to them."""


@app.command("verify")
@exits
def look(
    addresses: Annotated[
        list[str] | None, typer.Argument(metavar="[ADDRESS]…", help="What to look at.")
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read {"address"} a line from stdin, answer each with a line.')
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask DNS.")] = False,
    smtp_probe: Annotated[
        bool,
        typer.Option(
            "--smtp-probe",
            help="Also ask the receivers' servers. DANGEROUS: asking without sending is what harvesters "
            "do, and gets the asking address, name and network listed; never do it from where you send mail. "
            "Large providers are not asked, and “accepted” is never reported, because it is worth nothing.",
        ),
    ] = False,
    helo: Annotated[
        str,
        typer.Option(
            "--helo", help="With --smtp-probe: our name, which must resolve from and to our address."
        ),
    ] = "",
    as_json: options.Json = False,
) -> int:
    """Syntax, whether the domain takes mail (MX, null MX), offices, throw-away domains, typos, suppression.

    Exit code 1 if an address is rejected, 3 if nothing worse than “could not tell”.

    Example: `homing address verify ada@example.com`
    """
    if smtp_probe and (offline or not helo):
        raise Problem("--smtp-probe needs --helo NAME, and cannot be --offline.")
    with open_app() as instance, open_senses(instance.config) as senses:
        looked = _Looking(instance, senses, offline, helo if smtp_probe else "")
        if jsonl:
            return _answer(looked)
        if not addresses:
            raise Problem('name an address, or give --jsonl with {"address": …} lines on stdin.')
        found = [*looked.at(addresses)]
    if as_json:
        documents = [_document(*each) for each in found]
        say(json.dumps({"schema_version": 1, "addresses": documents}, ensure_ascii=False, indent=2))
    else:
        say("\n".join(_line(*each) for each in found))
    return _code([_document(*each)["verdict"] for each in found])


class _Looking:
    """Verifies in the order given, and asks the servers where that was wished for."""

    def __init__(self, instance: App, senses: Senses, offline: bool, helo: str) -> None:
        self._instance = instance
        self._reaching = Reaching(None if offline else senses.dns)
        port = instance.config.delivery.mx_port
        self._probe = RcptProbe(senses.dns, helo, port, private=instance.home.is_sandbox) if helo else None

    def at(self, texts: Sequence[str]) -> Iterator[tuple[Verified, Probed | None]]:
        for start in range(0, len(texts), AT_ONCE):
            part = texts[start : start + AT_ONCE]
            for each in verify(self._instance.store, part, self._reaching, self._instance.fingerprint):
                yield each, self._asked(each)

    def _asked(self, each: Verified) -> Probed | None:
        if self._probe is None or each.address is None or each.verdict is Verdict.REJECT:
            return None
        return asyncio.run(self._probe.ask(each.address.mailbox))


def _answer(looked: _Looking) -> int:
    lines = (line for line in sys.stdin if line.strip())
    bad = False
    while part := list(islice(lines, AT_ONCE)):
        asked = [_asked_of(line) for line in part]
        found = looked.at([text for text in asked if text is not None])
        for text in asked:
            if text is None:
                bad = True
                say(json.dumps({"error": "this line is no JSON object with a text under “address”"}))
            else:
                say(json.dumps(_document(*next(found)), ensure_ascii=False))
    return Exit.USAGE if bad else Exit.CLEAN


def _asked_of(line: str) -> str | None:
    try:
        asked = json.loads(line)
    except ValueError:
        return None
    text = asked.get("address") if isinstance(asked, dict) else None
    return text if isinstance(text, str) else None


def _code(verdicts: Sequence[str]) -> Exit:
    if Verdict.REJECT in verdicts:
        return Exit.FINDINGS
    return Exit.COULD_NOT_TELL if Verdict.UNKNOWN in verdicts else Exit.CLEAN


def _document(each: Verified, probed: Probed | None) -> Mapping[str, Any]:
    refused = probed is not None and probed.said is Said.REJECTED
    return {
        "address": each.text,
        "verdict": Verdict.REJECT.value if refused else each.verdict.value,
        "reasons": list(each.reasons),
        "mailbox": each.address.mailbox if each.address else None,
        "domain": each.reach.value,
        "suggestion": each.suggestion or None,
        "role": each.odd.role,
        "disposable": each.odd.disposable,
        "free": each.odd.free,
        "smtputf8": each.address.needs_smtputf8 if each.address else False,
        "suppressed": each.suppressed.reason.value if each.suppressed else None,
        "smtp": {"said": probed.said.value, "note": probed.note} if probed else None,
    }


def _line(each: Verified, probed: Probed | None) -> str:
    told = _document(each, probed)
    said = [f"{told['verdict']:8}", each.text, *each.reasons]
    if each.address and each.reach is Reach.NOT_ASKED:
        said.append("DNS was not asked")
    if probed:
        said.append(f"SMTP {probed.said}: {probed.note}")
    return "  ".join(said[:2]) + ("  " + "; ".join(said[2:]) if said[2:] else "")


run = functools.partial(run_typer, app, "address")
