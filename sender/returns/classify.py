"""The one classifier: a reply, a diagnostic or a notice becomes a category, whoever reported it.

Texts are read before codes, and a provider's own texts before everybody's: a code-only reading leaves three
replies of four unclassified and charges contacts for the sender's faults.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sender.returns.categories import CONSEQUENCES, Action, Category, Effect, Fault
from sender.returns.codes import BASIC, by_enhanced
from sender.returns.wordings import GENERAL, PROVIDERS, Wording

LONGEST = 4_000

ADDRESS = re.compile(r"<?[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9_-]{1,63}\.){0,8}[a-z0-9-]{1,63}>?")
IP = re.compile(r"\[?\b(?:\d{1,3}\.){3}\d{1,3}\b\]?|\[?\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]{1,25}\]?")
CONTINUED = re.compile(r"(?<=\s)([245]\d\d)[- ](?:[245]\.\d{1,3}\.\d{1,3} )?")
BASIC_CODE = re.compile(r"(?:^|[\s:;'\"(\[<>#-])([245][0-5]\d)(?=[\s:;,'\"#-]|$)")
ENHANCED_CODE = re.compile(r"(?:^|[\s:;'\"(\[#-])([245]\.\d{1,2}\.\d{1,3})(?=[\s:;,.)'\"\]#>-]|$)")
NAMELESS = re.compile(r"(?:^5\d\d|->):? ?: ?user unknown")
"""A reply to DATA, which has no recipient to name: a filter of the mailbox, not an unknown mailbox."""
SAYS_LATER = re.compile(r"try (?:again )?later|temporar|retry|will be retried|deferred")


class Phase(StrEnum):
    """The command that was answered, as far as it is known."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`permanent` is None where neither code nor text says so."""

    category: Category
    permanent: bool | None
    code: int | None
    enhanced: str

    @property
    def fault(self) -> Fault:
        return CONSEQUENCES[self.category].fault

    @property
    def effect(self) -> Effect:
        """A domain that only failed to answer for now is not gone."""
        effect = CONSEQUENCES[self.category].effect
        if self.category is Category.BAD_DOMAIN and self.permanent is False:
            return Effect.SOFT
        return effect

    @property
    def action(self) -> Action:
        action = CONSEQUENCES[self.category].action
        return Action.SCORE if action is Action.SUPPRESS and self.effect is not Effect.HARD else action


def classify(text: str, *, status: str = "", phase: Phase = Phase.UNKNOWN) -> Verdict:
    """Judge a reply's text. `status` is the enhanced code of a report's field, if the text has none."""
    plain = normal(text)
    code, enhanced = codes_in(text)
    enhanced = enhanced or status
    theirs = _row(PROVIDERS, plain)
    category = theirs or _row(GENERAL, plain) or _by_code(enhanced, code)
    if category is Category.UNKNOWN_USER and not theirs and _was_filtered(plain, enhanced, phase):
        category = Category.FILTERED
    if category is Category.INACTIVE and not theirs and enhanced.endswith(".1.1"):
        category = Category.UNKNOWN_USER
    if phase is Phase.CONNECT and category in (Category.POLICY, Category.PROTOCOL, Category.UNCLASSIFIED):
        category = Category.BLOCKED_IP  # before we said what it is about, it can only be about us
    return Verdict(category, _permanent(code, enhanced, plain), code, enhanced)


def normal(text: str) -> str:
    """Lower case, one blank between words, addresses and IPs replaced, continuation lines joined."""
    flat = " ".join(text[:LONGEST].lower().split())
    flat = ADDRESS.sub("addr", flat).replace("_", " ")
    flat = IP.sub("ip", CONTINUED.sub("", flat))
    return flat.replace("delivery temporarily suspended: ", "")


def codes_in(text: str) -> tuple[int | None, str]:
    """The first reply code, and the enhanced code that says most (x.0.0 says nothing)."""
    flat = " ".join(text[:LONGEST].split())
    basic = BASIC_CODE.search(flat)
    found = ENHANCED_CODE.findall(flat)
    telling = [status for status in found if not status.endswith(".0.0")]
    return (int(basic[1]) if basic else None), (telling or found or [""])[0]


def _row(table: Sequence[Wording], plain: str) -> Category | None:
    return next((row.category for row in table if row.pattern.search(plain)), None)


def _by_code(enhanced: str, code: int | None) -> Category:
    return by_enhanced(enhanced) or BASIC.get(code or 0) or Category.UNCLASSIFIED


def _was_filtered(plain: str, enhanced: str, phase: Phase) -> bool:
    """Refused with the whole message after it was accepted by itself, or under a code that says otherwise:
    there is a mailbox, which does not want it. Wrongly kept costs a bounce, wrongly suppressed a reader.
    """
    if NAMELESS.search(plain):
        return True
    if phase is Phase.DATA:
        return not enhanced[2:].startswith("1.")
    return phase is not Phase.RCPT and enhanced[2:] in ("2.0", "3.0")


def _permanent(code: int | None, enhanced: str, plain: str) -> bool | None:
    if code is not None:
        return code >= 500
    if enhanced:
        return enhanced.startswith("5")
    return False if SAYS_LATER.search(plain) else None
