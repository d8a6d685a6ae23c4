"""One contender: `python -m bench.web.server homing|bare FOLDER PORT`, on uvicorn as `homing web` is."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.web.recipient import TOKENS, bench_store
from sender.web.app import create_app, loaded
from sender.web.settings import Settings

PIXEL = b"x" * 43


async def _bare(_request: Request) -> Response:
    return Response(PIXEL, media_type="image/gif")


def main(app: str, folder: Path, port: int) -> None:
    if app == "bare":
        serving = Starlette(routes=[Route("/bare", _bare)])
    else:
        settings = Settings(folder / "spool", folder / "intake")
        serving = create_app(bench_store(folder), TOKENS, settings, lambda: datetime.now(UTC))
        loaded()
    uvicorn.run(serving, host="127.0.0.1", port=port, proxy_headers=False, access_log=False, log_config=None)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
