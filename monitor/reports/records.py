"""The records that mend a report's findings, in the syntax that a person pastes."""

from collections.abc import Iterator

from checks.change import change_of
from checks.fixes import SYNTAXES
from checks.model import Finding, Report


def record(finding: Finding, syntax: str) -> str:
    """The record that mends one finding; "" when its fix is not a record."""
    change = change_of(finding)
    return SYNTAXES[syntax](change) if change else ""


def records(report: Report, syntax: str) -> Iterator[tuple[str, str]]:
    """(codes, record) for each different record that the report proposes, in the order of the findings."""
    by_record: dict[str, list[str]] = {}
    for finding in report.findings:
        if text := record(finding, syntax):
            by_record.setdefault(text, []).append(finding.code)
    for text, codes in by_record.items():
        yield ", ".join(dict.fromkeys(codes)), text
