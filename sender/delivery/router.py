"""Finding out whose mailboxes recipients have, after the freeze and a batch at a time.

A domain that cannot be looked up is everybody else's: that costs pace, never delivery.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from checks.ports import Dns
from data import lanes, pools, recipients, routes
from data.recipients import Unrouted
from data.routes import DomainRoute
from sender.delivery.ledger import Ledger
from sender.delivery.outcome import Outcome, Phase
from sender.delivery.providers import OTHER, Directory
from sender.delivery.routing import destinations, domain_of

KEEP = timedelta(days=7)
BATCH = 2_000
AT_ONCE = 200
"""Domains that are looked up together."""


class Router:
    """Gives every waiting recipient its provider, and every (egress, provider) its lane."""

    def __init__(self, dns: Dns, directory: Directory) -> None:
        self._dns = dns
        self._directory = directory

    async def route(self, ledger: Ledger, now: datetime) -> int:
        """One batch; returns how many recipients were routed."""
        rows = await ledger.read(lambda connection: recipients.unrouted(connection, BATCH))
        if not rows:
            return 0
        domains = {row.id: _domain(row) for row in rows}
        wanted = sorted({domain for domain in domains.values() if domain})
        known = await ledger.read(lambda connection: routes.known(connection, wanted, now - KEEP))
        missing = [domain for domain in wanted if domain not in known]
        found = await self._look_up(missing, now)
        providers = {domain: route.provider for domain, route in {**known, **found}.items()}
        await ledger.write(lambda c: self._store(c, rows, domains, providers, list(found.values()), now))
        return len(rows)

    async def _look_up(self, domains: Sequence[str], now: datetime) -> dict[str, DomainRoute]:
        found: dict[str, DomainRoute] = {}
        for at in range(0, len(domains), AT_ONCE):
            part = domains[at : at + AT_ONCE]
            answers = await asyncio.to_thread(destinations, self._dns, part)
            for domain, answer in zip(part, answers, strict=True):
                if isinstance(answer, Outcome):
                    if answer.phase is Phase.LOOKUP and answer.enhanced:  # an answer: it takes no mail
                        found[domain] = DomainRoute(domain, OTHER.key, (), now)
                else:
                    key = self._directory.of(answer.hosts).key
                    found[domain] = DomainRoute(domain, key, answer.hosts, now)
        return found

    def _store(
        self,
        connection: Connection,
        rows: Sequence[Unrouted],
        domains: dict[int, str],
        providers: dict[str, str],
        found: Sequence[DomainRoute],
        now: datetime,
    ) -> None:
        chosen: defaultdict[str, list[int]] = defaultdict(list)
        for row in rows:
            chosen[providers.get(domains[row.id], OTHER.key)].append(row.id)
        routes.remember(connection, found)
        recipients.route(connection, chosen)
        pairs = {(row.egress, providers.get(domains[row.id], OTHER.key)) for row in rows}
        egresses = pools.egresses(connection)
        for named, provider in sorted(pairs):
            for egress in egresses[named]:
                lanes.ensure(connection, egress, provider, 1, None, now)


def _domain(row: Unrouted) -> str:
    try:
        return domain_of(row.address)
    except ValueError:
        return ""
