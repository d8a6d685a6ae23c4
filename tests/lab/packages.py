"""What the lab is made of: each kit is one thing that tests need, with its packages and its programs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kit:
    """`packages` are Debian's; `programs` are what a test starts, by file name."""

    name: str
    why: str
    packages: tuple[str, ...]
    programs: tuple[str, ...]


KITS: tuple[Kit, ...] = (
    Kit("dns", "authoritative zones, blocklists, a recursive resolver",
        ("knot", "rbldnsd", "unbound"), ("knotd", "rbldnsd", "unbound")),
    Kit("postgres", "the second store",
        ("postgresql",), ("initdb", "postgres", "pg_dump", "pg_restore")),
    Kit("mail", "mail servers and the programs that load them",
        ("postfix",), ("smtp-sink", "smtp-source")),
    Kit("opendkim", "a second judge of DKIM signatures",
        ("opendkim",), ("opendkim",)),
    Kit("imap", "mailboxes that are read over IMAP",
        ("dovecot-imapd",), ("dovecot", "doveconf")),
    Kit("proxy", "reverse proxies before the public endpoints",
        ("nginx", "caddy"), ("nginx", "caddy")),
    Kit("browser", "drives the pages as a person would",
        ("chromium", "fonts-dejavu-core"), ("chromium",)),
)  # fmt: skip


def packages() -> tuple[str, ...]:
    return tuple(package for kit in KITS for package in kit.packages)
