"""What the incidents of this room have in common."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from checks.model import Severity
from monitor.incidents.machine import Policy, Sighting
from monitor.incidents.matter import Matter, Words

POLICY = Policy(looks=1, clear_looks=1, apart=timedelta(), fresh=False)
"""Reports are sums of a day: looking at the same ones again confirms nothing."""


def fault(kind: str, domain: str, subject: str, severity: Severity, words: Words, **more: Any) -> Matter:
    """`subject`: what of the domain it is about."""
    return Matter(
        fingerprint=f"{kind}|{domain}|{subject}",
        kind=kind,
        domain=domain,
        target_id=None,
        subject=subject,
        sighting=Sighting.FAULT,
        policy=POLICY,
        severity=severity,
        words=words,
        cause=domain,
        **more,
    )


def over(fingerprint: str, subject: str) -> Matter:
    """It was there, and is not any more."""
    kind, domain, _ = fingerprint.split("|", 2)
    return Matter(fingerprint, kind, domain, None, subject, Sighting.CLEAR, POLICY, cause=domain)


def line(subject: str, sentence: str) -> Mapping[str, str]:
    """A fault of an incident, as `Words` has it."""
    return {"code": "", "subject": subject, "sentence": sentence}
