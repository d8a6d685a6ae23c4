"""A drop of placement at a provider is an incident: when a test that ended contradicts what was usual
there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from checks.model import Severity
from data import incidents, placement
from monitor.config import Config
from monitor.incidents.follow import follow
from monitor.incidents.machine import Policy, Sighting
from monitor.incidents.matter import Matter, Words
from monitor.placement.summary import Provider, summary

KIND = "placement"
POLICY = Policy(looks=1, clear_looks=1, apart=timedelta(), fresh=False)
BEFORE = timedelta(days=30)


def summary_of(connection: Connection, test_id: int, now: datetime) -> Sequence[Provider]:
    """What a test says of each provider, beside the tests of the 30 days before it."""
    return list(
        summary(
            placement.verdicts_of(connection, test_id),
            placement.verdicts_before(connection, test_id, now - BEFORE),
        )
    )


def track_drop(connection: Connection, config: Config, test_id: int, now: datetime) -> None:
    """Open, keep or end the incident of each provider."""
    for provider in summary_of(connection, test_id, now):
        known = incidents.find_alive(connection, f"{KIND}|{provider.name}")
        if not provider.inbox.n or not (provider.worse or known):
            continue
        matter = Matter(
            fingerprint=f"{KIND}|{provider.name}",
            kind=KIND,
            domain="",
            target_id=None,
            subject=provider.name,
            sighting=Sighting.FAULT if provider.worse else Sighting.CLEAR,
            policy=POLICY,
            severity=Severity.HIGH,
            words=_words(provider, test_id) if provider.worse else None,
            cause=provider.name,
        )
        follow(connection, config, matter, known, now)


def _words(provider: Provider, test_id: int) -> Words:
    inbox = provider.inbox
    facts: Mapping[str, int | str] = {
        "test": test_id,
        "provider": provider.name,
        "inbox": inbox.hits,
        "of": inbox.n,
    }
    return Words(
        title="Placement dropped",
        sentence=(
            f"At {provider.name} {inbox.hits} of {inbox.n} seeds found test {test_id} in the inbox "
            f"({inbox.interval}); usual there is {100 * provider.baseline:.0f} %."
        ),
        fix=f"See what the filter said: homing placement show {test_id}",
        over=f"{provider.name} puts letters into the inbox as before.",
        facts=facts,
    )
