"""Replies that call for a slower pace, as a table: who says what how often, and what follows for how long.

Distilled from the shaping rules that KumoMTA ships (Apache-2.0) with their defects mended: Google's rules
are Google's, Apple's [HCM1] matches the real reply, and Gmail's 4.7.28 is a rate limit whatever the
registry calls that number. Only what a server said is matched, never our own words, else a suspension
would prolong itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Slow:
    """Go on at no more than this many messages a minute, over so many connections, and with so many
    messages on each (None: as now)."""

    per_minute: float | None = None
    connections: int | None = 1
    per_connection: int | None = None


@dataclass(frozen=True, slots=True)
class Suspend:
    """Send nothing; afterwards one message probes whether it is over."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`count` replies within the hour that match `pattern` bring `action` for `duration`.

    `provider` "" is any. `pattern` is searched in "code text", case ignored.
    """

    key: str
    provider: str
    pattern: re.Pattern[str]
    count: int
    action: Slow | Suspend
    duration: timedelta


WITHIN = HOUR


def _rule(key: str, provider: str, pattern: str, count: int, action: Slow | Suspend, minutes: float) -> Rule:
    return Rule(key, provider, re.compile(pattern, re.IGNORECASE), count, action, minutes * MINUTE)


RULES: tuple[Rule, ...] = (
    _rule("gmail-rate", "gmail", r"4\.7\.28|detected an unusual rate", 2, Slow(10), 30),
    _rule("gmail-suspicious", "gmail", r"Our system has detected that this message", 5, Suspend(), 60),
    _rule("gmail-unauthenticated", "gmail", r"does not have authentication information", 5, Suspend(), 180),
    _rule("yahoo-ts04", "yahoo", r"\[(TSS?|IPTS)04\]", 2, Suspend(), 120),
    _rule("yahoo-ts05", "yahoo", r"\[(TSS|IPTS)05\]", 2, Suspend(), 240),
    _rule("yahoo-ts02", "yahoo", r"\[TS02\]", 3, Slow(1), 30),
    _rule("yahoo-ts03", "yahoo", r"\[TS03\]", 3, Slow(10), 30),
    _rule("yahoo-listed", "yahoo", r"553 5\.7\.1 \[BL", 5, Suspend(), 120),
    _rule("yahoo-per-connection", "yahoo", r"Max message per connection reached", 3, Slow(10), 60),
    _rule("outlook-blocked", "outlook", r"part of their network is on our block list", 5, Suspend(), 120),
    _rule("outlook-denied", "outlook", r"Access denied, please try again later|Temporary server error",
          5, Suspend(), 60),
    _rule("outlook-rate", "outlook", r"has been temporarily rate limited", 3, Suspend(), 30),
    _rule("outlook-busy", "outlook", r"Server busy", 3, Slow(1), 15),
    _rule("outlook-still-busy", "outlook", r"Server busy", 5, Suspend(), 30),
    _rule("outlook-per-connection", "outlook", r"maximum number of messages per connection", 2,
          Slow(None, None, 2), 60),
    _rule("outlook-connections", "outlook", r"exceeded the maximum number of connections|IB007", 2,
          Slow(None, 1), 60),
    _rule("icloud-later", "icloud", r"Service unavailable - try again later|\[BS02\]|\[HCM1\]", 3,
          Suspend(), 15),
    _rule("icloud-dbl", "icloud", r"domain present in the Spamhaus DBL", 3, Suspend(), 240),
    _rule("gmx-connections", "gmx", r"Too many connections", 3, Slow(None, 1), 30),
    _rule("gmx-restrictions", "gmx", r"policy restrictions", 3, Slow(1), 60),
    _rule("gmx-violations", "gmx", r"policy violations", 3, Suspend(), 60),
    _rule("gmx-refused", "gmx", r"554 .*restrictions", 3, Suspend(), 120),
    _rule("orange-connections", "orange", r"Trop de connexions", 2, Slow(None, 1), 60),
    _rule("orange-refused", "orange", r"Service refuse", 2, Suspend(), 60),
    _rule("orange-listed", "orange", r"Cloudmark|Spamhaus", 5, Suspend(), 120),
    _rule("comcast-rate", "comcast", r"RL0000(?!10)", 2, Slow(60), 120),
    _rule("comcast-stop", "comcast", r"RL000010", 1, Suspend(), 5),
    _rule("mimecast-unavailable", "mimecast", r"Internal resource temporarily unavailable", 3, Suspend(), 30),
    _rule("qq-frequency", "qq", r"frequency limited|Mail content denied", 5, Suspend(), 60),
    _rule("netease-spam", "netease", r"451 .*DT:SPM", 5, Suspend(), 15),
    _rule("netease-refused", "netease", r"554 .*DT:SPM|421 Too many connections", 2, Slow(None, 1), 60),
    _rule("netease-daily", "netease", r"550 .*RP:ORQ|554 .*HL:ITC", 2, Suspend(), 60),
    _rule("netvigator-document", "netvigator", r"Too many messages for this document", 3, Suspend(), 30),
    _rule("any-deferred", "", r"temporarily deferred|will be permanently deferred"
          r"|temporarily rate limited due to IP reputation|weren't sent|Server busy\. Please try again later",
          1, Slow(1), 90),
    _rule("any-connections", "", r"^4\d\d .*too many (concurrent )?(SMTP )?(connections|sessions)", 2,
          Slow(None, 1), 30),
    _rule("any-rate", "", r"^4\d\d .*(rate limit|too many (messages|recipients|errors)|too much mail"
          r"|exceeded .*(rate|limit|quota of messages)|sending too fast)", 3, Slow(10), 30),
    _rule("any-listed", "", r"^[45]\d\d .*((blocked|listed|listing|blacklisted).*(spamhaus|spamcop|barracuda"
          r"|uceprotect|sorbs|rbl|dnsbl)|IP address is (black|block) ?listed)", 5, Suspend(), 60),
)  # fmt: skip


def matching(provider: str, code: int | None, text: str) -> Iterable[Rule]:
    """The provider's own rules that this reply meets (a first measure and a stronger one), else the first
    of everybody's.
    """
    if code is None or code < 400:
        return ()
    said = f"{code} {text}".replace("\n", " ")
    met = [rule for rule in RULES if rule.provider in (provider, "") and rule.pattern.search(said)]
    return [rule for rule in met if rule.provider] or met[:1]
