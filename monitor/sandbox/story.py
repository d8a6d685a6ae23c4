"""What happens in the made-up world while somebody watches: a timeline, told again and again. Pure.

  0 s   everything stands as it was built
 40 s   Saltmarsh's address appears on Spamhaus ZEN …
100 s   … and on SpamCop
200 s   both let it go
280 s   its DKIM key is lost from DNS
360 s   it is published again
440 s   web.test slows every sender down for a minute
"""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.sandbox import truth
from monitor.sandbox.truth import Step
from monitor.sandbox.world import SALTMARSH

ROUND_SECONDS = 600.0
LISTED_IP = SALTMARSH.hosts[0].ip
ZEN, SPAMCOP = "zen.spamhaus.org", "bl.spamcop.net"
CSS = "127.0.0.3"
KEY_NAME = f"{SALTMARSH.selectors[0]}._domainkey.{SALTMARSH.name}"


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that happens, `at` so many seconds into each round, and the sentence for the log."""

    at: float
    says: str
    step: Step


SCENES: tuple[Scene, ...] = (
    Scene(
        40,
        f"{LISTED_IP} appears on zen.spamhaus.org",
        truth.listed(LISTED_IP, "zen.spamhaus.org", "127.0.0.3"),
    ),
    Scene(100, f"{LISTED_IP} appears on bl.spamcop.net", truth.listed(LISTED_IP, "bl.spamcop.net")),
    Scene(200, f"{LISTED_IP} leaves bl.spamcop.net", truth.delisted(LISTED_IP, "bl.spamcop.net")),
    Scene(200, f"{LISTED_IP} leaves zen.spamhaus.org", truth.delisted(LISTED_IP, "zen.spamhaus.org")),
    Scene(280, f"{KEY_NAME} is lost from DNS", truth.lost(KEY_NAME)),
    Scene(360, f"{KEY_NAME} is published again", truth.restored(KEY_NAME)),
    Scene(440, "web.test slows every sender down", truth.throttled("web")),
    Scene(500, "web.test takes mail again", truth.eased("web")),
)


def between(then: float, now: float, speed: float = 1.0) -> Iterator[Scene]:
    """The scenes after `then` up to and with `now`, both in seconds since the start, in order.

    `speed` 10 tells the story ten times as fast.
    """
    first, last = then * speed, now * speed
    for turn in range(int(first // ROUND_SECONDS), int(last // ROUND_SECONDS) + 1):
        yield from (scene for scene in SCENES if first < turn * ROUND_SECONDS + scene.at <= last)


def next_after(now: float, speed: float = 1.0) -> float:
    """Seconds from `now` until the next scene."""
    told = (now * speed) % ROUND_SECONDS
    ahead = [scene.at for scene in SCENES if scene.at > told]
    return ((ahead[0] if ahead else ROUND_SECONDS + SCENES[0].at) - told) / speed
