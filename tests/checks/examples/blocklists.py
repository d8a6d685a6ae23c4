"""Examples of blocklists: one list at a time, so that the zones stay short."""

from checks.blocklists.choice import Wish, choose
from checks.blocklists.table import BY_NAME
from checks.blocklists.zone import Zone
from tests.checks.examples.scene import Example, Scene
from tests.fakes.lists import healthy, listing

IP = "192.0.2.25"


def asked(*names: str) -> tuple[Zone, ...]:
    return tuple(BY_NAME[name] for name in names)


def on(name: str, *answers: str) -> Scene:
    """The address on one list."""
    zones = asked(name)
    return Scene({**healthy(zones), **listing(name, IP, *answers)}, ips=(IP,), blocklists=zones)


def off(name: str) -> Scene:
    zones = asked(name)
    return Scene(healthy(zones), ips=(IP,), blocklists=zones)


def everybody(*names: str) -> Scene:
    """Lists that list what must not be listed."""
    zones = asked(*names)
    wild = {key: value for name in names for key, value in listing(name, "127.0.0.1").items()}
    return Scene({**healthy(zones), **wild}, ips=(IP,), blocklists=zones)


ZEN, SPAMCOP, PSBL = "zen.spamhaus.org", "bl.spamcop.net", "psbl.surriel.com"
DNSWL = "list.dnswl.org"

EXAMPLES = {
    "BL-001": Example(on(ZEN, "127.0.0.2"), off(ZEN)),
    "BL-002": Example(on(SPAMCOP), off(SPAMCOP)),
    "BL-003": Example(on(PSBL), off(PSBL)),
    "BL-004": Example(on("dnsbl-1.uceprotect.net"), off("dnsbl-1.uceprotect.net")),
    "BL-005": Example(on(ZEN, "127.0.0.10"), off(ZEN)),
    "BL-006": Example(on("dnsbl-3.uceprotect.net"), off("dnsbl-3.uceprotect.net")),
    "BL-007": Example(
        Scene({f"2.0.0.127.{DNSWL}": {"*": "TIMEOUT"}, DNSWL: {}}, ips=(IP,), blocklists=asked(DNSWL)),
        on(DNSWL, "127.0.5.2"),
    ),
    "BL-008": Example(on(ZEN, "127.255.255.254"), off(ZEN)),
    "BL-009": Example(everybody(ZEN), off(ZEN)),
    "BL-010": Example(on(ZEN, "127.0.0.77"), off(ZEN)),
    "BL-011": Example(everybody(ZEN, SPAMCOP, PSBL), off(ZEN)),
    "BL-012": Example(
        Scene({}, ips=(IP,), blocklists=choose([Wish("dnsbl.sorbs.net")])[-1:]),
        off(ZEN),
    ),
}
