"""Authentication-Results as receivers write them, and as somebody hostile might."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.authres import Result, parse


def test_a_field_is_read_with_its_comments_left_out() -> None:
    found = parse('mx.example;\r\n\tspf=pass (a; (b) "c) smtp.mailfrom="x;y@a.example";\r\n\tdkim/1 = fail')

    assert found.server == "mx.example"
    assert found.results == (
        Result("spf", "pass", {"smtp.mailfrom": "x;y@a.example"}),
        Result("dkim", "fail"),
    )


def test_one_good_signature_is_enough() -> None:
    found = parse("mx.example; dkim=fail header.d=a; dkim=pass header.d=b")

    assert (found.result("dkim"), found.result("spf")) == ("pass", "")


@pytest.mark.parametrize("value", ["", ";", "mx.example", "mx.example; none", 'mx.example; spf="', "((("])
def test_what_says_nothing_has_no_results(value: str) -> None:
    assert parse(value).results == ()


@given(st.text(alphabet='ab;="()\\./ 1', max_size=200))
def test_nothing_makes_it_raise(value: str) -> None:
    parse(value)
