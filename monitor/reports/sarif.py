"""Reports as SARIF 2.1.0, for the places that show findings beside code."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from checks import wording
from checks.model import Finding, Report, Severity, State
from checks.profiles import severity
from checks.wording import WORDING
from monitor.version import running

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}


def sarif(reports: Sequence[Report]) -> dict[str, Any]:
    """One run with a result for each fault and each unanswered question of `reports`."""
    told = [(report, finding) for report in reports for finding in report.findings if _is_result(finding)]
    codes = sorted({finding.code for _, finding in told})
    driver = {
        "name": "Homing",
        "version": running(),
        "rules": [_rule(code) for code in codes],
    }
    results = [_result(report, finding, codes.index(finding.code)) for report, finding in told]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _is_result(finding: Finding) -> bool:
    return finding.state in (State.WARN, State.FAIL, State.UNKNOWN)


def _rule(code: str) -> dict[str, Any]:
    words = WORDING[code]
    return {
        "id": code,
        "shortDescription": {"text": words.title},
        "help": {"text": words.fix},
    }


def _result(report: Report, finding: Finding, rule: int) -> dict[str, Any]:
    """An unanswered question is of kind "open", which is neither a pass nor a failure."""
    is_open = finding.state is State.UNKNOWN
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "kind": "open" if is_open else "fail",
        "level": "none" if is_open else LEVELS[severity(finding, report.target.profile)],
        "message": {"text": wording.sentence(finding)},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": f"dns:{report.target.name}"}},
                "logicalLocations": [{"fullyQualifiedName": finding.subject}],
            }
        ],
        "partialFingerprints": {"homing/v1": _fingerprint(report, finding)},
    }


def _fingerprint(report: Report, finding: Finding) -> str:
    """The same fault of the same subject has the same one in every run."""
    parts = [report.target.name, finding.code, finding.subject]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
