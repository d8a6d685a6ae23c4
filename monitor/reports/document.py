"""A report as the JSON document that other programs hold on to (docs/commands.md, schema version 1)."""

from collections.abc import Mapping
from typing import Any

from checks import wording
from checks.model import Evidence, Finding, Report, Severity, State
from checks.profiles import severity
from checks.requirements import Card, cards
from checks.score import score
from checks.verdict import decide, worst
from monitor.reports.records import record

SCHEMA_VERSION = 1

Document = dict[str, Any]


def document(report: Report, syntax: str = "") -> Document:
    """Everything about one audit of one target. Keys are never renamed within a schema version.

    With `syntax` (a key of `checks.fixes.SYNTAXES`) each finding also has its `record`.
    """
    profile = report.target.profile
    top = worst(report.findings, profile)
    return {
        "schema_version": SCHEMA_VERSION,
        "target": target(report),
        "at": report.now.isoformat(),
        "verdict": decide(report.findings, profile).value,
        "worst": top.value if top else None,
        "score": score(report.findings, profile),
        "findings": [finding(found, report, syntax) for found in report.findings],
        "cards": [card(each) for each in cards(report.findings)],
    }


def target(report: Report) -> Document:
    examined = report.target
    return {
        "domain": examined.domain,
        "ips": [{"ip": sending.ip, "origin": sending.origin} for sending in examined.ips],
        "selectors": list(examined.selectors),
        "helos": list(examined.helos),
        "profile": examined.profile.value,
    }


def finding(found: Finding, report: Report, syntax: str = "") -> Document:
    """`severity` is what this profile makes of it; a pass weighs "info"."""
    mending = {"record": record(found, syntax)} if syntax else {}
    return {
        **mending,
        "code": found.code,
        "title": wording.title(found.code),
        "state": found.state.value,
        "severity": severity(found, report.target.profile).value,
        "subject": found.subject,
        "sentence": wording.sentence(found),
        "fix": wording.fix(found),
        "args": plain(found.args),
        "evidence": [evidence(proof) for proof in found.evidence],
    }


def evidence(proof: Evidence) -> Document:
    return {
        "name": proof.name,
        "type": proof.type,
        "answer": proof.answer,
        "resolver": proof.resolver,
        "at": proof.at.isoformat() if proof.at else None,
        "ttl": proof.ttl,
        "path": list(proof.path),
    }


def card(filled: Card) -> Document:
    return {
        "provider": filled.provider.key,
        "name": filled.provider.name,
        "summary": filled.summary,
        "passed": filled.passed,
        "of": len(filled.rows),
        "source": filled.provider.source,
        "rows": [
            {
                "requirement": row.requirement.key,
                "title": row.requirement.title,
                "state": row.state.value,
                "codes": list(row.evidence),
                "note": row.note,
            }
            for row in filled.rows
        ],
    }


def plain(value: Any) -> Any:
    """A finding's argument as JSON has it: tuples become lists."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value


def counts(report: Report) -> Mapping[Severity, int]:
    """How many faults of each severity, worst first."""
    faults = [
        severity(found, report.target.profile)
        for found in report.findings
        if found.state in (State.WARN, State.FAIL)
    ]
    return {level: faults.count(level) for level in Severity if level in faults}
