"""The story is told in order, each scene once a round, however the clock is wound."""

from monitor.sandbox import truth
from monitor.sandbox.story import LISTED_IP, ROUND_SECONDS, SCENES, Scene, between, next_after
from monitor.sandbox.world import build


def test_each_scene_happens_once_a_round_however_often_one_looks() -> None:
    """The loop may wake late or often; no scene is lost and none is told twice."""
    for step in (0.5, 7.0, 61.0, 1700.0):
        told: list[Scene] = []
        then = 0.0
        while then < 3 * ROUND_SECONDS:
            now = min(then + step, 3 * ROUND_SECONDS)
            told += between(then, now)
            then = now
        assert told == list(SCENES) * 3, step


def test_a_faster_story_is_the_same_story() -> None:
    assert list(between(0, ROUND_SECONDS / 20, speed=20)) == list(SCENES)


def test_the_next_scene_is_never_in_the_past() -> None:
    assert next_after(0) == SCENES[0].at
    assert next_after(SCENES[0].at) == SCENES[1].at - SCENES[0].at
    assert next_after(ROUND_SECONDS - 1) == 1 + SCENES[0].at
    assert next_after(0, speed=10) == SCENES[0].at / 10


def test_a_visitor_sees_a_listing_come_and_go() -> None:
    live = truth.Live(build({}))
    name = f"{'.'.join(reversed(LISTED_IP.split('.')))}.zen.spamhaus.org"
    seen = []
    for second in range(0, 300, 20):
        for scene in between(second - 20, second):
            live.change(scene.step)
        seen.append(bool(live.zone().look_up(name, "A").rows))

    assert seen == [False] * 2 + [True] * 8 + [False] * 5


def test_after_a_round_the_world_is_as_it_was_in_the_beginning() -> None:
    """Otherwise the second round would start from somewhere else."""
    told = truth.Truth()
    for scene in SCENES:
        told = scene.step(told)

    assert told == truth.Truth()
