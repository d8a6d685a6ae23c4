"""What a row says of the sender behind it."""

from datetime import UTC, datetime, timedelta

import pytest

from checks.reports import AuthResult, Row
from checks.reports.sources import Standing, sources, standing

DAY = datetime(2026, 6, 1, tzinfo=UTC)
OWN_BROKEN = AuthResult("example.com", "fail", "s1")
ESP = AuthResult("esp.example", "pass", "k")
FAILING = Row("192.0.2.1", 3, "none", "fail", "fail", "example.com")


def row(*dkim: AuthResult, **changes: object) -> Row:
    values = {"source_ip": "192.0.2.1", "count": 3, "disposition": "none", "dkim": "fail", "spf": "fail"}
    return Row(**{**values, "header_from": "example.com", "dkim_results": dkim, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (row(spf="pass"), Standing.COMPLIANT),
        (row(OWN_BROKEN, dkim="fail"), Standing.FORWARDER),
        (row(reasons=["mailing_list"]), Standing.FORWARDER),
        (row(ESP), Standing.NOT_COMPLIANT),
        (row(AuthResult("esp.example", "fail")), Standing.THREAT),
        (row(), Standing.THREAT),
        (row(AuthResult("notexample.com", "fail")), Standing.THREAT),
    ],
)
def test_a_row_has_one_standing(given: Row, expected: Standing) -> None:
    assert standing(given) is expected


def test_an_address_has_a_line_for_each_standing_and_its_messages_add_up() -> None:
    later = DAY + timedelta(days=1)
    rows = [row(spf="pass"), row(ESP), row(ESP, count=5)]
    found = sources([(each, DAY, later) for each in rows] + [(row(spf="pass"), later, later)])
    assert [(each.standing, each.messages, each.stopped) for each in found] == [
        (Standing.NOT_COMPLIANT, 8, 8),
        (Standing.COMPLIANT, 6, 0),
    ]
    assert (found[0].names, found[1].first, found[1].last) == (["esp.example"], DAY, later)
