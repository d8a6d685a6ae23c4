"""The gate before a start: the few checks that decide, on the domain as it is now. Go, hold or stop."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from checks import wording
from checks.audit import audit
from checks.catalog import BUG
from checks.model import Finding, Profile, Report, Scope, SendingIp, Severity, State, Target
from checks.ports import World
from checks.profiles import severity
from checks.verdict import is_blind
from data.sending_domains import SendingDomain
from sender.campaigns.start import SINK

STOPS_FROM = Severity.HIGH
OWN_ADDRESSES = frozenset({"mx", "smtp"})
"""The kinds of server whose addresses are the sender's own; a service's are its own affair."""


class Verdict(StrEnum):
    GO = "go"
    HOLD = "hold"
    """Something could not be found out: a person decides."""
    STOP = "stop"
    """A fault is known."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it is not "go"; `accepted`: a person said that it may."""

    code: str
    subject: str
    sentence: str
    fix: str
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    verdict: Verdict
    stops: tuple[Reason, ...] = ()
    holds: tuple[Reason, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.stops + self.holds

    @property
    def why(self) -> str:
        """One line for a campaign's row."""
        open_ones = [each for each in self.reasons if not each.accepted]
        return "; ".join(f"{each.code} {each.sentence}" for each in open_ones)[:500]


OPEN = Gate(Verdict.GO)


def stopped_by(seen: Gate, more: tuple[Reason, ...]) -> Gate:
    """The gate with further faults that are known."""
    stops = (*seen.stops, *more)
    verdict = Verdict.STOP if any(not each.accepted for each in more) else seen.verdict
    return Gate(verdict, stops, seen.holds)


def gate(domain: SendingDomain, kinds: frozenset[str], world: World, accepted: Collection[str] = ()) -> Gate:
    """Look now. `kinds` are those of the servers that may send; `accepted` are codes that a person takes
    upon themselves.
    """
    if kinds == SINK:
        return OPEN
    return judge(audit(target_of(domain, kinds), world, Scope.GATE), accepted)


def target_of(domain: SendingDomain, kinds: frozenset[str]) -> Target:
    """What the checks look at: the domain with what its mail shows."""
    own = bool(kinds & OWN_ADDRESSES)
    return Target(
        domain.domain,
        tuple(SendingIp(ip) for ip in domain.ips),
        (domain.selector,),
        (domain.helo,) if domain.helo else (),
        Profile.BULK if own else Profile.ESP_SUBDOMAIN,
    )


def judge(report: Report, accepted: Collection[str] = ()) -> Gate:
    """A report as a verdict: a known fault stops, what could not be told holds."""
    profile = report.target.profile
    stops = _reasons([each for each in report.findings if _stops(each, profile)], accepted)
    blind = [each for each in report.findings if each.code != BUG and is_blind(each, profile)]
    holds = _reasons(blind, accepted)
    if any(not each.accepted for each in stops):
        return Gate(Verdict.STOP, stops, holds)
    if any(not each.accepted for each in holds):
        return Gate(Verdict.HOLD, stops, holds)
    return Gate(Verdict.GO, stops, holds)


def _stops(finding: Finding, profile: Profile) -> bool:
    wrong = finding.state in (State.FAIL, State.WARN) and severity(finding, profile).at_least(STOPS_FROM)
    return wrong or finding.code == BUG


def _reasons(findings: Sequence[Finding], accepted: Collection[str]) -> tuple[Reason, ...]:
    made = (Reason(each.code, each.subject, wording.sentence(each), wording.fix(each)) for each in findings)
    return tuple(replace(each, accepted=each.code in accepted) for each in made)
