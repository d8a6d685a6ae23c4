"""Whose request is it? Forwarding headers are believed only as far back as our own proxies reach."""

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """The `trusted_proxies` of the configuration; raises ValueError for what is no address or network."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The address nearest to us that is not a proxy of ours.

    `forwarded` are the values of X-Forwarded-For in the order they came; anybody can write what they like
    at its beginning, so it is read from the end.
    """
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    client = peer
    while hops and _is_trusted(client, trusted):
        candidate = hops.pop()
        if _address(candidate) is None:
            break
        client = candidate
    return client


def _is_trusted(text: str, trusted: Sequence[Network]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in trusted)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
