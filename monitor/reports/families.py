"""The findings of a report by family, worst first: the order in which people read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checks.model import Finding, Profile, Severity, State
from checks.profiles import severity
from checks.verdict import is_fault

TITLES: Mapping[str, str] = {
    "SPF": "SPF",
    "DKIM": "DKIM",
    "DMARC": "DMARC",
    "ARC": "ARC",
    "RDNS": "Reverse DNS and HELO",
    "BL": "Blocklists",
    "MX": "MX",
    "STS": "MTA-STS",
    "TLSRPT": "TLS reports",
    "TLS": "STARTTLS and certificates",
    "DANE": "DANE",
    "BIMI": "BIMI",
    "HYG": "The domain itself",
    "RES": "The resolver and the name servers",
    "DNSSEC": "DNSSEC",
    "BUG": "Faults of Homing",
}
"""Families in the order they are shown when equally grave; one without a title is shown by its name."""


@dataclass(frozen=True, slots=True)
class Family:
    """All findings of one kind."""

    name: str
    faults: tuple[Finding, ...]
    """Warned or failed, worst first."""
    open: tuple[Finding, ...]
    """Could not be told."""
    fine: tuple[Finding, ...]
    """Passed or not applicable."""

    @property
    def title(self) -> str:
        return TITLES.get(self.name, self.name)

    def rank(self, profile: Profile) -> tuple[int, int, int]:
        """For sorting: the worst fault first, then what is open, then the order of `TITLES`."""
        worst = min((severity(fault, profile).rank for fault in self.faults), default=len(Severity))
        order = list(TITLES)
        place = order.index(self.name) if self.name in order else len(order)
        return worst, 0 if self.open else 1, place


def families(findings: Iterable[Finding], profile: Profile) -> tuple[Family, ...]:
    """Group by family; within one, faults by severity and then in the order they were found."""
    by_name: dict[str, list[Finding]] = {}
    for finding in findings:
        by_name.setdefault(finding.family, []).append(finding)
    made = [_family(name, found, profile) for name, found in by_name.items()]
    return tuple(sorted(made, key=lambda family: family.rank(profile)))


def _family(name: str, found: list[Finding], profile: Profile) -> Family:
    faults = sorted((f for f in found if is_fault(f)), key=lambda f: severity(f, profile).rank)
    return Family(
        name,
        tuple(faults),
        tuple(f for f in found if f.state is State.UNKNOWN),
        tuple(f for f in found if f.state in (State.PASS, State.NOT_APPLICABLE)),
    )
