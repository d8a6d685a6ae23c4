"""Ten stories of mail that broke: the cause is named first, though other things happened as well."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from checks.model import SendingIp, Severity, Target
from checks.records.model import Kind as RecordKind
from checks.records.model import Record
from data import history, incidents, lanes, targets
from data.attempts import Entry, note
from data.campaigns import State as CampaignState
from data.events import Kind as EventKind
from data.events import NewEvent, record
from data.imports import NewImport, advance, begin_import, move_import
from data.imports import State as ImportState
from data.incidents import Incident
from data.slots import Slot, SlotState
from data.tables import campaign, lane, lane_hour, recipient
from data.targets import Origin
from monitor.incidents.blind import ONE_LOOK
from monitor.incidents.follow import follow
from monitor.incidents.machine import Sighting
from monitor.incidents.matter import Matter, Words
from monitor.mailwatch import WATCH_MAIL, watch_mail
from tests.fakes.campaign import frozen
from tests.monitor.conftest import StillApp

DOMAIN = "shop.example"
DAY = datetime(2026, 11, 23, tzinfo=UTC)


def clock(hour: float) -> datetime:
    """Of the day of the story; negative hours are the days before."""
    return DAY + timedelta(hours=hour)


@dataclass
class Stage:
    """Puts what happens into the store as the product itself does, at the story's times."""

    app: StillApp

    def __post_init__(self) -> None:
        with self.app.store.write() as connection:
            self.target = targets.save(
                connection, Target(DOMAIN, (SendingIp("192.0.2.25"),)), Origin.STORE, clock(-100)
            )
            frozen(connection, 400, kind="smtp", settings={})
            connection.execute(campaign.update().values(started_at=None))
            self.rows = connection.execute(recipient.select()).all()
            for name in ("gmail", "outlook"):
                lanes.ensure(connection, "relay", name, 4, None, clock(-100))
            known = connection.execute(select(lane.c.provider, lane.c.id)).all()
            self.lanes = {row.provider: row.id for row in known}
        self.used = 0

    def records(self, hour: float, *seen: Record) -> None:
        with self.app.store.write() as connection:
            history.save_records(connection, self.target, seen, clock(hour))

    def sent(self, hour: float, provider: str, count: int, result: str = "accepted") -> None:
        with self.app.store.write() as connection:
            values = {
                "lane_id": self.lanes[provider],
                "hour": clock(hour).replace(minute=0),
                "result": result,
            }
            connection.execute(insert(lane_hour).values(**values, count=count))

    def answered(
        self, hour: float, provider: str, count: int, category: str, text: str, code: int = 550
    ) -> None:
        with self.app.store.write() as connection:
            chosen = self.rows[self.used : self.used + count]
            self.used += count
            ids = [row.id for row in chosen]
            connection.execute(recipient.update().where(recipient.c.id.in_(ids)).values(provider=provider))
            result = "refused" if code >= 500 else "deferred"
            note(
                connection,
                [
                    Entry(row_id, None, clock(hour), result, "dot", "mx", code, text[4:9], text, category)
                    for row_id in ids
                ],
            )

    def complained(self, hour: float, provider: str, count: int) -> None:
        with self.app.store.write() as connection:
            rows = self.rows[self.used : self.used + count]
            self.used += count
            record(
                connection,
                [
                    NewEvent(
                        EventKind.COMPLAINT, clock(hour), f"c{row.id}", recipient_id=row.id, provider=provider
                    )
                    for row in rows
                ],
            )

    def began(self, hour: float, name: str = "autumn") -> None:
        with self.app.store.write() as connection:
            values = {"name": name, "started_at": clock(hour), "state": CampaignState.SENDING.value}
            connection.execute(campaign.update().values(**values))

    def imported(self, hour: float, file: str = "leads.csv") -> None:
        with self.app.store.write() as connection:
            number = begin_import(
                connection, NewImport(file, file, "0" * 64, 1, "fair", "Yes", {}), clock(hour)
            )
            advance(connection, number, 0, 5_000, {"rows": 5_000})
            move_import(connection, number, [ImportState.RUNNING], ImportState.DONE, clock(hour))

    def listed(self, hour: float, subject: str = "192.0.2.25 @ zen.spamhaus.org") -> None:
        self.incident(hour, "listing", subject, "BL-001", DOMAIN)

    def incident(
        self, hour: float, kind: str, subject: str, code: str = "", domain: str = "", **more: Any
    ) -> Incident:
        matter = Matter(
            f"{kind}|{subject}", kind, domain, self.target if domain else None, subject, Sighting.FAULT,
            ONE_LOOK, code, Severity.CRITICAL, Words(kind, f"{subject}: {kind}", faults=({},)), **more,
        )  # fmt: skip
        with self.app.store.write() as connection:
            follow(connection, self.app.config, matter, None, clock(hour))
            found = incidents.find_alive(connection, matter.fingerprint)
        assert found is not None
        return found

    def watched(self, hour: float) -> Sequence[Incident]:
        """The mail is looked at, as every five minutes; what is open then."""
        self.app.moments.append(clock(hour))
        watch_mail(self.app, Slot(1, WATCH_MAIL, "store", clock(hour), SlotState.RUNNING))
        with self.app.store.read() as connection:
            kinds = ("bounces", "complaints", "blocks", "deferrals", "authentication")
            return [each for kind in kinds for each in incidents.alive_of_kind(connection, kind)]


