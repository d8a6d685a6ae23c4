"""New sources, overdue reports, growing failures and failing TLS, from the store to what is told."""

from datetime import datetime, timedelta

from checks.model import Target
from checks.reports import Aggregate, AuthResult, PublishedPolicy, Row, TlsFailure, TlsPolicy, TlsReport
from data import incidents, sources, targets
from data.incidents import Incident
from data.reports import save_report
from data.slots import Slot, SlotState
from data.targets import Origin
from monitor.config import Config
from monitor.receivers import failing, overdue, strangers
from monitor.receivers.naming import name_sources
from monitor.receivers.watch import WATCH_REPORTS, watch_reports
from monitor.senses import Senses
from tests.fakes.zone import ZoneDns
from tests.monitor.conftest import NOON, StillApp

DOMAIN = "example.com"
DAY = timedelta(days=1)
ZONE = {
    "9.100.51.198.in-addr.arpa": {"PTR": ["out.crm.example"]},
    "out.crm.example": {"A": ["198.51.100.9"]},
    "7.2.0.192.in-addr.arpa": {"PTR": "TIMEOUT"},
}
OWN = Row("203.0.113.1", 100, "none", "pass", "pass", DOMAIN)
CRM = Row("198.51.100.9", 30, "none", "fail", "fail", DOMAIN, "", [AuthResult("crm.example", "pass", "k")])
FORGED = Row("192.0.2.7", 30, "none", "fail", "fail", DOMAIN)


def reported(app: StillApp, day: datetime, *rows: Row, by: str = "one.example", domain: str = DOMAIN) -> None:
    """One report of the day that ended at `day`."""
    policy = PublishedPolicy(domain, "none", "none")
    found = Aggregate(by, "", f"{day:%F}", day - DAY, day, policy, rows)
    with app.store.write() as connection:
        save_report(connection, found, "", day)


def watched(app: StillApp, zone: object = None) -> None:
    with app.store.write() as connection:
        targets.save(connection, Target(DOMAIN), Origin.STORE, NOON)
    senses = Senses(ZoneDns(zone or ZONE), Config())  # type: ignore[arg-type]
    watch_reports(app, senses, Slot(1, WATCH_REPORTS, "store", app.now(), SlotState.RUNNING))


def alive(app: StillApp, kind: str) -> list[Incident]:
    with app.store.read() as connection:
        return list(incidents.alive_of_kind(connection, kind))


def history(app: StillApp, days: int = 30, *rows: Row, by: str = "one.example") -> None:
    for back in range(days, 0, -1):
        reported(app, NOON - back * DAY, *(rows or (OWN,)), by=by)


def test_a_service_that_begins_to_send_is_told_by_its_name(app: StillApp) -> None:
    history(app)
    reported(app, NOON, OWN, CRM, by="two.example")
    watched(app)
    [found] = alive(app, strangers.KIND)
    assert found.subject == "crm.example"
    assert "30 messages from 198.51.100.9 that do not pass DMARC" in found.detail["sentence"]
    app.wait(strangers.NEW + DAY)
    watched(app)
    assert alive(app, strangers.KIND) == [], "nothing is new for ever"


def test_one_that_was_there_before_is_not_new_at_another_address(app: StillApp) -> None:
    elsewhere = Row("198.51.100.77", 50, *CRM_VERDICT, [AuthResult("crm.example", "pass", "k")])
    history(app, 30, OWN, CRM)
    reported(app, NOON, elsewhere, by="two.example")
    watched(app)
    assert alive(app, strangers.KIND) == []


CRM_VERDICT = ("none", "fail", "fail", DOMAIN, "")


def test_when_reports_only_begin_nobody_is_new(app: StillApp) -> None:
    history(app, 3, OWN, CRM, FORGED)
    watched(app)
    assert alive(app, strangers.KIND) == []


def test_few_messages_and_other_peoples_domains_are_no_incident(app: StillApp) -> None:
    few = Row("192.0.2.7", strangers.LEAST - 1, "none", "fail", "fail", DOMAIN)
    history(app)
    reported(app, NOON, few, by="two.example")
    for back in (30, 0):
        reported(app, NOON - back * DAY, *([FORGED] * (back == 0)), OWN, domain="stranger.example")
    watched(app)
    assert alive(app, strangers.KIND) == []


