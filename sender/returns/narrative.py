"""What a bounce says in words: which addresses failed, and what was said of each.

Seventy kinds of mail servers write seventy kinds of notices. They have three things in common, and only
those are relied on: the original message is quoted at the end; a failed address stands at the beginning of
its line or after a word for "recipient"; and what was said of it stands near it.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

LONGEST_REASON = 1_500
LONGEST_WORDS = 20_000
MOST_PLACES = 1_000
MOST_FAILED = 200

ADDRESS = re.compile(
    r"(?<![\w.@=/-])(?:\"[^\"\s@<>]{1,64}\"|[^\s@<>()\[\]:;,\"'`|\\*]{1,120})"
    r"@(?:[\w-]{1,63}\.){1,8}[\w-]{1,63}(?![\w@-])"
)
BARE = re.compile(r"^[ \t]{1,12}([A-Za-z0-9][\w.+-]{1,62})[ \t]*$", re.MULTILINE)
LEADING = re.compile(r"^[\s>*<\"'|=#.-]{0,40}(?:[45]\d\d[ -](?:[45]\.\d\.\d )?<?)?$")
CUE = re.compile(
    r"(?:recipients?|address(?:es)?|deliver(?:ed|y|ing)?|failed|reach(?:ed)?|to|for|rcpt to|mailbox|user|"
    r"error)\b[^\n@]{0,60}$",
    re.IGNORECASE,
)
NOT_A_RECIPIENT = re.compile(
    r"(?:contact|assistance|questions?|help|support|mail ?from|from|sender|envelope-from|return.path|"
    r"postmaster|administrator|owner|abuse|reply-to|by|received|message-id|report(?:ed)? to|ask|write to|"
    r"\bid)\b[^\n@]{0,40}$",
    re.IGNORECASE,
)
DAEMON = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-?daemon|mdaemon|abuse|no-?reply|majordomo|listserv)@", re.IGNORECASE
)
REPLY = re.compile(r"(?:^|[\s:\[\"'(<>#])([45]\d\d[ :-]|[45]\.\d{1,3}\.\d{1,3}\b|#?\([#]?[45]\.\d\.\d\))")


@dataclass(frozen=True, slots=True)
class Told:
    """One failed address and the words about it."""

    recipient: str
    reason: str


def told(report: str, own: Collection[str], known: Sequence[str] = ()) -> list[Told]:
    """The failed addresses in the words of the report. `own` never failed; `known` are named elsewhere."""
    places = [place for place in _places(report, own) if not known or place[1].lower() in known][:MOST_PLACES]
    found: dict[str, Told] = {}
    for (start, address), end in zip(places, _ends(places, len(report)), strict=True):
        key = address.lower()
        reason = reason_in(_one_line(report[start:end][:LONGEST_WORDS]), address)
        if key not in found or (REPLY.search(reason) and not REPLY.search(found[key].reason)):
            found[key] = Told(address, reason)
    return list(found.values())[:MOST_FAILED]


def _ends(places: Sequence[tuple[int, str]], last: int) -> list[int]:
    """Up to where the words are about each address: where another one stands."""
    ends: list[int] = []
    for index in range(len(places) - 1, -1, -1):
        following = places[index + 1] if ends else None
        if following is None:
            ends.append(last)
        else:
            same = following[1].lower() == places[index][1].lower()
            ends.append(ends[-1] if same else following[0])
    return ends[::-1]


def bare_names(report: str) -> list[str]:
    """Recipients given by their local part alone, each on an indented line of its own."""
    return BARE.findall(report)[:MOST_FAILED]


def _one_line(words: str) -> str:
    """In a transcript each reply is a line of its own; the next line is about something else."""
    if not re.match(r"[45]\d\d[ -]", words):
        return words
    return words[: match.start()] if (match := re.search(r"\n(?![ \t]|[45]\d\d-)", words)) else words


def _places(report: str, own: Collection[str]) -> list[tuple[int, str]]:
    """(position, address) of what fails: at the start of a line first, else after a cue, else anywhere."""
    leading, cued, loose = [], [], []
    for match in ADDRESS.finditer(report):
        address = match[0].strip(".'<>")
        before = report[report.rfind("\n", 0, match.start()) + 1 : match.start()]
        if address.lower() in own or DAEMON.match(address):
            continue
        if LEADING.match(before):
            leading.append((match.start() - len(before.lstrip(" \t>*|=#.-")), address))
        elif NOT_A_RECIPIENT.search(before) and not CUE.search(before):
            continue
        elif CUE.search(before):
            cued.append((match.start(), address))
        else:
            loose.append((match.start(), address))
    return leading or cued or loose


def reason_in(words: str, address: str) -> str:
    """From the first reply in these words on; all of them, without the address, if there is none."""
    reply = REPLY.search(words)
    kept = words[reply.start(1) :] if reply else words.replace(address, "", 1)
    return " ".join(kept.split()).lstrip("<>:'\"*. ")[:LONGEST_REASON]