def spf(*networks: str) -> Record:
    value = {
        "networks": list(networks), "by": {DOMAIN: "v=spf1 " + " ".join(networks)}, "hidden": [],
        "lookups": len(networks), "all": "-all",
    }  # fmt: skip
    return Record(RecordKind.SPF, DOMAIN, ("v=spf1",), value)


def mx(host: str) -> Record:
    return Record(RecordKind.MX, DOMAIN, (host,), {"hosts": [[10, host]]})


def dkim(key: str | None) -> Record:
    value = key and {
        "type": "rsa",
        "bits": 2048,
        "key": key,
        "revoked": False,
        "testing": False,
        "usable": True,
    }
    return Record(RecordKind.DKIM, f"s1._domainkey.{DOMAIN}", (), value or None)


def ptr(*names: str) -> Record:
    return Record(RecordKind.PTR, "192.0.2.25", names, {"names": list(names)} if names else None)


def certificate(expires: str) -> Record:
    value = {"fingerprint": expires, "names": ["mx"], "issuer": "CN=R3", "expires": expires}
    return Record(RecordKind.CERTIFICATE, f"mx.{DOMAIN}", ("CN=mx",), value)


def spf_include_removed(stage: Stage) -> Incident:
    """14:02 an include goes from SPF; from 14:20 Gmail refuses with 5.7.27. A campaign and a new MX are
    decoys.
    """
    stage.records(13, spf("192.0.2.0/24", "198.51.100.0/24"), mx("mx1"))
    stage.began(13.5)
    stage.records(14 + 2 / 60, spf("192.0.2.0/24"), mx("mx2"))
    stage.sent(14, "gmail", 500)
    stage.answered(14 + 20 / 60, "gmail", 40, "auth_failed", "550 5.7.27 SPF did not pass")
    return stage.watched(14.5)[0]


def dkim_key_lost(stage: Stage) -> Incident:
    """A key goes at nine; the refusals come at ten. An old SPF change of yesterday evening is not to
    blame.
    """
    stage.records(-20, spf("192.0.2.0/24"), dkim("aa"))
    stage.records(-10, spf("192.0.2.0/25"), dkim("aa"))
    stage.records(9, spf("192.0.2.0/25"), dkim(None))
    stage.answered(10, "gmail", 12, "auth_failed", "550 5.7.30 DKIM did not pass")
    return stage.watched(10.1)[0]


def bad_import(stage: Stage) -> Incident:
    """Leads are brought in in the morning; the campaign at noon meets unknown users. A key was rotated,
    too.
    """
    stage.records(0, dkim("aa"))
    stage.imported(9)
    stage.records(10, dkim("bb"))
    stage.began(12)
    stage.sent(12, "outlook", 300)
    stage.answered(12.2, "outlook", 60, "unknown_user", "550 5.1.1 no such user")
    return stage.watched(12.5)[0]


def too_much_at_once(stage: Stage) -> Incident:
    """Ten times the usual to Gmail within an hour, which puts it off. The MX of our own domain moved as
    well.
    """
    for day in range(1, 6):
        stage.sent(-24 * day, "gmail", 300)
    stage.records(7, mx("mx1"))
    stage.records(8, mx("mx2"))
    stage.sent(9, "gmail", 3_000, "deferred")
    stage.answered(9.3, "gmail", 120, "throttled", "421 4.7.28 unusual rate", 421)
    return stage.watched(9.5)[0]


def listed_first(stage: Stage) -> Incident:
    """Spamhaus lists the address at eight, Outlook refuses from half past. SPF was widened yesterday."""
    stage.records(-30, spf("192.0.2.0/24"))
    stage.records(-18, spf("192.0.2.0/23"))
    stage.listed(8)
    stage.sent(8, "outlook", 400)
    stage.answered(8.5, "outlook", 30, "blocked_dnsbl", "550 5.7.1 blocked using Spamhaus")
    return stage.watched(8.6)[0]


