"""Every page, drawn on every kind of store, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboards.conftest import Open

SCOPES = (
    *(("domain", name) for name in ("club.test", "silent.test", "parked.test", None)),
    ("provider", "outlook"),
)
PAGES = ("now", "domains", "blocklists", "campaign", "placement")


def _words(at: AppTest) -> str:
    kinds = (at.title, at.subheader, at.markdown, at.caption, at.text, at.code, at.info)
    return "\n".join(str(element.value) for elements in kinds for element in elements)


@pytest.mark.parametrize("content", ["story", "empty", "unknown", "hostile"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_draws_itself_whatever_the_store_holds(open_page: Open, page: str, content: str) -> None:
    """The first look of a newcomer, a night without DNS, and a visit by an attacker included."""
    at = open_page(page, content)

    assert not at.exception
    assert at.title


@pytest.mark.parametrize("page", PAGES)
def test_every_page_draws_itself_for_every_scope(open_page: Open, page: str) -> None:
    """A domain in trouble, a dark one and a parked one; a provider; the shortest and the longest range."""
    at = open_page(page, "story")
    for key, value in SCOPES:
        at.selectbox(key=key).set_value(value).run()
        assert not at.exception, value
    for name in ("24h", "90d"):
        at.segmented_control(key="range").set_value([name]).run()
        assert not at.exception, name


@pytest.mark.parametrize("page", PAGES)
def test_no_page_lets_html_through(open_page: Open, page: str) -> None:
    """The one `st.html` is our own style sheet; no Markdown is allowed HTML."""
    at = open_page(page, "hostile")

    assert not [element for element in at.markdown if element.allow_html]
    assert all("<script" not in str(element.proto.body) for element in at.get("html"))


def test_an_instance_without_a_store_is_told_how_to_start(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no empty store is left behind for `homing up` to stumble over."""
    at = open_page("now", "empty")
    monkeypatch.setenv("HOMING_HOME", "/nonexistent/homing")
    at.run()

    assert "homing up" in _words(at)
    assert not at.exception


def test_an_empty_instance_says_what_to_do_first(open_page: Open) -> None:
    words = _words(open_page("now", "empty"))

    assert "Nothing is watched yet" in words
    assert "homing init" in words


def test_what_is_broken_is_said_first(open_page: Open) -> None:
    at = open_page("now", "story")

    assert "things are broken" in at.title[0].value
    assert ":red[" in at.title[0].value


def test_nothing_is_green_when_nothing_could_be_found_out(open_page: Open) -> None:
    """A night without DNS is neither good nor bad news."""
    at = open_page("now", "unknown")
    words = _words(at)

    assert ":green" not in words
    assert "Nothing is known to be broken" in at.title[0].value
    assert "since" in words


def test_a_domain_can_be_linked_to(open_page: Open) -> None:
    at = open_page("now", "story", domain="club.test")
    at = at.switch_page("views/domains.py").run()

    assert at.title[0].value == "club\\.test"
    assert "PTR" in _words(at)


def test_the_fix_can_be_copied(open_page: Open) -> None:
    at = open_page("now", "story", domain="club.test")
    at = at.switch_page("views/domains.py").run()

    assert any("Publish a PTR record" in element.value for element in at.code)


def test_the_recipients_can_be_searched(open_page: Open) -> None:
    at = open_page("campaign", "story")
    at.text_input(key="log-address").set_value("reader0007").run()

    assert not at.exception
    assert "1 recipient" in _words(at)
