"""Several links of one message at once are a gateway's walk; one after another they are a reader's."""

from datetime import timedelta

from sender.web.drain import in_a_burst
from sender.web.hits import Hit, Line
from tests.sender.world import NOW


def click(position: int, seconds: float, recipient: int = 7) -> Line:
    return Line(Hit.CLICK, (1, recipient), NOW + timedelta(seconds=seconds), position)


def burst(*lines: Line) -> set[int]:
    return {int(key) for key in in_a_burst([(str(number), line) for number, line in enumerate(lines)])}


def test_three_links_within_two_seconds_are_a_machine() -> None:
    assert burst(click(0, 0), click(1, 0.5), click(2, 2)) == {0, 1, 2}
    assert burst(click(0, 0), click(1, 1), click(2, 1.5), click(3, 30)) == {0, 1, 2}


def test_what_a_reader_does_is_none() -> None:
    assert burst(click(0, 0), click(1, 3), click(2, 6)) == set()
    assert burst(click(0, 0), click(0, 0.2), click(0, 0.4)) == set(), "an impatient finger"
    assert burst(click(0, 0), click(1, 0.1), click(2, 0.2, recipient=8)) == set(), "different readers"


def test_anonymous_clicks_are_of_many_people() -> None:
    lines = [Line(Hit.CLICK, (1,), NOW, position) for position in range(5)]
    assert burst(*lines) == set()
