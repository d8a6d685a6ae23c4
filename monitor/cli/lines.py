"""`--jsonl`: an object a line on stdin, an answer a line on stdout, in the same order.

Several lines are worked on at a time; blank ones do not count. Stopped with Ctrl-C, it says how many answers
were written; `--skip` with that number goes on from there.
"""

import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any, TextIO, TypeVar

from monitor.cli.main import Exit, complain
from monitor.problem import Problem

AT_A_TIME = 16
"""Lines that wait for DNS together."""
EVERY = 100
"""Lines between two signs of progress."""

Answered = Mapping[str, Any]
Item = TypeVar("Item")
Result = TypeVar("Result")


def answer_lines(
    answer: Callable[[Mapping[str, Any]], Answered],
    *,
    skip: int = 0,
    source: TextIO | None = None,
) -> int:
    """Answer every line of `source` (stdin); a line that cannot be read is answered with {"error": …}.

    `answer` may raise Problem. Returns 0, or 2 when a line could not be read.
    """
    written = bad = 0
    lines = islice((line for line in source or sys.stdin if line.strip()), skip, None)
    try:
        for told in in_order(lambda line: _told(answer, line), lines):
            print(json.dumps(told, ensure_ascii=False), flush=True)  # noqa: T201
            written += 1
            bad += "error" in told
            _progress(written)
    except KeyboardInterrupt:
        return complain(f"homing: stopped. Go on with --skip {skip + written}.", Exit.INTERRUPTED)
    return Exit.USAGE if bad else Exit.CLEAN


def _told(answer: Callable[[Mapping[str, Any]], Answered], line: str) -> Answered:
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
    """The results of `work` in the order of the items; never more than twice `AT_A_TIME` are held."""
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="line") as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > 2 * AT_A_TIME:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _progress(written: int) -> None:
    if sys.stderr.isatty() and written % EVERY == 0:
        complain(f"\r{written} lines", 0)


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
