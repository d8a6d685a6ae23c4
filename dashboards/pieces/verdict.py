"""The one sentence at the top: is anything broken?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from checks.model import Severity
from dashboards.pieces.age import Trust
from dashboards.pieces.mark import SEVERITIES, Hue
from data.panels.incidents import Incident

NAMED = 3
GRAVE = (Severity.CRITICAL, Severity.HIGH)
PRESENT, PAST = ("is", "are"), ("was", "were")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`hue` and `icon` say the same as `headline`; `detail` is one more sentence, or ""."""

    hue: Hue
    icon: str
    headline: str
    detail: str = ""


def verdict(incidents: Sequence[Incident], watched: int, unknown: int, trust: Trust) -> Verdict:
    """`unknown` counts the grave questions without an answer. Green needs fresh data and none of them."""
    if not watched:
        return Verdict("gray", ":material/add_circle:", "Nothing is watched yet")
    if not trust.whole:
        last = (
            f"When last seen, {_broken(incidents, PAST)}"
            if incidents
            else "When last seen, nothing was broken"
        )
        return Verdict("gray", ":material/visibility_off:", "Cannot tell what holds now", f"{last}.")
    if incidents:
        grave = any(incident.severity in GRAVE for incident in incidents)
        headline = _broken(incidents, PRESENT)
        return Verdict("red" if grave else "orange", _icon(incidents), headline, _where(incidents))
    if unknown:
        questions = "1 question has" if unknown == 1 else f"{unknown} questions have"
        detail = f"{questions} no answer: not in order, and not broken."
        return Verdict("gray", ":material/help:", "Nothing is known to be broken", detail)
    domains = "1 domain" if watched == 1 else f"{watched} domains"
    return Verdict("green", ":material/check_circle:", "Everything is in order", f"{domains} watched.")


def _broken(incidents: Sequence[Incident], be: tuple[str, str]) -> str:
    return f"1 thing {be[0]} broken" if len(incidents) == 1 else f"{len(incidents)} things {be[1]} broken"


def _icon(incidents: Sequence[Incident]) -> str:
    return SEVERITIES[min((one.severity for one in incidents), key=lambda one: one.rank)].icon


def _where(incidents: Sequence[Incident]) -> str:
    domains = list(dict.fromkeys(incident.domain for incident in incidents if incident.domain))
    named = ", ".join(domains[:NAMED]) + (f" and {len(domains) - NAMED} more" if len(domains) > NAMED else "")
    return f"{by_severity(incidents)}{f', at {named}' if named else ''}."


def by_severity(incidents: Sequence[Incident]) -> str:
    """ "2 critical, 1 high"."""
    counts = Counter(incident.severity for incident in incidents)
    return ", ".join(f"{counts[severity]} {severity}" for severity in Severity if counts[severity])
