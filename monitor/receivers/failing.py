"""DMARC fails more often than it did, and TLS does not come about, by what receivers report. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from checks.model import Severity
from checks.reports import Row, TlsPolicy
from checks.reports.sources import Standing, standing
from monitor.incidents.matter import Matter, Words
from monitor.receivers.matters import fault, line
from monitor.statistics import exceeds

FAILING, TLS = "failing", "tls"
LATELY = timedelta(days=3)
BEFORE = timedelta(days=14)
"""What is usual is taken from so long before `LATELY`."""
LIMIT, LEAST = 0.05, 20
TLS_LIMIT, TLS_LEAST = 0.05, 5


def failing(domain: str, rows: Iterable[tuple[Row, datetime, datetime]], now: datetime) -> Iterator[Matter]:
    """More than one message in twenty, and more than twice as many as usual, of what does not look forged."""
    count: Counter[tuple[bool, bool]] = Counter()
    for row, _, end in rows:
        if standing(row) is not Standing.THREAT and end > now - LATELY - BEFORE:
            count[end > now - LATELY, row.passes] += row.count
    bad, of = count[True, False], count[True, False] + count[True, True]
    before = count[False, False] + count[False, True]
    usual = count[False, False] / before if before else 0.0
    if exceeds(bad, of, max(LIMIT, 2 * usual), LEAST):
        words = Words(
            title="DMARC failures",
            sentence=f"{bad:,} of {of:,} messages in the name of {domain} ({bad / of:.1%}) failed DMARC "
            f"within the reports of three days; before it was {usual:.1%}.",
            fix=f"homing report show {domain} --days 3 says which source; homing diff {domain} what changed "
            "in SPF, DKIM and DMARC.",
            over=f"DMARC of {domain} fails no more often than usual.",
            facts={"count": bad, "of": of, "usual": round(usual, 4)},
        )
        yield fault(FAILING, domain, domain, Severity.HIGH, words)


def tls(domain: str, policies: Sequence[TlsPolicy]) -> Iterator[Matter]:
    """More than one session in twenty to the domain's servers failed, by the TLS reports of `LATELY`."""
    bad = sum(policy.failed for policy in policies)
    of = bad + sum(policy.succeeded for policy in policies)
    if not exceeds(bad, of, TLS_LIMIT, TLS_LEAST):
        return
    why: Counter[tuple[str, str]] = Counter()
    for policy in policies:
        for each in policy.failures:
            why[each.kind, each.receiving_mx] += each.count
    words = Words(
        title="TLS fails",
        sentence=f"{bad:,} of {of:,} sessions to the mail servers of {domain} ({bad / of:.1%}) failed: "
        + ", ".join(dict.fromkeys(kind for (kind, _), _ in why.most_common(3))),
        fix=f"homing tls {domain} and homing mta-sts {domain} say what is wrong; while the policy says "
        "enforce, that mail does not arrive.",
        over=f"TLS to {domain} comes about again.",
        faults=[
            line(mx or domain, f"{count:,} sessions: {kind}") for (kind, mx), count in why.most_common(8)
        ],
        facts={"count": bad, "of": of},
    )
    yield fault(TLS, domain, domain, Severity.HIGH, words)
