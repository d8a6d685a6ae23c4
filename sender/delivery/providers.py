"""Mailbox providers, known by the servers that take their mail, and how much they take.

Domains with the same servers share one lane (docs/design.md, lanes). A domain belongs to a provider only if
every one of its MX hosts does: a vanity domain with one server at Google and one at home is nobody's.

The limits are ceilings that the shaping files of KumoMTA publish (Apache-2.0; facts as of August 2026). A
young sender stays far below them: lanes start slowly and warm-up plans raise them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Provider:
    """`mx` are suffixes of host names ("google.com" covers aspmx.l.google.com)."""

    key: str
    title: str
    mx: tuple[str, ...] = ()
    connections: int = 10
    per_connection: int = 100
    """Messages before a connection is closed."""
    rate: float | None = None
    """Messages a second over all connections; None: as fast as it goes."""
    tls_required: bool = False
    """It refuses or defers mail in clear."""
    capped: bool = False
    """`connections` is a limit of the installation's own, which holds behind a relay too."""


PROVIDERS: tuple[Provider, ...] = (
    Provider("gmail", "Gmail and Google Workspace", ("google.com", "googlemail.com"), 5, 50, None, True),
    Provider("outlook", "Outlook.com", ("olc.protection.outlook.com",), 5, 50),
    Provider("microsoft365", "Microsoft 365", ("mail.protection.outlook.com", "mx.microsoft"), 5, 50),
    Provider("yahoo", "Yahoo and AOL", ("yahoodns.net",), 10, 20),
    Provider("yahoo-japan", "Yahoo! JAPAN", ("yahoo.co.jp",), 2, 20, 10.0),
    Provider("icloud", "iCloud", ("icloud.com",), 10, 5),
    Provider("gmx", "GMX and WEB.DE", ("gmx.net", "web.de"), 4, 20, None, True),
    Provider("orange", "Orange", ("orange.fr",), 2, 100, None, True),
    Provider("comcast", "Comcast", ("comcast.net",), 25, 1_000, None, True),
    Provider("proton", "Proton Mail", ("protonmail.ch",), 10, 50),
    Provider("mailcom", "mail.com", ("mail.com",), 10, 8),
    Provider("mimecast", "Mimecast", ("mimecast.com", "mimecast.co.za", "mimecast-offshore.com"), 10, 100),
    Provider("proofpoint", "Proofpoint", ("pphosted.com", "ppe-hosted.com"), 10, 100),
    Provider("barracuda", "Barracuda", ("barracudanetworks.com",), 10, 15, None, True),
    Provider("netvigator", "Netvigator", ("netvigator.com",), 5, 10, None, True),
    Provider("kpn", "KPN", ("kpnmail.nl",), 10, 10, None, True),
    Provider("qq", "QQ Mail", ("qq.com",), 4, 8, None, True),
    Provider("netease", "163 and NetEase", ("netease.com", "163.com"), 4, 7, None, True),
    Provider("fastmail", "Fastmail", ("messagingengine.com",), 10, 100),
    Provider("zoho", "Zoho", ("zoho.com", "zoho.eu"), 5, 50),
)

OTHER = Provider("other", "Everybody else", (), 20, 100)
"""Also where a domain goes whose servers could not be found: a failed look-up blocks nothing."""


@dataclass(frozen=True, slots=True)
class Own:
    """What an installation says of a provider: a new one, or more servers and lower limits of a known one.

    None leaves what the table says; `rate` is messages a second.
    """

    key: str
    mx: Sequence[str] = ()
    connections: int | None = None
    per_connection: int | None = None
    rate: float | None = None


class Directory:
    """The providers that are known here: the table's, and the configuration's in front of it."""

    def __init__(self, more: Iterable[Own] = ()) -> None:
        self._known: dict[str, Provider] = {provider.key: provider for provider in (*PROVIDERS, OTHER)}
        self._suffixes: dict[str, str] = {mx: provider.key for provider in PROVIDERS for mx in provider.mx}
        for own in more:
            known = self._known.get(own.key, Provider(own.key, own.key))
            self._known[own.key] = _limited(replace(known, mx=(*known.mx, *own.mx)), own)
            self._suffixes |= {suffix.lower().strip("."): own.key for suffix in own.mx}

    @property
    def known(self) -> Mapping[str, Provider]:
        return self._known

    def named(self, key: str) -> Provider:
        """A provider by its key; one that has left the table is treated as everybody else."""
        return self._known.get(key, OTHER)

    def of(self, hosts: Sequence[str]) -> Provider:
        """Whose servers these MX hosts (lower case, no trailing dot) are; `OTHER` unless all agree."""
        owners = {self._owner(host) for host in hosts}
        return self.named(owners.pop()) if len(owners) == 1 else OTHER

    def _owner(self, host: str) -> str:
        labels = host.split(".")
        suffixes = (".".join(labels[at:]) for at in range(len(labels)))
        return next((self._suffixes[suffix] for suffix in suffixes if suffix in self._suffixes), OTHER.key)


def _limited(provider: Provider, own: Own) -> Provider:
    return replace(
        provider,
        connections=own.connections or provider.connections,
        per_connection=own.per_connection or provider.per_connection,
        rate=own.rate or provider.rate,
        capped=own.connections is not None,
    )
