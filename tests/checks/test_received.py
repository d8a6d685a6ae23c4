"""Received fields and address lists, as servers and people write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.addresslist import addresses
from checks.received import Received, parse


def test_a_hop_names_who_came_from_where_to_whom_and_when() -> None:
    found = parse(
        "from news.example.com (news.example.com [192.0.2.1])\r\n\tby mx.example.net (Postfix) with ESMTPS"
        " id 4711\r\n\tfor <ada@example.net>; Mon,  1 Jun 2026 10:00:00 +0200 (CEST)"
    )
    when = datetime(2026, 6, 1, 10, tzinfo=timezone(timedelta(hours=2)))
    assert found == Received("news.example.com", "192.0.2.1", "mx.example.net", "ada@example.net", when)


def test_what_stands_in_a_comment_is_not_the_name() -> None:
    assert parse("from ([192.0.2.1]) by mx.example.net").from_name == ""
    assert parse("from a.example (from b.example [::1]) by mx.example.net").from_name == "a.example"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("1 Jun 2026 08:00:00 -0000", datetime(2026, 6, 1, 8, tzinfo=UTC)),
        ("Mon, 1 Jun 26 01:00 PDT", datetime(2026, 6, 1, 8, tzinfo=UTC)),
        ("Mon, 31 Jun 2026 01:00:00 +0000", None),
        ("whenever", None),
    ],
)
def test_dates_are_read_as_rfc_5322_says(date: str, expected: datetime | None) -> None:
    assert parse(f"by mx.example.net; {date}").at == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (
            '"Doe, Jane" <jane@example.com>, ada@example.com (Ada, <x@y>)',
            ["jane@example.com", "ada@example.com"],
        ),
        ("Friends: a@example.com, B <b@example.com>;, c@example.com", [f"{x}@example.com" for x in "abc"]),
        ("<@relay.example,@r2.example:ada@example.com>", ["ada@example.com"]),
        ('"odd name"@example.com', ['"odd name"@example.com']),
        ("Undisclosed recipients:;", []),
        ("ada@example.com\nBcc: evil@example.com", ["ada@example.com"]),
    ],
)
def test_addresses_are_told_from_names_groups_and_comments(field: str, expected: list[str]) -> None:
    assert addresses(field) == expected


@given(st.text(alphabet='from by;()<>[]"\\@:,. a1+\r\n\t', max_size=200))
def test_nothing_makes_them_raise(text: str) -> None:
    parse(text)
    assert len(addresses(text)) <= 1000
