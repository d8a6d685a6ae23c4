"""Machine or person? Each request is judged with its evidence; that labels a hit, never changes the answer.

Here is what one request shows: its method, its prefetch headers, its User-Agent and its network. What only
several hits together show is judged when they are stored (`drain`).
"""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sender.web.agents import Agent, judge_agent

NETWORKS_OF = "2026-09"
"""When the table below was last compared with what the vendors publish."""

NETWORKS: Mapping[str, Sequence[str]] = {
    "Exchange Online Protection": (
        "40.92.0.0/15", "40.107.0.0/16", "52.100.0.0/14", "52.238.78.88/32", "104.47.0.0/17",
        "2a01:111:f400::/48", "2a01:111:f403::/48",
    ),
    "Barracuda Email Gateway Defense": (
        "3.24.133.128/25", "15.222.16.128/25", "35.157.190.224/27", "18.185.115.192/26", "18.184.203.224/27",
        "13.200.136.128/25", "35.176.92.96/27", "18.133.136.128/26", "18.133.136.96/27", "209.222.82.0/24",
    ),
}  # fmt: skip

PREFETCH_HEADERS = (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")
PREFETCH_WORDS = (b"prefetch", b"preview", b"prerender")

_PARSED = [(ipaddress.ip_network(net), name) for name, nets in NETWORKS.items() for net in nets]


@dataclass(frozen=True, slots=True)
class Judged:
    """`machine` is certain or probable; `proxy` means a reader's mail service fetched for them."""

    machine: bool
    evidence: str = ""
    proxy: bool = False


def judge_request(method: str, headers: Sequence[tuple[bytes, bytes]], client: str) -> Judged:
    """`headers` with lower-case names, as ASGI has them; `client` the peer's address, "" if unknown."""
    if method not in ("GET", "POST"):
        return Judged(True, f"{method} request")
    agent = b""
    for name, value in headers:
        if name == b"user-agent":
            agent = value
        elif name in PREFETCH_HEADERS and any(word in value.lower() for word in PREFETCH_WORDS):
            return Judged(True, f"{name.decode()}: {value[:40].decode('latin-1')}")
    verdict = judge_agent(agent.decode("latin-1"))
    if verdict.agent is Agent.MACHINE:
        return Judged(True, verdict.evidence)
    network = gateway(client)
    if network:
        return Judged(True, f"from a network of {network}")
    return Judged(False, verdict.evidence, proxy=verdict.agent is Agent.PROXY)


@lru_cache(8192)
def gateway(client: str) -> str:
    """The scanner whose published network the address belongs to; "" for none."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return ""
    return next((name for network, name in _PARSED if address in network), "")
