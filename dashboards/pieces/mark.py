"""How each conclusion looks: a word, an icon, a glyph and a hue, so that no meaning hangs on colour alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import streamlit as st

from checks.model import Severity, State
from dashboards.pieces.plain import plain

Hue = Literal["red", "orange", "yellow", "green", "blue", "violet", "gray"]


@dataclass(frozen=True, slots=True)
class Mark:
    """`icon` is for Streamlit, `glyph` for cells of tables and charts. `hatched` areas say "not known"."""

    word: str
    icon: str
    glyph: str
    hue: Hue
    hatched: bool = False


STATES: Mapping[State, Mark] = {
    State.PASS: Mark("in order", ":material/check_circle:", "✓", "green"),
    State.WARN: Mark("warning", ":material/warning:", "▲", "orange"),
    State.FAIL: Mark("broken", ":material/cancel:", "✕", "red"),
    State.UNKNOWN: Mark("could not tell", ":material/help:", "?", "gray", hatched=True),
    State.NOT_APPLICABLE: Mark("does not apply", ":material/remove:", "–", "gray"),
}

SEVERITIES: Mapping[Severity, Mark] = {
    Severity.CRITICAL: Mark("critical", ":material/error:", "‼", "red"),
    Severity.HIGH: Mark("high", ":material/cancel:", "✕", "red"),
    Severity.MEDIUM: Mark("medium", ":material/warning:", "▲", "orange"),
    Severity.LOW: Mark("low", ":material/info:", "▽", "yellow"),
    Severity.INFO: Mark("info", ":material/info:", "i", "gray"),
}


class Listing(StrEnum):
    """What a blocklist says of an address, or why it says nothing; what must be seen comes last."""

    CLEAR = "clear"
    UNKNOWN = "could not tell"
    UNHEALTHY = "list unhealthy"
    NOTED = "noted"
    LISTED = "listed"


LISTINGS: Mapping[Listing, Mark] = {
    Listing.CLEAR: Mark("clear", ":material/check_circle:", "✓", "green"),
    Listing.UNKNOWN: Mark("could not tell", ":material/help:", "?", "gray", hatched=True),
    Listing.UNHEALTHY: Mark("list unhealthy", ":material/heart_broken:", "!", "violet", hatched=True),
    Listing.NOTED: Mark("on an informational list", ":material/info:", "i", "yellow"),
    Listing.LISTED: Mark("listed", ":material/block:", "✕", "red"),
}

VERDICTS: Mapping[str, Mark] = {
    "inbox": Mark("Inbox", ":material/inbox:", "●", "green"),
    "tab": Mark("Tab", ":material/tab:", "◐", "blue"),
    "spam": Mark("Spam", ":material/report:", "✕", "red"),
    "missing": Mark("Missing", ":material/search_off:", "○", "orange"),
    "waiting": Mark("Waiting", ":material/hourglass_top:", "…", "gray", hatched=True),
    "account_error": Mark("Account error", ":material/key_off:", "!", "violet", hatched=True),
    "not_sent": Mark("Not sent", ":material/outbox:", "–", "gray", hatched=True),
}

SEEN_ONCE = Mark("seen once", ":material/hourglass_top:", "…", "yellow")
"""A condition that waits for a second look before anybody is told."""

CAMPAIGN_STATES: Mapping[str, Mark] = {
    "draft": Mark("draft", ":material/edit:", "✎", "gray"),
    "sending": Mark("sending", ":material/send:", "▶", "blue"),
    "paused": Mark("paused", ":material/pause_circle:", "‖", "orange"),
    "finished": Mark("finished", ":material/check_circle:", "✓", "green"),
    "cancelled": Mark("cancelled", ":material/cancel:", "✕", "gray"),
}


RECIPIENT_STATES: Mapping[str, Mark] = {
    "pending": Mark("waiting", ":material/hourglass_top:", "…", "gray"),
    "claimed": Mark("claimed", ":material/back_hand:", "…", "blue"),
    "sending": Mark("sending", ":material/send:", "▶", "blue"),
    "sent": Mark("accepted", ":material/check_circle:", "✓", "green"),
    "deferred": Mark("deferred", ":material/schedule:", "↻", "orange"),
    "failed": Mark("refused", ":material/cancel:", "✕", "red"),
    "unknown": Mark("no answer", ":material/help:", "?", "violet", hatched=True),
    "skipped": Mark("skipped", ":material/remove:", "–", "gray"),
}


def badge(mark: Mark, word: str = "") -> None:
    """The mark as a badge; `word` in place of its own."""
    st.badge(plain(word or mark.word), icon=mark.icon, color=mark.hue)
