"""Who sends, and from where: what the macro letters stand for (RFC 7208 section 7.2)."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

from checks.names import MAX_NAME

IpAddress = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Identity:
    """The client address and the envelope, as check_host() sees them."""

    ip: IpAddress
    local: str
    domain: str
    """The initial <domain>: of MAIL FROM, or HELO where MAIL FROM is empty (section 2.4)."""
    helo: str
    receiver: str
    now: datetime

    @classmethod
    def of(cls, ip: str, mail_from: str, helo: str, receiver: str, now: datetime) -> "Identity":
        """Raises ValueError when `ip` is no address. An IPv4-mapped address is IPv4 (section 5)."""
        local, _, domain = mail_from.rpartition("@")
        # No local part: "postmaster" (section 4.3). No MAIL FROM: the HELO identity (section 2.4).
        return cls(plain_address(ip), local or "postmaster", a_label(domain or helo), helo, receiver, now)

    @property
    def rdtype(self) -> str:
        return "A" if self.ip.version == 4 else "AAAA"

    def value(self, letter: str) -> str:
        """The raw value of every letter that is neither the current domain (d) nor needs DNS (p)."""
        match letter:
            case "s":
                return f"{self.local}@{self.domain}"
            case "l":
                return self.local
            case "o":
                return self.domain
            case "i":
                return dotted(self.ip)
            case "c":
                return str(self.ip)
            case "v":
                return "in-addr" if self.ip.version == 4 else "ip6"
            case "h":
                return self.helo
            case "r":
                return self.receiver
            case "t":
                return str(int(self.now.timestamp()))
            case _:
                raise ValueError(f"no value for the macro letter {letter!r}")


def plain_address(ip: str) -> IpAddress:
    """The address, IPv4 where it is IPv4 inside IPv6. Raises ValueError with a sentence."""
    address = ip_address(ip)
    if isinstance(address, IPv6Address):
        if address.scope_id:
            raise ValueError(f"{ip} has a zone; give the address alone.")
        return address.ipv4_mapped or address
    return address


def dotted(ip: IpAddress) -> str:
    """%{i}: dotted quad, or the 32 nibbles, upper case as the RFC 7208 test suite has them."""
    if isinstance(ip, IPv4Address):
        return str(ip)
    return ".".join(ip.exploded.replace(":", "").upper())


def a_label(domain: str) -> str:
    """A domain of the envelope as DNS wants it; what cannot be written so is left for `flaw` to refuse."""
    name = domain.removesuffix(".")
    if name.isascii():
        return name.lower()
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return name


def fitting(name: str) -> str:
    """A target-name after expansion: no trailing dot, left labels dropped until it fits (section 7.3)."""
    name = name.removesuffix(".").lower()
    if len(name) <= MAX_NAME:
        return name
    _, dot, rest = name[-MAX_NAME - 1 :].partition(".")
    return rest if dot else name
