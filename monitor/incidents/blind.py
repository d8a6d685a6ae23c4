"""Blind for too long: questions that nobody could answer are an incident of their own, and nothing else.
Pure.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from checks.model import Severity, State
from data.standings import Standing
from monitor.config import Config
from monitor.incidents.machine import Policy, Sighting
from monitor.incidents.matter import Matter, Words

KIND = "blind"
DECISIVE = frozenset({"SPF", "DKIM", "DMARC", "RDNS", "MX"})
"""The families without which nothing can be said of a domain's mail. A single list that is silent is
shown, and alarms nobody.
"""
ONE_LOOK = Policy(looks=1, clear_looks=1, apart=timedelta(), fresh=False)
MOST_NAMED = 8


def blindness(
    standings: Sequence[Standing], target_id: int, domain: str, now: datetime, config: Config
) -> Matter:
    """Whether a domain's decisive questions have been without an answer for `[alerts] blind_after`."""
    dark = [one for one in standings if _dark(one)]
    since = min((one.unknown_since for one in dark if one.unknown_since), default=now)
    too_long = bool(dark) and now - since >= config.alerts.blind_after
    return Matter(
        fingerprint=f"{KIND}|{domain}",
        kind=KIND,
        domain=domain,
        target_id=target_id,
        subject=domain,
        sighting=Sighting.FAULT if too_long else Sighting.UNKNOWN if dark else Sighting.CLEAR,
        policy=ONE_LOOK,
        severity=Severity.HIGH,
        words=_words(domain, dark, since) if too_long else None,
        cause="resolver",
    )


def _dark(one: Standing) -> bool:
    return one.unknown_since is not None and one.code.rpartition("-")[0] in DECISIVE and _matters(one)


def _matters(one: Standing) -> bool:
    return one.conclusive is None or one.conclusive.state is not State.NOT_APPLICABLE


def _words(domain: str, dark: Sequence[Standing], since: datetime) -> Words:
    families = sorted({one.code.rpartition("-")[0] for one in dark})
    return Words(
        title="Blind",
        sentence=(
            f"{len(dark)} questions about {domain} ({', '.join(families)}) have had no answer since "
            f"{since:%Y-%m-%d %H:%M} UTC. What was known before is old; nothing new can be told."
        ),
        fix="See whether its name servers and your resolver answer: homing doctor; homing check " + domain,
        faults=[
            {"code": one.code, "subject": one.subject, "sentence": f"{one.subject}: no answer"}
            for one in dark[:MOST_NAMED]
        ],
    )
