"""An ASGI application on a real socket, in a thread of its own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from tests.fakes.background import background


@contextmanager
def served_app(app: Starlette) -> Iterator[int]:
    """Serve `app` on a free port of 127.0.0.1 while the block runs; gives the port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, proxy_headers=False))
    with background() as behind:
        running = asyncio.run_coroutine_threadsafe(server.serve(), behind.loop)
        behind.do(_started(server))
        yield int(server.servers[0].sockets[0].getsockname()[1])
        server.should_exit = True
        running.result(10)


async def _started(server: uvicorn.Server) -> None:
    while not server.started:
        await asyncio.sleep(0.01)
