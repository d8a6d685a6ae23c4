"""How a seed's account is reached: its server, and its password or token from the store's secrets."""

from collections.abc import Mapping
from dataclasses import dataclass

from checks.net.imap import Account
from data.placement import Seed
from data.secrets import get_secret
from monitor.app import App

PORT = 993


@dataclass(frozen=True, slots=True)
class Preset:
    """`note` says what the provider asks for."""

    host: str
    authserv_id: str
    note: str


PRESETS: Mapping[str, Preset] = {
    "gmail": Preset(
        "imap.gmail.com", "mx.google.com", "an app password (two-step verification on), or OAuth 2"
    ),
    "outlook": Preset("outlook.office365.com", "outlook.com", "OAuth 2 only: homing seed authorize NAME"),
    "yahoo": Preset("imap.mail.yahoo.com", "yahoo.com", "an app password"),
    "aol": Preset("imap.aol.com", "aol.com", "an app password"),
    "icloud": Preset("imap.mail.me.com", "icloud.com", "an app-specific password"),
    "gmx": Preset("imap.gmx.net", "gmx.net", "IMAP switched on in the settings"),
    "web.de": Preset("imap.web.de", "web.de", "IMAP switched on in the settings"),
    "fastmail": Preset("imap.fastmail.com", "messagingengine.com", "an app password"),
    "naver": Preset("imap.naver.com", "naver.com", "IMAP switched on, and an app password"),
}
"""Provider -> where its mailboxes are read. Others are given with --host."""


def secret_name(seed: str) -> str:
    return f"seed:{seed}"


def account_of(app: App, seed: Seed) -> Account:
    """Raises Problem as `App.keys` does."""
    place = seed.location
    with app.store.read() as connection:
        secret = get_secret(connection, app.keys, secret_name(seed.name))
    return Account(
        str(place["host"]),
        int(place.get("port", PORT)),
        str(place.get("user") or seed.address),
        secret.decode() if secret else "",
        str(place.get("ca_file", "")),
    )
