"""An event loop in a thread of its own, for servers that a synchronous test talks to."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE_SECONDS = 10


class Background:
    """Runs what it is given in its loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop

    def do(self, step: Coroutine[Any, Any, T]) -> T:
        """Run to its end and return what it returns."""
        return asyncio.run_coroutine_threadsafe(step, self.loop).result(PATIENCE_SECONDS)


@contextmanager
def background() -> Iterator[Background]:
    """A loop that runs while the block does."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    running = Background(loop)
    try:
        yield running
    finally:
        running.do(_finish())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_SECONDS)
        loop.close()


async def _finish() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