def complaints_before_a_listing(stage: Stage) -> Incident:
    """Complaints in the morning, a listing in the evening. A certificate was renewed in between."""
    stage.records(0, certificate("2026-12-01"))
    stage.sent(7, "gmail", 1_000)
    stage.complained(9, "gmail", 25)
    assert stage.watched(9.5)[0].kind == "complaints"
    stage.records(12, certificate("2027-03-01"))
    return stage.incident(19, "listing", "192.0.2.25 @ zen.spamhaus.org", "BL-001", DOMAIN)


def reverse_name_lost(stage: Stage) -> Incident:
    """The hoster loses a reverse name; Gmail says so. A campaign began at the same time."""
    stage.records(5, ptr("mail.shop.example"))
    stage.records(6, ptr())
    stage.began(6)
    stage.answered(6.4, "gmail", 9, "auth_failed", "550 5.7.25 no PTR record")
    return stage.watched(6.5)[0]


def include_drifted(stage: Stage) -> Incident:
    """The ESP takes a range out of its include: our own text stands, and the SPF check fails."""
    before, after = spf("192.0.2.0/24", "203.0.113.0/24"), spf("192.0.2.0/24")
    stage.records(1, before, mx("mx1"))
    stage.records(2, after, mx("mx2"))
    return stage.incident(2.1, "record", DOMAIN, "SPF-020", DOMAIN)


def new_list_complains(stage: Stage) -> Incident:
    """People who were brought in yesterday call the first letter spam. Volume was as ever."""
    for day in range(1, 6):
        stage.sent(-24 * day, "gmail", 900)
    stage.imported(-20, "bought.csv")
    stage.records(6, mx("mx1"))
    stage.began(7)
    stage.sent(7, "gmail", 900)
    stage.records(7.5, mx("mx2"))
    stage.complained(8, "gmail", 30)
    return stage.watched(8.5)[0]


def spam_after_a_listing(stage: Stage) -> Incident:
    """Seeds find it in spam three hours after a listing. A campaign went out this morning, as every
    morning.
    """
    stage.began(6)
    stage.listed(8)
    return stage.incident(11, "placement", "gmail")


STORIES: dict[Callable[[Stage], Incident], tuple[str, str]] = {
    spf_include_removed: ("authentication", "spf-change"),
    dkim_key_lost: ("authentication", "dkim-change"),
    bad_import: ("bounces", "import"),
    too_much_at_once: ("deferrals", "volume-step"),
    listed_first: ("blocks", "listing"),
    complaints_before_a_listing: ("listing", "spike"),
    reverse_name_lost: ("authentication", "ptr-change"),
    include_drifted: ("record", "spf-change"),
    new_list_complains: ("complaints", "import"),
    spam_after_a_listing: ("placement", "listing"),
}


@pytest.fixture
def stage(app: StillApp) -> Stage:
    app.moments.append(clock(0))
    return Stage(app)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_the_cause_is_named_first(stage: Stage, story: Callable[[Stage], Incident]) -> None:
    kind, cause = STORIES[story]
    incident = story(stage)

    assert incident.kind == kind
    causes = incident.detail["causes"]
    assert causes[0]["kind"] == cause, [(each["kind"], each["weight"]) for each in causes]
    assert causes[0]["why"]


def test_what_did_not_happen_is_ruled_out_and_what_nobody_could_see_is_not(stage: Stage) -> None:
    stage.answered(6, "gmail", 9, "auth_failed", "550 5.7.26 unauthenticated")
    seen = stage.watched(6.1)[0].detail
    assert "no change of SPF within 24 h" in seen["ruled_out"]
    assert seen["not_ruled_out"] == []


def test_while_we_are_blind_no_record_is_ruled_out(stage: Stage) -> None:
    stage.incident(5, "blind", DOMAIN, "", DOMAIN)
    stage.answered(6, "gmail", 9, "auth_failed", "550 5.7.26 unauthenticated")
    seen = stage.watched(6.1)[0].detail
    assert "change of SPF: could not be looked at" in seen["not_ruled_out"]
    assert not [each for each in seen["ruled_out"] if "SPF" in each]


def test_a_few_bounces_among_few_messages_are_no_spike(stage: Stage) -> None:
    """Plunk 259: one bounce among five mails is twenty per cent, and nothing."""
    stage.sent(6, "gmail", 4)
    stage.answered(6, "gmail", 1, "unknown_user", "550 5.1.1")
    assert stage.watched(6.1) == []
