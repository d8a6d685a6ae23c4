"""A seed that cannot be read is an incident of its own, with its remedy: it says nothing of placement."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from checks.model import Severity
from data import incidents
from data.placement import Landed, Seed, Verdict
from monitor.config import Config
from monitor.incidents.follow import follow
from monitor.incidents.machine import Policy, Sighting
from monitor.incidents.matter import Matter, Words

KIND = "seed"
POLICY = Policy(looks=1, clear_looks=1, apart=timedelta(), fresh=False)
READ = frozenset({Verdict.INBOX, Verdict.TAB, Verdict.SPAM, Verdict.MISSING})
"""Verdicts that only a mailbox that was read can give."""


def track_seed(connection: Connection, config: Config, seed: Seed, landed: Landed, now: datetime) -> None:
    """Open, keep or end the incident about this seed."""
    fingerprint = f"{KIND}|{seed.name}"
    known = incidents.find_alive(connection, fingerprint)
    fault = landed.verdict is Verdict.ACCOUNT_ERROR
    if not fault and (known is None or landed.verdict not in READ):
        return
    matter = Matter(
        fingerprint=fingerprint,
        kind=KIND,
        domain="",
        target_id=None,
        subject=seed.name,
        sighting=Sighting.FAULT if fault else Sighting.CLEAR,
        policy=POLICY,
        severity=Severity.MEDIUM,
        words=_words(seed, landed) if fault else None,
        cause=seed.provider,
    )
    follow(connection, config, matter, known, now)


def _words(seed: Seed, landed: Landed) -> Words:
    return Words(
        title="Seed signed out",
        sentence=f"The seed {seed.name} ({seed.address}) cannot be read: {landed.note}.",
        fix=f"Give it its new password: homing seed add {seed.name} …; then: homing seed test {seed.name}",
        over=f"The seed {seed.name} can be read again.",
    )
