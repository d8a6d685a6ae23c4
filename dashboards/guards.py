"""Headers that keep a page from being framed, sniffed or fed from elsewhere, and paths that are not served.

Streamlit sends none of these headers and shows its own metrics to anybody.
"""

import base64
import hashlib
import re
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOT_SERVED = frozenset({"/_stcore/metrics"})


def inline_scripts(page: str) -> list[str]:
    """CSP sources ('sha256-…') that allow exactly the inline scripts of an HTML page (CSP3 section 8.3)."""
    bodies = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (hashlib.sha256(body.encode()).digest() for body in bodies)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def content_security_policy(page: str) -> str:
    """Nothing from elsewhere, no script but Streamlit's own files and the inline ones of its start page."""
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self' 'wasm-unsafe-eval'", *inline_scripts(page))),
            "style-src 'self' 'unsafe-inline'",  # Streamlit and Plotly style their elements inline
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def headers() -> dict[str, str]:
    start_page = Path(st.__file__).parent / "static" / "index.html"
    return {
        "Content-Security-Policy": content_security_policy(start_page.read_text("utf-8")),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }


class Guards:
    """ASGI middleware over everything that Streamlit answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] in NOT_SERVED:
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, send_guarded)
