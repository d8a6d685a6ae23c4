"""The headers and refusals that Streamlit leaves to its host."""

import base64
import hashlib

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboards.guards import Guards, content_security_policy


async def _anything(_request: object) -> HTMLResponse:
    return HTMLResponse("<p>a page</p>")


def _client() -> TestClient:
    return TestClient(Starlette(routes=[Route("/{path:path}", _anything)], middleware=[Middleware(Guards)]))


def test_every_answer_forbids_frames_foreign_scripts_and_sniffing() -> None:
    """A page of another site must not be able to lay Homing under its buttons."""
    answer = _client().get("/")

    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_streamlit_own_metrics_are_not_served() -> None:
    """They are unauthenticated, and Homing's own are elsewhere (`/metrics` of the scheduler)."""
    assert _client().get("/_stcore/metrics").status_code == 404
    assert _client().get("/_stcore/health").status_code == 200


def test_only_the_inline_scripts_of_the_start_page_may_run() -> None:
    """By their hashes: "unsafe-inline" would let an injected script run too."""
    policy = content_security_policy('<script>start()</script><script src="x.js"></script>')
    digest = base64.b64encode(hashlib.sha256(b"start()").digest()).decode()

    assert f"'sha256-{digest}'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval' 'sha256-" in policy
