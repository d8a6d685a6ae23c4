"""Makes a sandbox's home: ports, keys, seed mailboxes, configuration and a store with something in it."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from data.migrate import migrate
from data.store import open_store
from monitor.home import Home
from monitor.sandbox import keys, place
from monitor.sandbox.configuration import configuration
from monitor.sandbox.filing import mailbox_path, open_mailbox
from monitor.sandbox.place import Sandbox
from monitor.sandbox.providers import BY_DOMAIN, PROVIDERS
from monitor.sandbox.stocking import stock
from monitor.sandbox.world import DOMAINS

MARK = "SANDBOX"
TOKEN_BYTES = 24
SEED_NAMES = ("finch", "tern")
"""Two seed mailboxes at each provider."""


def make(home: Home, *, seed: int, contacts: int) -> Sandbox:
    """Make the sandbox, or take up the one that is there; its ports are looked for anew at each start."""
    place.ready_of(home).unlink(missing_ok=True)  # of a run that was killed
    (home.path / MARK).touch()
    place.truth_of(home).parent.mkdir(exist_ok=True)
    if place.file_of(home).exists():
        sandbox = replace(place.load(home), ports=place.free_ports())
    else:
        sandbox = Sandbox(
            seed, contacts, place.free_ports(), _make_keys(home), secrets.token_urlsafe(TOKEN_BYTES)
        )
    for address in seed_addresses():
        provider = BY_DOMAIN[address.rpartition("@")[2]]
        open_mailbox(mailbox_path(place.mail_of(home), address), provider)
    home.config_path.write_text(configuration(sandbox), encoding="utf-8")
    place.save(home, sandbox)
    store = open_store(home.store_url)
    try:
        migrate(store)
        stock(store, sandbox, datetime.now(UTC))
    finally:
        store.close()
    return sandbox


def seed_addresses() -> list[str]:
    """The addresses that placement tests write to."""
    return [f"{name}@{provider.domain}" for provider in PROVIDERS for name in SEED_NAMES]


def _make_keys(home: Home) -> dict[str, str]:
    """A DKIM key for each domain that has one, and the providers' certificate; -> the public DKIM keys."""
    public: dict[str, str] = {}
    for domain in DOMAINS:
        if domain.keyed:
            pem, public[domain.name] = keys.make_dkim()
            _write_private(place.private_key_of(home, domain.name), pem)
    names = [provider.mx for provider in PROVIDERS]
    _write_private(place.certificate_of(home), keys.make_certificate(names, datetime.now(UTC)))
    return public


def _write_private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
