"""Fibres: works side by side in one thread, which change over where they wait."""

import threading

import pytest

from checks.net.fibres import Hub, Mailbox, Signal, Task, aside, hub, sleep


def test_results_come_whatever_the_order_in_which_they_are_wanted() -> None:
    fibres = Hub()
    tasks = [fibres.start(lambda n: n * n, n) for n in range(5)]
    assert [task.result() for task in reversed(tasks)] == [16, 9, 4, 1, 0]


def test_one_goes_on_while_another_waits() -> None:
    said: list[str] = []
    fibres, signal = Hub(), Signal()

    def first() -> None:
        said.append("first waits")
        signal.wait()
        said.append("first goes on")

    def second() -> None:
        said.append("second runs")
        signal.set()

    for task in [fibres.start(first), fibres.start(second)]:
        task.result()
    assert said == ["first waits", "second runs", "first goes on"]


def test_another_thread_wakes_a_fibre_and_a_fibre_wakes_a_thread() -> None:
    there, back = Mailbox[int](), Mailbox[int]()
    threading.Thread(target=lambda: back.put(there.get() + 1)).start()

    def asking() -> int:
        there.put(41)
        return back.get()

    assert Hub().start(asking).result() == 42


def test_what_a_work_raises_comes_with_its_result() -> None:
    task = Hub().start(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        task.result()


def test_a_fibre_starts_others_in_its_own_thread_and_waits_for_them() -> None:
    def inner() -> str:
        return threading.current_thread().name

    def outer() -> set[str]:
        tasks: list[Task[str]] = [hub().start(inner) for _ in range(3)]
        return {task.result() for task in tasks}

    assert Hub().start(outer).result() == {threading.current_thread().name}


def test_what_blocks_a_thread_does_not_hold_up_the_other_fibres() -> None:
    fibres, free = Hub(), threading.Event()
    blocked = fibres.start(aside, free.wait)
    fibres.start(free.set).result()
    assert blocked.result()


def test_what_blocks_runs_where_it_is_called_outside_of_fibres() -> None:
    assert aside(threading.current_thread) is threading.current_thread()


def test_sleepers_wake_in_the_order_of_their_time() -> None:
    woken: list[float] = []

    def nap(seconds: float) -> None:
        sleep(seconds)
        woken.append(seconds)

    fibres = Hub()
    for task in [fibres.start(nap, seconds) for seconds in (0.03, 0.01, 0.02)]:
        task.result()
    assert woken == [0.01, 0.02, 0.03]


def test_what_stops_the_program_in_a_fibre_stops_it_at_once() -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    fibres = Hub()
    endless = fibres.start(Signal().wait)
    fibres.start(stopped)
    with pytest.raises(KeyboardInterrupt):
        endless.result()
