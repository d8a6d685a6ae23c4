"""Finding out whose mailboxes recipients have, after the freeze and a batch at a time.

A domain that cannot be looked up is everybody else's: that costs pace, never delivery.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from checks.ports import Dns
from data import lanes, pools, recipients, routes
from data.recipients import Unrouted
from data.routes import DomainRoute
from sender.delivery.ledger import Ledger
from sender.delivery.outcome import Outcome, Phase
from sender.delivery.providers import OTHER, Directory
from sender.delivery.routing import destinations, domain_of
from sender.delivery.transports.fading import Fading

KEEP = timedelta(days=7)
BATCH = 2_000
AT_ONCE = 200
"""Domains that are looked up together; what is found is stored before the next ones are asked for."""
FORGIVE = timedelta(minutes=10)
"""How long a domain whose look-up failed is not asked for again."""
OUTAGE = 20
"""From so many look-ups on, if all of them failed it is the resolver, which is left alone for `REST`."""
REST = timedelta(minutes=1)


class Router:
    """Gives every waiting recipient its provider, and every (egress, provider) its lane."""

    def __init__(self, dns: Dns, directory: Directory) -> None:
        self._dns = dns
        self._directory = directory
        self._failed: Fading[str, bool] = Fading()
        self._rests_until: datetime | None = None

    async def route(self, ledger: Ledger, now: datetime) -> int:
        """One batch; returns how many recipients were routed."""
        rows = await ledger.read(lambda connection: recipients.unrouted(connection, BATCH))
        if not rows:
            return 0
        by_domain: defaultdict[str, list[Unrouted]] = defaultdict(list)
        for row in rows:
            by_domain[_domain(row)].append(row)
        wanted = sorted(domain for domain in by_domain if domain)
        known = await ledger.read(lambda connection: routes.known(connection, wanted, now - KEEP))
        missing = [domain for domain in wanted if domain not in known and not self._failed.get(domain, now)]
        settled = [domain for domain in by_domain if domain not in {*missing}]
        await ledger.write(partial(self._store, by_domain=by_domain, domains=settled, known=known, now=now))
        for at in range(0, len(missing), AT_ONCE):
            part = missing[at : at + AT_ONCE]
            found = await self._look_up(part, now)
            await ledger.write(partial(self._store, by_domain=by_domain, domains=part, known=found, now=now))
        return len(rows)

    async def _look_up(self, domains: Sequence[str], now: datetime) -> Mapping[str, DomainRoute]:
        """What was found out; a domain that is missing from it could not be looked up."""
        if self._rests_until and now < self._rests_until:
            return {}
        answers = await asyncio.to_thread(destinations, self._dns, domains)
        found: dict[str, DomainRoute] = {}
        for domain, answer in zip(domains, answers, strict=True):
            if not isinstance(answer, Outcome):
                found[domain] = DomainRoute(domain, self._directory.of(answer.hosts).key, answer.hosts, now)
            elif answer.phase is Phase.LOOKUP and answer.enhanced:  # an answer: it takes no mail
                found[domain] = DomainRoute(domain, OTHER.key, (), now)
            else:
                self._failed.put(domain, True, now + FORGIVE)
        if not found and len(domains) >= OUTAGE:
            self._rests_until = now + REST
        return found

    def _store(
        self,
        connection: Connection,
        by_domain: Mapping[str, Sequence[Unrouted]],
        domains: Sequence[str],
        known: Mapping[str, DomainRoute],
        now: datetime,
    ) -> None:
        chosen: defaultdict[str, list[int]] = defaultdict(list)
        lanes_of: set[tuple[str, str]] = set()
        for domain in domains:
            provider = known[domain].provider if domain in known else OTHER.key
            chosen[provider] += [row.id for row in by_domain[domain]]
            lanes_of |= {(row.egress, provider) for row in by_domain[domain]}
        routes.remember(connection, [route for route in known.values() if route.at == now])
        recipients.route(connection, chosen)
        egresses = pools.egresses(connection)
        for named, provider in sorted(lanes_of):
            for egress in egresses[named]:
                lanes.ensure(connection, egress, provider, 1, None, now)


def _domain(row: Unrouted) -> str:
    try:
        return domain_of(row.address)
    except ValueError:
        return ""
