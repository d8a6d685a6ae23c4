"""Makes a sandbox's home: ports, keys, seed mailboxes, configuration and a store with something in it."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from monitor.app import open_app
from monitor.home import Home
from monitor.sandbox import place
from monitor.sandbox.configuration import configuration
from monitor.sandbox.filing import mailbox_path, open_mailbox
from monitor.sandbox.keys import DkimKey, make_certificate, make_dkim
from monitor.sandbox.place import Sandbox
from monitor.sandbox.providers import BY_DOMAIN, PROVIDERS
from monitor.sandbox.stocking import SEEDS, Stockroom
from monitor.sandbox.world import DOMAINS

MARK = "SANDBOX"
TOKEN_BYTES = 24


def make(home: Home, *, seed: int, contacts: int) -> Sandbox:
    """Make the sandbox, or take up the one that is there; its ports are looked for anew at each start.

    What says that it is made is written last: a sandbox that was killed half-way is made again.
    """
    place.ready_of(home).unlink(missing_ok=True)  # of a run that was killed
    (home.path / MARK).touch()
    place.truth_of(home).parent.mkdir(exist_ok=True)
    made = {} if place.file_of(home).exists() else _make_keys(home)
    sandbox = _sandbox(home, seed, contacts, {domain: key.public for domain, key in made.items()})
    for address in SEEDS:
        provider = BY_DOMAIN[address.rpartition("@")[2]]
        open_mailbox(mailbox_path(place.mail_of(home), address), provider)
    home.config_path.write_text(configuration(sandbox), encoding="utf-8")
    with open_app(home) as app:
        Stockroom(app, sandbox, app.now()).fill({domain: key.private for domain, key in made.items()})
    place.save(home, sandbox)
    return sandbox


def _sandbox(home: Home, seed: int, contacts: int, public: Mapping[str, str]) -> Sandbox:
    if place.file_of(home).exists():
        return replace(place.load(home), ports=place.free_ports())
    return Sandbox(seed, contacts, place.free_ports(), public, secrets.token_urlsafe(TOKEN_BYTES))


def _make_keys(home: Home) -> Mapping[str, DkimKey]:
    """A DKIM key for each domain that has one, and the providers' certificate."""
    names = [provider.mx for provider in PROVIDERS]
    path = place.certificate_of(home)
    path.touch(mode=0o600)
    path.write_bytes(make_certificate(names, datetime.now(UTC)))
    return {domain.name: make_dkim() for domain in DOMAINS if domain.keyed}
