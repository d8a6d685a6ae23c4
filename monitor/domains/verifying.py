"""Verifying a domain: every record on every name server. That decides whether campaigns may start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.ports import World
from checks.published.look import look
from checks.published.wanted import Look, Seen, ready
from data.dkim_keys import KeyState, change_key, find_key
from data.sending_domains import SendingDomain, find_sending_domain, keep_verification
from data.servers import Server
from monitor.app import App
from monitor.domains.planning import plan_of
from sender.domains.keys import begin_signing


@dataclass(frozen=True, slots=True)
class Verified:
    """One look at all records; `ready`: campaigns may start from it."""

    domain: SendingDomain
    looks: tuple[Look, ...]
    ready: bool


def verify(
    app: App, domain: SendingDomain, server: Server | None, world: World, *, by_resolver: bool = False
) -> Verified:
    """Look at everything once, and remember it."""
    looks = tuple(look(plan_of(app, domain, server).records(), world, by_resolver=by_resolver))
    complete = ready(looks)
    with app.store.write() as connection:
        keep_verification(connection, domain.domain, document(looks), world.now if complete else None)
        key = find_key(connection, domain.domain, domain.selector)
        seen = any(each.wanted.what == "DKIM" and each.seen is Seen.PUBLISHED for each in looks)
        if key and seen:
            change_key(connection, key.domain, key.selector, seen_at=world.now)
        if key and seen and key.state is KeyState.MADE:
            begin_signing(connection, key, world.now)
        found = find_sending_domain(connection, domain.domain)
    assert found is not None
    return Verified(found, looks, complete)


def document(looks: Sequence[Look]) -> Mapping[str, Any]:
    """What was seen, for the store and for `--json`."""
    return {"records": [_record(each) for each in looks]}


def _record(seen: Look) -> dict[str, Any]:
    wanted = seen.wanted
    return {
        "what": wanted.what,
        "name": wanted.name,
        "type": wanted.type,
        "value": wanted.value,
        "required": wanted.required,
        "state": seen.seen.value,
        "servers": [
            {"server": word.server, "ip": word.ip, "state": word.seen.value, "said": word.said[:1_000]}
            for word in seen.words
        ],
    }