def test_a_thousand_forgers_are_one_incident(app: StillApp) -> None:
    forged = [Row(f"192.0.{net}.7", 5, "none", "fail", "fail", DOMAIN) for net in range(100)]
    history(app)
    reported(app, NOON, *forged, by="two.example")
    watched(app, {"*": {"*": "TIMEOUT"}})
    [found] = alive(app, strangers.KIND)
    assert found.subject == strangers.UNPROVEN
    assert found.severity == "high"
    assert found.detail["facts"] == {"sources": 100, "messages": 500, "delivered": 500}


def test_forged_mail_that_every_receiver_rejects_is_milder(app: StillApp) -> None:
    rejected = Row("192.0.2.7", 500, "reject", "fail", "fail", DOMAIN)
    history(app)
    reported(app, NOON, rejected, by="two.example")
    watched(app)
    assert [each.severity for each in alive(app, strangers.KIND)] == ["medium"]


def test_a_receiver_that_stops_is_overdue_until_it_reports_again(app: StillApp) -> None:
    history(app, by="steady.example")
    for back in range(20, 1, -1):
        reported(app, NOON - back * DAY, OWN, by="gone.example")
    watched(app)
    assert [each.subject for each in alive(app, overdue.KIND)] == []
    app.wait(timedelta(days=1))
    reported(app, app.now(), OWN, by="steady.example")
    watched(app)
    [found] = alive(app, overdue.KIND)
    assert (found.subject, found.severity) == ("gone.example", "medium")
    reported(app, app.now(), OWN, by="gone.example")
    watched(app)
    assert alive(app, overdue.KIND) == []


def test_when_all_stop_it_is_not_they(app: StillApp) -> None:
    for by in ("one.example", "two.example"):
        history(app, 20, by=by)
    app.wait(timedelta(days=3))
    watched(app)
    [found] = alive(app, overdue.KIND)
    assert (found.subject, found.severity) == (overdue.ALL, "high")
    assert "one.example, two.example" in found.detail["sentence"]


def test_one_that_reports_now_and_then_is_never_overdue(app: StillApp) -> None:
    history(app, by="steady.example")
    for back in range(30, 5, -3):
        reported(app, NOON - back * DAY, OWN, by="seldom.example")
    watched(app)
    assert alive(app, overdue.KIND) == []


def test_a_signature_that_breaks_shows_in_the_reports(app: StillApp) -> None:
    broken = Row("203.0.113.1", 40, "none", "fail", "fail", DOMAIN, "", [AuthResult(DOMAIN, "fail", "s1")])
    history(app, 20)
    watched(app)
    assert alive(app, failing.FAILING) == []
    reported(app, NOON, broken, by="two.example")
    watched(app)
    [found] = alive(app, failing.FAILING)
    assert "before it was 0.0%" in found.detail["sentence"]


def test_sessions_that_fail_for_tls_are_told_with_the_reason(app: StillApp) -> None:
    policy = TlsPolicy(DOMAIN, "sts", 70, 30, [TlsFailure("certificate-expired", 30, "mx1.example.com")])
    with app.store.write() as connection:
        save_report(connection, TlsReport("one.example", "1", NOON - DAY, NOON, [policy]), "", NOON)
    watched(app)
    [found] = alive(app, failing.TLS)
    assert "30 of 100 sessions" in found.detail["sentence"]
    assert found.detail["faults"][0]["subject"] == "mx1.example.com"


def test_what_could_not_be_found_out_is_asked_again_and_what_has_no_name_is_not(app: StillApp) -> None:
    reported(app, NOON, CRM, FORGED, OWN)
    dns = ZoneDns(ZONE)
    assert name_sources(app, dns) == 3
    assert name_sources(app, dns) == 0
    with app.store.read() as connection:
        known = sources.known_sources(connection, DOMAIN)
    assert {each.address: each.reverse for each in known.values()} == {
        "198.51.100.9": "out.crm.example",
        "192.0.2.7": None,
        "203.0.113.1": "",
    }
    app.wait(timedelta(days=1))
    assert name_sources(app, dns) == 1
