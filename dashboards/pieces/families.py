"""The families of checks, in the order in which a deliverability engineer asks for them."""

from collections.abc import Iterable, Mapping, Sequence

NAMES: Mapping[str, str] = {
    "SPF": "SPF",
    "DKIM": "DKIM",
    "DMARC": "DMARC",
    "RDNS": "Reverse DNS",
    "BL": "Blocklists",
    "MX": "MX",
    "STS": "MTA-STS",
    "TLSRPT": "TLS-RPT",
    "DANE": "DANE",
    "BIMI": "BIMI",
    "DNSSEC": "DNSSEC",
    "SMTP": "SMTP",
    "HYG": "Hygiene",
    "RES": "Name servers",
    "BUG": "Homing itself",
}


def in_order(families: Iterable[str]) -> Sequence[str]:
    """Those that are known by their place above, then the others by name."""
    known = list(NAMES)
    return sorted(set(families), key=lambda name: (known.index(name) if name in known else len(known), name))


def named(family: str) -> str:
    return NAMES.get(family, family)
