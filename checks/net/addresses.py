"""Which addresses an outgoing fetch may reach: the public internet, whatever disguise an address wears."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: an IPv4 address in its last 32 bits; Python calls it global."""
COMPATIBLE = IPv6Network("::/96")
"""RFC 4291 section 2.5.5.1: the deprecated IPv4-compatible form."""


def is_public(ip: str) -> bool:
    """Whether `ip` is a public unicast address, also behind IPv4-mapped, NAT64, 6to4 and Teredo forms."""
    return all(_plainly_public(address) for address in _faces(ip_address(ip)))


def _plainly_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast


def _faces(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The address itself, or the IPv4 addresses that it stands for."""
    if isinstance(address, IPv4Address):
        return [address]
    low = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address in NAT64 or address in COMPATIBLE:
        return [low]
    if address.sixtofour:
        return [address.sixtofour]
    if address.teredo:
        return list(address.teredo)
    return [address]
