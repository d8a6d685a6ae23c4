"""The sentence at the top of the first page."""

from datetime import UTC, datetime

from checks.model import Severity
from dashboards.pieces.age import Trust
from dashboards.pieces.verdict import verdict
from data.panels.incidents import Incident

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WHOLE = Trust()
BLIND = Trust("The worker is not running.", NOW)


def _incident(severity: Severity, domain: str = "shop.test") -> Incident:
    return Incident(1, "record", domain, "SPF-004", domain, severity, "open", NOW, NOW, None, {})


def test_green_needs_fresh_data_and_no_open_question() -> None:
    assert verdict([], 3, 0, WHOLE).hue == "green"
    assert verdict([], 3, 1, WHOLE).hue == "gray"
    assert verdict([], 3, 0, BLIND).hue == "gray"


def test_the_worst_severity_gives_the_hue() -> None:
    assert verdict([_incident(Severity.LOW)], 3, 0, WHOLE).hue == "orange"
    assert verdict([_incident(Severity.LOW), _incident(Severity.HIGH)], 3, 0, WHOLE).hue == "red"


def test_what_is_broken_is_counted_and_named() -> None:
    found = verdict([_incident(Severity.CRITICAL, f"{name}.test") for name in "abcde"], 9, 0, WHOLE)

    assert found.headline == "5 things are broken"
    assert found.detail == "5 critical, at a.test, b.test, c.test and 2 more."
    assert verdict([_incident(Severity.LOW)], 1, 0, WHOLE).headline == "1 thing is broken"


def test_old_news_is_told_as_old() -> None:
    """Nobody is looking: what was broken may be mended, and what was in order may not be."""
    found = verdict([_incident(Severity.CRITICAL)], 3, 0, BLIND)

    assert found.headline == "Cannot tell what holds now"
    assert found.detail == "When last seen, 1 thing was broken."


def test_an_instance_that_watches_nothing_is_not_in_order() -> None:
    assert verdict([], 0, 0, WHOLE).hue == "gray"
