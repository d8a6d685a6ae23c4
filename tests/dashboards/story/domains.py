"""Eight domains that send, ninety days of looks at their records and their addresses on blocklists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from checks.model import Severity, State
from data.tables import target
from tests.dashboards.story.rows import Run, add, question

LISTS = {
    "zen.spamhaus.org": "Spamhaus ZEN",
    "b.barracudacentral.org": "Barracuda",
    "bl.spamcop.net": "SpamCop",
    "psbl.surriel.com": "PSBL",
    "bl.mailspike.net": "Mailspike",
    "dnsbl-1.uceprotect.net": "UCEPROTECT 1",
}
DAYS = 90


@dataclass(frozen=True)
class Domain:
    name: str
    profile: str
    ips: Sequence[str]


DOMAINS = (
    Domain("shop.test", "bulk", ("192.0.2.10", "192.0.2.11")),
    Domain("news.test", "bulk", ("198.51.100.24", "198.51.100.25")),
    Domain("bank.test", "transactional", ("203.0.113.5",)),
    Domain("travel.test", "bulk", ("203.0.113.40",)),
    Domain("club.test", "bulk", ("192.0.2.77",)),
    Domain("silent.test", "bulk", ("198.51.100.200",)),
    Domain("mail.corp.test", "corporate", ("203.0.113.90",)),
    Domain("parked.test", "parked", ()),
)


def tell(connection: Connection, now: datetime) -> None:
    for domain in DOMAINS:
        id_ = _target(connection, domain, now)
        for code, subject, runs in _records(domain, now):
            question(connection, id_, code, subject, runs)
        for ip in domain.ips:
            for zone in LISTS:
                question(connection, id_, "BL-001", f"{ip} @ {zone}", _listing(ip, zone, domain.name, now))


def _target(connection: Connection, domain: Domain, now: datetime) -> int:
    return add(
        connection,
        target,
        domain=domain.name,
        profile=domain.profile,
        ips=[{"ip": ip, "origin": "configured"} for ip in domain.ips],
        selectors=["s1"],
        helos=[],
        origin="file",
        paused=False,
        at=now - timedelta(days=DAYS),
    )


FAULTS: Mapping[tuple[str, str], tuple[State, Severity, Mapping[str, Any], str]] = {
    ("travel.test", "SPF-004"): (
        State.FAIL,
        Severity.HIGH,
        {"lookups": 14, "limit": 10, "branches": ["include:crm.test 6", "include:shop.test 5"]},
        "v=spf1 include:a.test include:b.test include:c.test include:d.test include:e.test ~all",
    ),
    ("bank.test", "DKIM-001"): (State.FAIL, Severity.CRITICAL, {"selector": "s1"}, "nxdomain"),
    ("club.test", "RDNS-001"): (
        State.FAIL,
        Severity.CRITICAL,
        {"name": "77.2.0.192.in-addr.arpa"},
        "nxdomain",
    ),
    ("news.test", "DMARC-005"): (
        State.WARN,
        Severity.MEDIUM,
        {"policy": "none"},
        "v=DMARC1; p=none; rua=mailto:dmarc@news.test",
    ),
}


def _records(domain: Domain, now: datetime) -> Sequence[tuple[str, str, Sequence[Run]]]:
    name = domain.name
    questions = [("SPF-004", name), ("DMARC-005", name)]
    questions += [("DKIM-001", f"s1._domainkey.{name}")] if domain.profile != "parked" else []
    questions += [("RDNS-001", ip) for ip in domain.ips]
    return [(code, subject, _runs(domain, code, now)) for code, subject in questions]


def _runs(domain: Domain, code: str, now: datetime) -> Sequence[Run]:
    start, last = now - timedelta(days=DAYS), now - timedelta(minutes=4)
    fault = FAULTS.get((domain.name, code))
    if domain.name == "silent.test" and not code.startswith("RDNS"):
        gone = now - timedelta(hours=5, minutes=12)
        why = {"why": "no answer from any of its name servers within 5.0 s"}
        return [
            Run(State.PASS, start, gone, answer="v=spf1 ip4:198.51.100.200 -all"),
            Run(State.UNKNOWN, gone + timedelta(minutes=60), last, Severity.HIGH, why),
        ]
    if fault is None:
        return [Run(State.PASS, start, last, answer="v=spf1 -all")]
    broke = now - timedelta(hours=31, minutes=20)
    state, severity, args, answer = fault
    return [Run(State.PASS, start, broke), Run(state, broke, last, severity, args, answer)]


def _listing(ip: str, zone: str, domain: str, now: datetime) -> Sequence[Run]:
    start, last = now - timedelta(days=DAYS), now - timedelta(minutes=4)
    story = _Listing(ip, zone)
    if domain == "silent.test":
        return [story.clear(start, last)]
    if (ip, zone) == ("198.51.100.24", "zen.spamhaus.org"):
        first, gone, again = now - timedelta(days=26), now - timedelta(days=23), now - timedelta(hours=3)
        runs = [story.clear(start, first), story.listed(first, gone), story.clear(gone, again)]
        return [*runs, story.listed(again, last)]
    if (ip, zone) == ("192.0.2.77", "bl.spamcop.net"):
        return story.once(start, now - timedelta(days=9), now - timedelta(days=7, hours=6), last)
    if (ip, zone) == ("203.0.113.40", "dnsbl-1.uceprotect.net"):
        return story.once(start, now - timedelta(days=3), now - timedelta(hours=40), last)
    if zone == "b.barracudacentral.org":
        silent, back = now - timedelta(days=2, hours=7), now - timedelta(days=1, hours=19)
        dark = story.unknown(silent, back, "no answer", "no answer within 5.0 s")
        return [story.clear(start, silent), dark, story.clear(back, last)]
    if zone == "psbl.surriel.com":
        gone = now - timedelta(hours=8)
        why = "its test entry 127.0.0.2 is not listed"
        return [story.clear(start, gone), story.unknown(gone, last, "the list fails its self-test", why)]
    return [story.clear(start, last)]


@dataclass(frozen=True)
class _Listing:
    """What one list said of one address, in the shape of checks/blocklists/findings.py."""

    ip: str
    zone: str

    def _args(self, result: str, **more: Any) -> Mapping[str, Any]:
        plain: dict[str, Any] = {
            "who": self.ip,
            "zone": self.zone,
            "list": LISTS[self.zone],
            "result": result,
            "said": "",
        }
        plain |= {"labels": [], "why": "", "delist": "", "how": ""}
        return {**plain, **more}

    def clear(self, since: datetime, until: datetime) -> Run:
        return Run(State.PASS, since, until, args=self._args("not listed"), answer="nxdomain")

    def listed(self, since: datetime, until: datetime) -> Run:
        how = "Say what you changed; entries go within a day."
        more = {"labels": ["SBL: spam source"], "delist": "https://check.spamhaus.org/", "how": how}
        args = self._args("listed", **more)
        return Run(State.FAIL, since, until, Severity.CRITICAL, args, "127.0.0.2")

    def unknown(self, since: datetime, until: datetime, result: str, why: str) -> Run:
        return Run(State.UNKNOWN, since, until, Severity.INFO, self._args(result, why=why))

    def once(self, start: datetime, since: datetime, until: datetime, last: datetime) -> Sequence[Run]:
        return [self.clear(start, since), self.listed(since, until), self.clear(until, last)]
