"""What an instance knows of its domains beside the configuration."""

from datetime import timedelta

from checks.model import Target
from data.dkim_keys import Algorithm, DkimKey, KeyState, add_key
from data.reports import save_report
from monitor.informing import informed
from tests.checks.reports.test_aggregate import read, report
from tests.monitor.conftest import NOON, StillApp

TARGET = Target("example.com", selectors=("old",))
LATER = NOON.replace(month=6, day=10)


def key(selector: str, state: KeyState) -> DkimKey:
    return DkimKey("example.com", selector, Algorithm.RSA, "v=DKIM1; p=x", state, NOON)


def test_a_selector_is_learned_from_a_signature_that_a_receiver_verified(app: StillApp) -> None:
    """The report shows s1 of example.com, and k of an esp.example."""
    with app.store.write() as connection:
        save_report(connection, read(report()), "", NOON)
        assert informed(connection, TARGET, LATER).learned == ("s1",)
        assert informed(connection, TARGET, LATER + timedelta(days=60)).learned == ()


def test_a_signature_that_failed_teaches_nothing(app: StillApp) -> None:
    forged = report().replace(b"<result>pass</result>", b"<result>fail</result>")
    with app.store.write() as connection:
        save_report(connection, read(forged), "", NOON)
        assert informed(connection, TARGET, LATER).learned == ()


def test_the_keys_that_we_sign_with_are_looked_at_without_being_configured(app: StillApp) -> None:
    with app.store.write() as connection:
        for each in (key("h1", KeyState.SIGNING), key("h0", KeyState.RETIRED), key("h2", KeyState.MADE)):
            add_key(connection, each)
        found = informed(connection, TARGET, LATER)
    assert (found.selectors, found.learned) == (("old", "h1"), ())


def test_beside_reports_our_own_keys_are_in_use_too(app: StillApp) -> None:
    with app.store.write() as connection:
        add_key(connection, key("h1", KeyState.SIGNING))
        save_report(connection, read(report()), "", NOON)
        assert informed(connection, TARGET, LATER).learned == ("s1", "h1")
