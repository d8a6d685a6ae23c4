"""`--jsonl`: an object a line on stdin, an answer a line on stdout, in the same order.

Several lines are worked on at a time; blank ones do not count. Stopped with Ctrl-C, it says how many answers
were written; `--skip` with that number goes on from there.
"""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from checks.net.fibres import Hub, Mailbox, Task
from monitor.cli.main import Exit, complain, gravest
from monitor.cli.options import moment
from monitor.problem import Problem

AT_A_TIME = 32
"""Lines that wait for DNS together."""
EVERY = 100
"""Lines between two signs of progress on a terminal; ten times as many in a log."""

Line = str | bytes
Answered = Mapping[str, Any]
Item = TypeVar("Item")
Result = TypeVar("Result")


def answer_lines(
    answer: Callable[[Mapping[str, Any]], Answered],
    *,
    skip: int = 0,
    source: Iterable[Line] | None = None,
    codes: Iterable[Exit] = (),
) -> int:
    """Answer every line of `source` (stdin); a line that cannot be read is answered with {"error": …}.

    `answer` may raise Problem. Returns the gravest of `codes` (read at the end), 2 when a line could not be
    read and nothing graver was found.
    """
    written = bad = 0
    given = source if source is not None else _stdin()
    lines = islice((line for line in given if line.strip()), skip, None)
    try:
        for told in in_order(lambda line: _told(answer, line), lines):
            print(json.dumps(told, ensure_ascii=False), flush=True)  # noqa: T201
            written += 1
            bad += "error" in told
            _progress(written)
    except KeyboardInterrupt:
        return complain(f"homing: stopped. Go on with --skip {skip + written}.", Exit.INTERRUPTED)
    return gravest([*codes, *([Exit.USAGE] if bad else [])])


def _stdin() -> Iterator[Line]:
    """The lines of stdin, read by a thread: who types them, or sends them slowly, has answers meanwhile."""
    lines: Mailbox[Line | None] = Mailbox()
    places, stream = _places(), _stream()

    def read() -> None:
        try:
            for line in stream:
                places.get()
                lines.put(line)
        finally:
            lines.put(None)

    threading.Thread(target=read, name="stdin", daemon=True).start()
    while (line := lines.get()) is not None:
        places.put(None)
        yield line


def _stream() -> Iterable[Line]:
    """Stdin as bytes, by a file of the thread's own: Python's cannot be closed while a thread reads it."""
    try:
        return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    except (OSError, ValueError):  # somebody put something else in its place
        return sys.stdin


def _places() -> "Mailbox[None]":
    """As many places as lines may be under way; take one, and put it back."""
    places: Mailbox[None] = Mailbox()
    for _ in range(AT_A_TIME):
        places.put(None)
    return places


def _told(answer: Callable[[Mapping[str, Any]], Answered], line: Line) -> Answered:
    try:
        asked = json.loads(line)
    except ValueError as error:
        return {"error": f"this line is no JSON: {error}"}
    if not isinstance(asked, dict):
        return {"error": "this line is no JSON object"}
    try:
        return answer(asked)
    except Problem as error:
        return {"error": str(error)}


def in_order(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results of `work` in the order of the items; never more than `AT_A_TIME` are under way."""
    fibres, places = Hub(), _places()
    begun: Mailbox[Task[Result] | None] = Mailbox()

    def begin() -> None:
        try:
            for item in items:
                places.get()
                begun.put(fibres.start(work, item))
        finally:
            begun.put(None)

    beginning = fibres.start(begin)
    while (task := fibres.start(begun.get).result()) is not None:
        yield task.result()
        places.put(None)
    beginning.result()


def _progress(written: int) -> None:
    if sys.stderr.isatty():
        if written % EVERY == 0:
            print(f"\r{written} lines", end="", file=sys.stderr, flush=True)  # noqa: T201
    elif written % (10 * EVERY) == 0:
        complain(f"{written} lines", 0)


def text_of(asked: Mapping[str, Any], key: str, *, required: bool = False) -> str:
    """The text under a key; "" when it is absent. Raises Problem when it is no text, or is required."""
    value = asked.get(key, "")
    if value is None or value == "":
        if required:
            raise Problem(f"the key “{key}” is missing")
        return ""
    if not isinstance(value, str):
        raise Problem(f"“{key}” must be a text, not {json.dumps(value)[:40]}")
    return value


def time_of(asked: Mapping[str, Any], otherwise: datetime) -> datetime:
    """The time under the key "at", or another where there is none. Raises Problem."""
    text = text_of(asked, "at")
    return moment(text) if text else otherwise
