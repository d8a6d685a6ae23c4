"""The machine-readable part of a bounce: message/delivery-status (RFC 3464), as the world writes it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sender.returns.mail import FIELD_LINE

MOST_GROUPS = 200
OF_A_RECIPIENT = frozenset(
    {
        "final-recipient",
        "original-recipient",
        "action",
        "status",
        "diagnostic-code",
        "remote-mta",
        "x-actual-recipient",
    }
)
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
INSIDE = re.compile(r"[^\s<>;,\"]{1,120}@[^\s<>;,\"()]{1,255}|\"[^\"]{1,100}\"@[^\s<>;,\"()]{1,255}")


class Deed(StrEnum):
    """What the reporter did (RFC 3464 section 2.3.3); "" if it does not say."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What is said of one recipient. Addresses without their type, "" where absent."""

    final: str
    original: str
    deed: Deed
    status: str
    diagnostic: str
    remote: str


def read_status(text: str) -> list[Group]:
    """The groups that speak of a recipient; fields that stand in one lump are told apart by repetition."""
    groups: list[dict[str, str]] = [{}]
    for line in _unfolded(text):
        match = FIELD_LINE.match(line)
        if match is None:
            if not line.strip() and groups[-1]:
                groups.append({})
            continue
        name, value = match[1].lower(), match[2].strip()
        if name == "final-recipient" and name in groups[-1]:
            groups.append({})
        groups[-1].setdefault(name, value)
        if len(groups) > MOST_GROUPS:
            break
    return [_group(fields) for fields in _joined(groups)]


def _unfolded(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        if line[:1] in (" ", "\t") and lines and lines[-1].strip() and line.strip():
            lines[-1] = f"{lines[-1]} {line.strip()}"[:5_000]
        else:
            lines.append(line)
    return lines


def _joined(groups: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Some put a blank line inside a recipient's group: what lacks a recipient belongs to the one before."""
    found: list[dict[str, str]] = []
    for fields in groups:
        of_recipient = {name: value for name, value in fields.items() if name in OF_A_RECIPIENT}
        if not of_recipient:
            continue
        named = "final-recipient" in fields or "original-recipient" in fields
        if found and not named:
            found[-1] = of_recipient | found[-1]
        elif found and not ({"final-recipient", "original-recipient"} & found[-1].keys()):
            found[-1] = found[-1] | of_recipient
        else:
            found.append(dict(of_recipient))
    return found


def _group(fields: Mapping[str, str]) -> Group:
    word = fields.get("action", "").split()[:1]
    status = STATUS.search(fields.get("status", ""))
    diagnostic = fields.get("diagnostic-code", "")
    kind, semicolon, said = diagnostic.partition(";")
    if semicolon and re.fullmatch(r"[A-Za-z0-9_-]{1,30}", kind.strip()):
        diagnostic = f"X-Unix; {said.strip()}" if kind.strip().lower() == "x-unix" else said.strip()
    note = re.search(r"\(([^)]{3,200})\)", fields.get("status", ""))
    if note:
        diagnostic = f"{diagnostic} ({note[1]})" if diagnostic else note[1]
    final = _address(fields.get("final-recipient", "") or fields.get("x-actual-recipient", ""))
    if "." not in final.partition("@")[2]:
        final = ""  # the name of a mailbox inside that system
    return Group(
        final=final,
        original=_address(fields.get("original-recipient", "")),
        deed=_deed(word[0].lower() if word else ""),
        status=status[1] if status else "",
        diagnostic=diagnostic,
        remote=fields.get("remote-mta", "").partition(";")[2].strip(),
    )


def _deed(word: str) -> Deed:
    if word in ("expired", "failure", "fail"):
        return Deed.FAILED
    try:
        return Deed(word.strip("().,;"))
    except ValueError:
        return Deed.NONE


def _address(value: str) -> str:
    """`rfc822; <a@b>` -> a@b; "" for what holds no address (a command of /etc/aliases)."""
    _, semicolon, rest = value.partition(";")
    found = INSIDE.search(rest if semicolon else value)
    return found[0].strip("<>.'`") if found else ""
