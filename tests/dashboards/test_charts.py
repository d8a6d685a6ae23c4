"""Charts: rows in, figures out; nothing told by colour alone, nothing that strangers wrote interpreted."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboards.charts.funnel import Stage, funnel
from dashboards.charts.happenings import Happening, annotate
from dashboards.charts.listings import Bar, listing_timeline
from dashboards.charts.matrix import Square, matrix
from dashboards.charts.palette import palette
from dashboards.charts.shares import shares
from dashboards.charts.traffic import opens_and_clicks, throughput
from dashboards.pieces.mark import LISTINGS, RECIPIENT_STATES, SEVERITIES, STATES, VERDICTS, Listing
from data.panels.traffic import Bucket
from monitor.statistics import share

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EVIL = '<a href="https://evil.test">x</a><script>alert(1)</script>'
MODES = ("light", "dark")


def _json(figure: Any) -> Any:
    return json.loads(figure.to_json())


def _bar(
    listing: Listing, hours: tuple[int, int] = (5, 0), row: tuple[str, str] = ("192.0.2.1", "ZEN")
) -> Bar:
    return Bar(row, listing, NOW - hours[0] * HOUR, NOW - hours[1] * HOUR, "note")


@pytest.mark.parametrize("mode", MODES)
def test_what_is_not_known_is_hatched_and_what_is_known_is_not(mode: str) -> None:
    bars = [_bar(listing) for listing in Listing]
    drawn = _json(listing_timeline(bars, NOW - 6 * HOUR, NOW, palette(mode), UTC))
    hatched = {trace["name"]: bool(trace["marker"]["pattern"]["shape"]) for trace in drawn["data"]}

    assert hatched == {f"{mark.glyph} {mark.word}": mark.hatched for mark in LISTINGS.values()}


def test_a_listing_is_drawn_over_everything_else() -> None:
    bars = [_bar(listing) for listing in reversed(Listing)]
    drawn = _json(listing_timeline(bars, NOW - 6 * HOUR, NOW, palette("light"), UTC))

    assert drawn["data"][-1]["name"].endswith("listed")


def test_a_short_listing_in_a_long_range_can_be_seen() -> None:
    """Ten minutes of ninety days would be a twelfth of a pixel."""
    short = Bar(("192.0.2.1", "ZEN"), Listing.LISTED, NOW - timedelta(minutes=10), NOW, "")
    clear = Bar(("192.0.2.1", "ZEN"), Listing.CLEAR, NOW - timedelta(days=90), NOW, "")
    drawn = _json(listing_timeline([clear, short], NOW - timedelta(days=90), NOW, palette("light"), UTC))

    assert drawn["data"][-1]["x"][0] > timedelta(hours=6) / timedelta(milliseconds=1)


def test_the_axis_begins_where_there_is_something_to_show() -> None:
    drawn = _json(
        listing_timeline([_bar(Listing.CLEAR)], NOW - timedelta(days=90), NOW, palette("light"), UTC)
    )

    assert drawn["layout"]["xaxis"]["range"][0].startswith("2026-11-23T07")


def test_an_empty_timeline_is_an_empty_chart() -> None:
    assert _json(listing_timeline([], NOW - HOUR, NOW, palette("dark"), UTC))["data"] == []


def test_nothing_that_strangers_wrote_becomes_markup() -> None:
    """Plotly would render <a href> in labels and hovers."""
    mark = STATES[next(iter(STATES))]
    figures = (
        listing_timeline(
            [Bar((EVIL, EVIL), Listing.LISTED, NOW - HOUR, NOW, EVIL)], NOW - HOUR, NOW, palette("light"), UTC
        ),
        matrix([Square((EVIL, EVIL), 0, mark, EVIL, EVIL)], [EVIL], palette("light")),
        shares([(EVIL, share(1, 3))], palette("light")),
    )

    for figure in figures:
        assert "<a href" not in str(_json(figure))
        assert "<script" not in str(_json(figure))


def test_every_state_differs_by_word_and_glyph_within_its_kind() -> None:
    """Whoever sees no colours must see no less."""
    for marks in (STATES, SEVERITIES, LISTINGS, VERDICTS):
        members: list[Any] = list(marks.values())
        assert len({mark.word for mark in members}) == len(members)
        assert len({mark.glyph for mark in members}) == len(members)
    assert len({mark.word for mark in RECIPIENT_STATES.values()}) == len(RECIPIENT_STATES)


def test_the_funnel_counts_people_and_shows_machines_beside() -> None:
    drawn = _json(funnel([Stage("Audience", 100), Stage("Opened", 20, 30)], palette("light")))
    counts = [note["text"] for note in drawn["layout"]["annotations"]]

    assert counts == ["<b>100</b>  100.0 %", "<b>20</b>  20.0 %"]
    assert drawn["data"][1]["x"] == [0, 30]


def test_a_step_without_an_open_is_a_zero() -> None:
    """A line that jumps over quiet hours would draw opens that never were."""
    buckets = [Bucket(NOW, "open", False, 3), Bucket(NOW + 2 * HOUR, "open", False, 1)]
    times = [NOW + n * HOUR for n in range(3)]
    drawn = _json(opens_and_clicks(buckets, times, HOUR, palette("light"), UTC))

    assert drawn["data"][0]["y"] == [3, 0, 1]


def test_machines_are_dotted() -> None:
    buckets = [Bucket(NOW, "open", machine, 3) for machine in (False, True)]
    drawn = _json(opens_and_clicks(buckets, [NOW], HOUR, palette("light"), UTC))

    assert [trace["line"]["dash"] for trace in drawn["data"]] == ["solid", "dot"]


def test_throughput_stacks_what_became_of_each() -> None:
    buckets = [Bucket(NOW, state, False, 2) for state in ("sent", "failed", "unknown")]
    drawn = _json(throughput(buckets, timedelta(minutes=15), palette("light"), UTC))

    assert drawn["layout"]["barmode"] == "stack"
    assert [trace["name"] for trace in drawn["data"]] == ["✓ accepted", "✕ refused", "? no answer"]
    assert drawn["layout"]["yaxis"]["title"]["text"] == "per 15 minutes"


def test_a_share_carries_its_n_and_its_interval() -> None:
    drawn = _json(shares([("gmail", share(9, 10)), ("corp", share(0, 0))], palette("light")))

    assert drawn["data"][0]["y"] == ["gmail  n=10"]
    assert "95 % interval" in drawn["data"][0]["customdata"][0]
    assert drawn["layout"]["yaxis"]["categoryarray"] == ["gmail  n=10", "corp  n=0"]


@pytest.mark.parametrize("mode", MODES)
def test_text_can_be_read_on_what_it_stands_on(mode: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1, for every hue that carries words."""
    colours = palette(mode)
    for hue, text in colours.text.items():
        assert _contrast(text, colours.soft[hue]) >= 4.5, hue
        assert _contrast(text, colours.background) >= 4.5, hue
    assert _contrast(colours.foreground, colours.background) >= 7


def _contrast(one: str, other: str) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_else_happened_stands_on_the_axis_in_words() -> None:
    chart = throughput([Bucket(NOW, "sent", False, 2)], HOUR, palette("light"), UTC)
    happened = [Happening(NOW + n * HOUR, f"listing {n} {EVIL}", "red") for n in range(20)]
    drawn = _json(annotate(chart, happened, palette("light"), UTC))["layout"]

    assert len(drawn["shapes"]) == len(drawn["annotations"]) == 12
    assert drawn["annotations"][-1]["text"].startswith("listing 19")
    assert "<a href" not in str(drawn)
