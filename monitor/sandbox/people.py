"""The made-up recipients, and the machines around them: who opens, clicks and leaves, and when.

What somebody does is drawn from their address, so it is the same in every run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.sandbox.chance import draw
from monitor.sandbox.filing import Delivered
from monitor.sandbox.providers import Peek, Provider

OPEN_SHARE = 0.44
CLICK_SHARE = 0.3
"""Of those who open."""
LEAVE_SHARE = 0.04
"""Of those who open."""
COMPLAIN_SHARE = 0.03
"""Of those who open, where the provider reports it."""
PREFETCH_SHARE = 0.6
FIRST_OPEN_SECONDS, LAST_OPEN_SECONDS = 4.0, 240.0

APPLE_PREFETCH = "Mozilla/5.0"
GOOGLE_PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
YAHOO_PROXY = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"
GATEWAY = "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))"
_BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1"
BROWSERS = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_BLINK} Safari/537.36",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) {_WEBKIT} Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT} Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Thunderbird/145.0",
    f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {_BLINK} Mobile Safari/537.36",
)
GATEWAY_ADDRESS = "198.51.100.200"
PROXY_ADDRESS = "198.51.100.210"


class Deed(StrEnum):
    """What is done with a message."""

    LOAD_PICTURES = "load-pictures"
    CLICK = "click"
    FOLLOW_ALL = "follow-all"
    LEAVE = "leave"
    COMPLAIN = "complain"
    """Presses "this is spam", which the provider reports to the sender."""


@dataclass(frozen=True, slots=True)
class Act:
    """One deed, `after` seconds from delivery, by a client at a made-up address."""

    after: float
    deed: Deed
    user_agent: str
    client: str
    choice: float = 0.0
    """Which link is clicked: from 0 (the first) up to 1."""


def plan(delivered: Delivered, seed: int) -> tuple[Act, ...]:
    """Everything that will be done with a delivered message, in the order of time."""
    if delivered.junk:
        return ()
    address = delivered.envelope.rcpt.lower()
    acts = [*_machines(delivered.provider, address, seed), *_person(delivered.provider, address, seed)]
    return tuple(sorted(acts, key=lambda act: act.after))


def _machines(provider: Provider, address: str, seed: int) -> Iterator[Act]:
    luck = draw(seed, "machine", address)
    if provider.peek is Peek.PREFETCH and luck < PREFETCH_SHARE:
        yield Act(2 + 20 * luck, Deed.LOAD_PICTURES, APPLE_PREFETCH, PROXY_ADDRESS)
    if provider.peek is Peek.GATEWAY:
        yield Act(1 + 2 * luck, Deed.FOLLOW_ALL, GATEWAY, GATEWAY_ADDRESS)


def _person(provider: Provider, address: str, seed: int) -> Iterator[Act]:
    if draw(seed, "open", address) >= OPEN_SHARE:
        return
    late = draw(seed, "when", address) ** 2  # most people look soon or not for a while
    opened = FIRST_OPEN_SECONDS + (LAST_OPEN_SECONDS - FIRST_OPEN_SECONDS) * late
    taste = draw(seed, "browser", address)
    browser = BROWSERS[int(taste * len(BROWSERS))]
    home = f"203.0.113.{100 + int(taste * 150)}"
    proxy = {"gmail": GOOGLE_PROXY, "yahoo": YAHOO_PROXY}.get(provider.key)
    yield Act(opened, Deed.LOAD_PICTURES, proxy or browser, PROXY_ADDRESS if proxy else home)
    if draw(seed, "click", address) < CLICK_SHARE:
        yield Act(opened + 3 + 25 * taste, Deed.CLICK, browser, home, draw(seed, "link", address))
    if draw(seed, "leave", address) < LEAVE_SHARE:
        yield Act(opened + 40, Deed.LEAVE, provider.mx, PROXY_ADDRESS)
    if provider.reports_complaints and draw(seed, "report", address) < COMPLAIN_SHARE:
        yield Act(opened + 10, Deed.COMPLAIN, browser, home)
