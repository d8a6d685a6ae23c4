"""One verdict from several texts: the diagnostic first, then the words around it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sender.returns.categories import Category
from sender.returns.classify import Phase, Verdict, classify, normal

VAGUE = re.compile(
    r"(?:unknown user|user unknown|no such user|mailbox unavailable|recipient not found)(?! in)"
)
COMMONPLACE = re.compile(
    r"smtp;|x-unix;|\d+|\b(?:addr|ip|host|said|error|unknown|message|mail|delivery|rejected|refused|failed|"
    r"failure|permanent|undeliverable|service|unavailable|transaction|remote|protocol|other|or|"
    r"undefined)\b|[^a-z0-9]"
)
"""Words that every refusal has and none is explained by."""


def judge_texts(texts: Sequence[str], status: str, phase: Phase) -> Verdict:
    """By the first text that says enough; the codes are those of the diagnostic, which comes first."""
    first = classify(texts[0], status=status, phase=phase)
    for index, text in enumerate(texts):
        verdict = classify(text, status=status or first.enhanced, phase=phase) if index else first
        if _says_enough(text, verdict):
            return _as_far_as_known(_with_codes_of(first, verdict, bool(texts[0])), text, phase)
    return first


def _with_codes_of(first: Verdict, verdict: Verdict, has_diagnostic: bool) -> Verdict:
    return Verdict(
        verdict.category,
        first.permanent if has_diagnostic else verdict.permanent,
        first.code or verdict.code,
        first.enhanced or verdict.enhanced,
    )


def _says_enough(text: str, verdict: Verdict) -> bool:
    """More than codes and commonplaces, and understood."""
    return verdict.category is not Category.UNCLASSIFIED and bool(COMMONPLACE.sub("", normal(text)))


def _as_far_as_known(verdict: Verdict, text: str, phase: Phase) -> Verdict:
    """ "User unknown", with no code that says so and from who knows which command, is not evidence enough to
    drop a reader at once: it counts, and the next one will tell.
    """
    by_command = phase is Phase.RCPT and not verdict.enhanced[1:].startswith(".7.")
    sure = by_command or re.match(r"[245]\.(?:1\.|2\.1|5\.0)", verdict.enhanced)
    if verdict.category is Category.UNKNOWN_USER and not sure and VAGUE.search(normal(text)):
        return replace(verdict, category=Category.FILTERED)
    return verdict


def switched_off(verdict: Verdict, report: str) -> Verdict:
    """A mailbox that is only switched off is called unknown by some servers; their words say it."""
    unknown = (Category.UNKNOWN_USER, Category.FILTERED)
    if verdict.category in unknown and classify(report).category is Category.INACTIVE:
        return replace(verdict, category=Category.INACTIVE)
    return verdict
