"""The few pages that the public sees. No script, nothing from elsewhere, the same for every visitor."""

from html import escape

from starlette.responses import HTMLResponse

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}

STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;max-width:32em;margin:12vh auto;padding:0 1em;color:#1c1c1c;"
    "background:#fff}button{font:inherit;padding:.6em 1.4em;border:0;border-radius:6px;cursor:pointer;"
    "background:#1f4b99;color:#fff}.quiet{background:none;color:#1f4b99;padding:0;text-decoration:underline}"
    "@media(prefers-color-scheme:dark){body{background:#16181c;color:#e8e8e8}.quiet{color:#9bb8f0}}"
)


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """`body` is markup; whatever came from outside must be escaped in it."""
    markup = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )
    return HTMLResponse(markup, status, HEADERS)


def not_valid() -> HTMLResponse:
    """For every link that we did not make; it never says which part was wrong."""
    return page("This link does not work", "<p>It may have been cut off on its way. Please use the link in "
                "the message again, or answer the message.</p>", 404)  # fmt: skip


def ask_to_leave(list_title: str) -> HTMLResponse:
    what = f"“{escape(list_title)}”" if list_title else "these messages"
    return page("Unsubscribe", f"<p>Do you no longer want to receive {what}?</p>"
                f'<form method="post">{_button("leave", "Unsubscribe")}</form>')  # fmt: skip


def left(*, can_undo: bool) -> HTMLResponse:
    undo = ""
    if can_undo:
        undo = (
            '<form method="post"><p>Was it a mistake? '
            '<button class="quiet" name="again" value="1">Subscribe me again</button></p></form>'
        )
    return page("You are unsubscribed", f"<p>You will receive no more of these messages.</p>{undo}")


def back() -> HTMLResponse:
    return page("You are subscribed again", "<p>Nothing was changed after all.</p>")


def ask_to_confirm(list_title: str) -> HTMLResponse:
    what = f" “{escape(list_title)}”" if list_title else ""
    return page("Confirm your subscription", f"<p>Do you want to receive{what or ' our messages'}?</p>"
                f'<form method="post">{_button("confirm", "Yes, subscribe me")}</form>'
                "<p>If you did not ask for this, close this page; you will receive nothing.</p>")  # fmt: skip


def confirmed() -> HTMLResponse:
    return page("You are subscribed", "<p>Thank you. Every message has a link to unsubscribe.</p>")


def try_again() -> HTMLResponse:
    return page("Please try again", "<p>This could not be recorded just now.</p>", 503)


def _button(name: str, text: str) -> str:
    return f'<button name="{name}" value="1">{escape(text)}</button>'
