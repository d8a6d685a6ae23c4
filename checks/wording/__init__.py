"""Codes into sentences. One file per family; this is the table of all of them.

The same sentence serves the terminal, JSON, alerts, the dashboard and the page of each code in docs/.
"""

from collections.abc import Mapping

from checks.change import Change, change_of
from checks.model import Finding, State
from checks.wording import (
    bimi,
    blocklists,
    bug,
    dkim,
    dmarc,
    hygiene,
    rdns,
    resolver,
    signatures,
    spf,
    tls,
    transport,
)
from checks.wording.table import Wording, fill, whole

__all__ = ["WORDING", "Wording", "fix", "sentence", "title"]

FAMILIES = (
    spf.WORDING,
    dmarc.WORDING,
    dkim.WORDING,
    signatures.WORDING,
    rdns.WORDING,
    blocklists.WORDING,
    hygiene.WORDING,
    transport.WORDING,
    tls.WORDING,
    bimi.WORDING,
    resolver.WORDING,
    bug.WORDING,
)

WORDING: Mapping[str, Wording] = {code: words for family in FAMILIES for code, words in family.items()}


def title(code: str) -> str:
    """The few words that name a rule ("Reverse DNS name")."""
    return WORDING[code].title


def sentence(finding: Finding, table: Mapping[str, Wording] = WORDING) -> str:
    """What was found, as one plain sentence; safe whatever strangers wrote into the arguments."""
    return fill(_template(table[finding.code], finding.state), _values(finding))


def fix(finding: Finding, table: Mapping[str, Wording] = WORDING) -> str:
    """What to do about it, with the record to publish if it is known.

    "" when there is nothing to do, or nothing but asking again.
    """
    words = table[finding.code]
    match finding.state:
        case State.PASS | State.NOT_APPLICABLE:
            return ""
        case State.UNKNOWN:
            return fill(words.unknown_fix, _values(finding))
        case _:
            advice = fill(words.fix, _values(finding))
            change = change_of(finding)
            return f"{advice} {_published(change)}" if change else advice


def _published(change: Change) -> str:
    """The record in full: a fix that is cut off is none."""
    if not change.after:
        return f"Delete at {change.name}: {change.type} {whole(change.before)}"
    return f"Publish at {change.name}: {change.type} {whole(change.after)}"


def _template(words: Wording, state: State) -> str:
    match state:
        case State.PASS:
            return words.passed or f"{words.title}: in order for {{subject}}."
        case State.UNKNOWN:
            return words.unknown or f"{words.title}: could not find out for {{subject}} ({{why}})."
        case State.NOT_APPLICABLE:
            return words.not_applicable or f"{words.title}: does not apply to {{subject}}."
        case _:
            return words.sentence


def _values(finding: Finding) -> Mapping[str, object]:
    return {"subject": finding.subject, **finding.args}
