"""What `bounce classify` and `reply classify` share: the document of one result."""

from collections.abc import Mapping
from typing import Any

from sender.returns.classify import Verdict
from sender.returns.understand import Kind


def document(
    recipient: str | None, kind: Kind, verdict: Verdict | None, diagnostic: str
) -> Mapping[str, Any]:
    """One result (docs/commands.md); what nobody said is null."""
    return {
        "recipient": recipient or None,
        "kind": kind.value,
        "category": verdict.category.value if verdict else None,
        "status": verdict.enhanced or None if verdict else None,
        "action": verdict.action.value if verdict else None,
        "fault": verdict.fault.value if verdict else None,
        "diagnostic": diagnostic or None,
    }


def line(told: Mapping[str, Any]) -> str:
    """A result for people."""
    said = [f"{told['kind']}: {told['category'] or 'nothing about a message'}"]
    if told["recipient"]:
        said.insert(0, told["recipient"])
    if told["fault"]:
        said.append(f"fault {told['fault']}, next {told['action']}")
    if told["diagnostic"]:
        said.append(str(told["diagnostic"])[:200])
    return " · ".join(said)
