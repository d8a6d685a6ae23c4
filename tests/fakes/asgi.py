"""An ASGI application on a real socket, in a thread of its own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from tests.fakes.background import background


@contextmanager
def served_app(app: Starlette, port: int = 0) -> Iterator[int]:
    """Serve `app` on 127.0.0.1 while the block runs; gives the port, a free one for 0."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, proxy_headers=False))
    with background() as behind:
        running = asyncio.run_coroutine_threadsafe(server.serve(), behind.loop)
        behind.do(_started(server))
        yield int(server.servers[0].sockets[0].getsockname()[1])
        server.should_exit = True
        running.result(10)


async def _started(server: uvicorn.Server) -> None:
    while not server.started:
        await asyncio.sleep(0.01)
