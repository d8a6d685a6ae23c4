"""Whose request is it? Forwarding headers are believed only as far back as our own proxies reach."""

import ipaddress
import re
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
FOR = re.compile(r'(?:^|;)\s*for\s*=\s*"?([^";,]*)', re.IGNORECASE)
NODE = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?|(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}")


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """The `trusted_proxies` of the configuration; raises ValueError for what is no address or network."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def hops_of(header: str, values: Sequence[str]) -> list[str]:
    """The addresses that proxies wrote, the nearest last: of X-Forwarded-For, or of Forwarded (RFC 7239)."""
    hops = [hop.strip() for value in values for hop in value.split(",")]
    return [_for(hop) for hop in hops] if header.lower() == "forwarded" else [_bare(hop) for hop in hops]


def _for(element: str) -> str:
    """`for="[2001:db8::1]:4711";proto=https` -> 2001:db8::1; "" where it is hidden or missing."""
    match = FOR.search(element)
    return _bare(match[1]) if match else ""


def _bare(node: str) -> str:
    """Without brackets and port; some proxies write a port behind the address."""
    match = NODE.fullmatch(node.strip())
    return (match[1] or match[2]) if match else node


def client_address(peer: str, hops: Sequence[str], trusted: Sequence[Network]) -> str:
    """The address nearest to us that is not a proxy of ours.

    Anybody can write what they like at the beginning of the hops, so they are read from the end.
    """
    hops = list(hops)
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
