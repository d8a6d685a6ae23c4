"""`homing doctor`: what keeps this installation from doing its work."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from checks import wording
from checks.model import Finding, State
from checks.net.dns import Resolver, system_servers
from monitor.cli import options
from monitor.cli.asking import server_of
from monitor.cli.main import Exit, say
from monitor.cli.shell import single
from monitor.config import Config, split_nameserver
from monitor.doctor import visit
from monitor.doctor.wording import WORDING
from monitor.home import locate
from monitor.reports.document import SCHEMA_VERSION, evidence, plain
from monitor.senses import blocklists

MARKS = {State.FAIL: "✗", State.WARN: "!", State.UNKNOWN: "?", State.PASS: "✓", State.NOT_APPLICABLE: "–"}
LIST = "DOC-005"


def doctor(
    nameserver: options.Nameservers = None, timeout: options.Timeout = 5.0, as_json: options.Json = False
) -> int:
    """Examine the resolver (whose it is, does it validate, does it lie, which blocklists answer it), and
    the machine: clock, ports, disk, Python, SQLite, and the way out on port 25.

    Exit codes: 0 nothing fails, 1 something does, 3 the resolver does not answer.
    """
    home = locate()
    config, settled = visit.configuration(home)
    found = [settled, *visit.examine_machine(home, config)]
    servers = _servers(nameserver or (), config)
    found += visit.examine_resolvers(visit.Patient(home, servers, blocklists(config), timeout))
    with Resolver(servers, timeout) as dns:
        found += visit.examine_way_out(dns, config)
    say(_json(found) if as_json else "\n".join(_lines(found)))
    return _exit(found)


def _servers(given: Sequence[str], config: Config) -> list[tuple[str, int]]:
    configured = [split_nameserver(text) for text in config.resolver.nameservers]
    return [server_of(text) for text in given] or configured or system_servers()


def _exit(found: Sequence[Finding]) -> Exit:
    failed = [finding for finding in found if finding.state is State.FAIL]
    if any(finding.code != "DOC-001" for finding in failed):
        return Exit.FINDINGS
    return Exit.COULD_NOT_TELL if failed else Exit.CLEAN


def _json(found: Sequence[Finding]) -> str:
    document = {"schema_version": SCHEMA_VERSION, "findings": [_document(finding) for finding in found]}
    return json.dumps(document, ensure_ascii=False, indent=2)


def _document(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "title": WORDING[finding.code].title,
        "state": finding.state.value,
        "severity": visit.severity(finding).value,
        "subject": finding.subject,
        "sentence": wording.sentence(finding, WORDING),
        "fix": wording.fix(finding, WORDING),
        "args": plain(finding.args),
        "evidence": [evidence(proof) for proof in finding.evidence],
    }


def _lines(found: Sequence[Finding]) -> Iterator[str]:
    """One line a finding, with what to do below it; the lists that work are counted."""
    for finding in found:
        if finding.code == LIST and finding.state is State.PASS:
            continue
        yield f"{MARKS[finding.state]} {wording.sentence(finding, WORDING)}"
        if remedy := wording.fix(finding, WORDING):
            yield f"    → {remedy}"
    tried = [finding for finding in found if finding.code == LIST]
    if tried:
        well = sum(finding.state is State.PASS for finding in tried)
        yield f"{well} of {len(tried)} blocklists work through the resolver."


run = single(
    "doctor",
    doctor,
    """homing doctor
    homing doctor --nameserver 192.0.2.53 --nameserver 127.0.0.1:5353
    homing doctor --json""",
)
