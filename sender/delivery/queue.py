"""The engine on PostgreSQL: the same tasks, deferred through Procrastinate instead of called.

A task says "work on lane L" and never names a message. It has a `queueing_lock`, so that one such task waits
at a time, and no `lock`: a second worker that takes the next one works on the same lane. What may be sent is
decided by the rows (leases, fences, the lane), so a task that is lost or runs twice does no harm.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import make_url

from data.queue import prepare
from data.store import Store

if TYPE_CHECKING:
    from procrastinate import App

QUEUE = "delivery"
AT_ONCE = 200
"""Tasks of one worker: each lane that it works on is one."""
POLL_SECONDS = 10.0
"""How soon a task is found whose notification was missed."""
AGAIN_SECONDS = 1.0
log = logging.getLogger(__name__)


class Hands(Protocol):
    """Who does the tasks: one worker's shift."""

    async def work_on(self, lane_id: int) -> None:
        """Until nothing of the lane is due any more."""
        ...

    async def route(self) -> int:
        """Find out some recipients' providers; returns how many."""
        ...


class Queue(Protocol):
    """Where tasks are put for whichever worker is free."""

    def serving(self, hands: Hands) -> AbstractAsyncContextManager[None]:
        """Take tasks and do them for as long as the context lasts."""
        ...

    async def ask_for_lane(self, lane_id: int) -> bool:
        """Somebody is to work on that lane. False if it could not be asked for."""
        ...

    async def ask_for_routes(self) -> bool:
        """Somebody is to look providers up."""
        ...


class ProcrastinateQueue:
    """Needs the extra `postgres`. Raises ImportError without it."""

    def __init__(self, store: Store) -> None:
        import procrastinate
        from procrastinate import exceptions, jobs

        self._library, self._faults, self._jobs = procrastinate, exceptions, jobs
        self._store = store
        url = make_url(store.engine.url).set(drivername="postgresql")
        self._url = url.render_as_string(hide_password=False)
        self._app: App | None = None

    @asynccontextmanager
    async def serving(self, hands: Hands) -> AsyncIterator[None]:
        await asyncio.to_thread(prepare, self._store)
        self._app = self._made(hands)
        async with self._app.open_async():
            worker = asyncio.create_task(self._work(self._app))
            try:
                yield
            finally:
                worker.cancel()
                with suppress(asyncio.CancelledError):
                    await worker
                self._app = None

    def _made(self, hands: Hands) -> "App":
        connector = self._library.PsycopgConnector(conninfo=self._url, min_size=1, max_size=3)
        app = self._library.App(connector=connector)

        async def lane(lane_id: int) -> None:
            await hands.work_on(lane_id)

        async def routes() -> None:
            while await hands.route():
                pass

        app.task(name="lane", queue=QUEUE)(lane)
        app.task(name="routes", queue=QUEUE)(routes)
        return app

    async def _work(self, app: "App") -> None:
        """Take tasks; a database that went away is waited for."""
        while True:
            try:
                await self._bury(app)
                await app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=AT_ONCE,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=POLL_SECONDS,
                    shutdown_graceful_timeout=AGAIN_SECONDS,
                    delete_jobs="always",
                )
            except (OSError, self._faults.ProcrastinateException) as fault:
                log.warning("the task queue does not answer: %s", fault)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _bury(self, app: "App") -> None:
        """Tasks of workers that died: their rows come back by their leases, not by doing these again."""
        for job in await app.job_manager.get_stalled_jobs(queue=QUEUE):
            await app.job_manager.finish_job(job, self._jobs.Status.FAILED, delete_job=True)

    async def ask_for_lane(self, lane_id: int) -> bool:
        def lane(app: "App") -> Awaitable[int]:
            asked = app.configure_task("lane", queueing_lock=f"lane {lane_id}")
            return asked.defer_async(lane_id=lane_id)

        return await self._ask(lane)

    async def ask_for_routes(self) -> bool:
        return await self._ask(lambda app: app.configure_task("routes", queueing_lock="routes").defer_async())

    async def _ask(self, defer: "Callable[[App], Awaitable[int]]") -> bool:
        if self._app is None:
            return False
        try:
            await defer(self._app)
        except self._faults.AlreadyEnqueued:
            return True
        except (OSError, self._faults.ProcrastinateException) as fault:
            log.warning("the task queue does not answer: %s", fault)
            return False
        return True


def queue_of(store: Store) -> Queue | None:
    """The queue that belongs to a store: none on SQLite, where the engine does its tasks in process."""
    if store.engine.dialect.name != "postgresql":
        return None
    try:
        return ProcrastinateQueue(store)
    except ImportError:
        log.warning("procrastinate is not installed: pip install 'homing[postgres]'; working in process")
        return None
