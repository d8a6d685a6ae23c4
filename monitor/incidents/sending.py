"""Incidents of the mail that goes out: bounces, complaints, blocks, deferrals, failed authentication at
a provider.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks.model import Severity
from data.events import Kind
from data.pulse import Reply
from monitor.incidents.machine import Policy, Sighting
from monitor.incidents.matter import Matter, Words
from monitor.statistics import exceeds
from sender.returns.categories import Category

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
POLICY = Policy(looks=1, clear_looks=2, apart=timedelta(), fresh=False, keep_firing=timedelta(minutes=30))
"""The statistics are the second look: a rule fires only where chance is ruled out."""
HARD = frozenset(
    {Category.UNKNOWN_USER, Category.BAD_ADDRESS, Category.BAD_DOMAIN, Category.MOVED, Category.INACTIVE}
)
BLOCKED = frozenset(
    {
        Category.BLOCKED_IP,
        Category.BLOCKED_DNSBL,
        Category.BLOCKED_URL,
        Category.SPAM_CONTENT,
        Category.REPUTATION,
        Category.FILTERED,
    }
)
UNPROVEN = frozenset({Category.AUTH_FAILED})
WAITING = frozenset(
    {Category.THROTTLED, Category.GREYLISTED, Category.REMOTE, Category.CONNECTION, Category.RECIPIENT_RATE}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """More than `limit` of the attempts (or of the accepted) within `window`, and `least` events at least."""

    kind: str
    title: str
    window: timedelta
    limit: float
    least: int
    severity: Severity
    categories: frozenset[Category] = frozenset()
    event: Kind | None = None
    words: str = ""
    fix: str = ""


RULES: Sequence[Rule] = (
    Rule(
        "bounces", "Bounce spike", HOUR, 0.05, 10, Severity.CRITICAL, HARD,
        words="of the messages to {provider} within an hour went to addresses that do not exist",
        fix="Pause the campaign; look at where these addresses came from (homing contact imports), and at "
        "whether {provider} has a bad day (homing bounce storms).",
    ),
    Rule(
        "complaints", "Complaint spike", DAY, 0.003, 3, Severity.CRITICAL, event=Kind.COMPLAINT,
        words="of the messages that {provider} accepted within a day were called spam",
        fix="Pause what goes to {provider}: Gmail and Yahoo draw the line at 0.3 %. Begin again with those "
        "who clicked lately.",
    ),
    Rule(
        "blocks", "Refused as unwanted", HOUR, 0.02, 3, Severity.CRITICAL, BLOCKED,
        words="of the messages to {provider} within an hour were refused for reputation or content",
        fix="Read the replies (homing campaign status), look whether an address or a link is listed.",
    ),
    Rule(
        "deferrals", "Deferred", HOUR, 0.5, 20, Severity.HIGH, WAITING,
        words="of the messages to {provider} within an hour were put off",
        fix="Nothing is lost: the lane slows down by itself. If it stays so, send less to {provider}.",
    ),
    Rule(
        "authentication", "Authentication refused", HOUR, 0.0, 2, Severity.CRITICAL, UNPROVEN,
        words="of the messages to {provider} within an hour were refused for SPF, DKIM or DMARC",
        fix="homing domain verify says which record is wrong; homing history says what changed.",
    ),
)  # fmt: skip


def matters(
    rules: Sequence[Rule],
    accepted: Mapping[timedelta, Mapping[str, int]],
    replies: Mapping[timedelta, Sequence[Reply]],
    events: Mapping[Kind, Mapping[str, int]],
    now: datetime,
) -> Iterator[Matter]:
    """One for each rule and each provider that anything was sent to, or heard from, in the rule's window."""
    for rule in rules:
        taken, told = accepted[rule.window], replies[rule.window]
        providers = {
            *taken,
            *(reply.provider for reply in told),
            *(events.get(rule.event, {}) if rule.event else ()),
        }
        for provider in sorted(providers - {""}):
            mine = [reply for reply in told if reply.provider == provider]
            yield _matter(rule, provider, taken.get(provider, 0), mine, events, now)


def _matter(
    rule: Rule,
    provider: str,
    accepted: int,
    replies: Sequence[Reply],
    events: Mapping[Kind, Mapping[str, int]],
    now: datetime,
) -> Matter:
    fitting = [reply for reply in replies if reply.category in rule.categories]
    if rule.event is not None:
        count, of = events.get(rule.event, {}).get(provider, 0), accepted
    else:
        count = sum(reply.messages for reply in fitting)
        of = accepted + sum(reply.messages for reply in replies)
    fault = exceeds(count, of, rule.limit, rule.least)
    since = min((reply.first_at for reply in fitting), default=now)
    return Matter(
        fingerprint=f"{rule.kind}|{provider}",
        kind=rule.kind,
        domain="",
        target_id=None,
        subject=provider,
        sighting=Sighting.FAULT if fault else Sighting.CLEAR,
        policy=POLICY,
        severity=rule.severity,
        words=_words(rule, provider, count, of, fitting, since) if fault else None,
        since=since,
        cause=provider,
    )


def _words(
    rule: Rule, provider: str, count: int, of: int, fitting: Sequence[Reply], since: datetime
) -> Words:
    share = f"{100 * count / of:.1f} %" if of else "all"
    sample = next((reply.sample for reply in fitting if reply.sample), "")
    said = f" {provider} says: “{sample[:200]}”." if sample else ""
    return Words(
        title=rule.title,
        sentence=f"{count:,} of {of:,} ({share}) {rule.words.format(provider=provider)}.{said}",
        fix=rule.fix.format(provider=provider),
        faults=[
            {
                "code": reply.category,
                "subject": provider,
                "sentence": f"{reply.messages} {reply.category}: {reply.sample[:200]}",
            }
            for reply in fitting
        ],
        facts={"provider": provider, "count": count, "of": of, "since": since.isoformat()},
    )
