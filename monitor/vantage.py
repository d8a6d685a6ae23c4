"""A listing that only one of two vantages sees is none that anybody is told of. Pure.

The other vantage is asked the same, past every cache. What it sees, too, carries both answers as
evidence; what it does not see, or could not tell, is unknown: a list may answer some resolvers
otherwise, or with an error in disguise.
"""

from collections.abc import Mapping
from dataclasses import replace

from checks.model import Finding, Report, State

LISTINGS = "BL"


def needs_another(report: Report) -> bool:
    """Whether there is a listing to be seen by somebody else."""
    return any(_listed(finding) for finding in report.findings)


def agreed(ours: Report, theirs: Report) -> Report:
    """Our report, with those listings alone that the other vantage sees as well."""
    seen = {(finding.code, finding.subject): finding for finding in theirs.findings}
    return replace(ours, findings=tuple(_agreed(finding, seen) for finding in ours.findings))


def _agreed(finding: Finding, seen: Mapping[tuple[str, str], Finding]) -> Finding:
    if not _listed(finding):
        return finding
    other = seen.get((finding.code, finding.subject))
    pieces = other.evidence if other else ()
    if other is not None and other.state is State.FAIL:
        return replace(finding, evidence=(*finding.evidence, *pieces))
    why = (
        "another vantage does not see it"
        if other and other.state.conclusive
        else "another vantage could not tell"
    )
    return replace(
        finding, state=State.UNKNOWN, args={**finding.args, "why": why}, evidence=(*finding.evidence, *pieces)
    )


def _listed(finding: Finding) -> bool:
    return finding.family == LISTINGS and finding.state is State.FAIL
