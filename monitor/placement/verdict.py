"""From what was sent and what was found to where a message landed. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.parser import BytesHeaderParser

from checks.authres import AuthenticationResults, parse
from checks.model import Again
from data.placement import Landed, Sent, Verdict
from data.states import State
from monitor.placement.folders import verdict_of
from monitor.placement.mailbox import Fault, Letter
from monitor.placement.reasons import in_words, reasons

METHODS = ("spf", "dkim", "dmarc")
SENT = frozenset({State.SENT, State.UNKNOWN})
"""An unknown fate may have arrived: the mailbox knows better than we do."""
NEVER_LEFT = frozenset({State.FAILED, State.SKIPPED})
WAITING = Landed(Verdict.WAITING)


def unsent(sent: Sent | None, now: datetime, deadline: datetime) -> Landed | None:
    """What follows from sending alone; None when the mailbox must be asked."""
    if sent is not None and sent.state in SENT:
        return None
    if sent is None or sent.state in NEVER_LEFT or now >= deadline:
        return Landed(Verdict.NOT_SENT, note=sent.response if sent and sent.response else "it was not sent")
    return WAITING


def landed(
    sent: Sent,
    found: Sequence[Letter] | Fault,
    believed: Sequence[str],
    now: datetime,
    deadline: datetime,
) -> Landed:
    """Where a message that was sent is. `believed`: the names under which this receiver says its results."""
    if isinstance(found, Fault):
        final = found.again is Again.NEVER or now >= deadline
        return Landed(Verdict.ACCOUNT_ERROR, note=found.why) if final else WAITING
    if not found:
        return Landed(Verdict.MISSING) if now >= deadline else WAITING
    letter = max(found, key=lambda copy: copy.arrived)
    copies = f"{len(found)} copies" if len(found) > 1 else ""
    said = in_words(reasons(letter.head))
    return Landed(
        letter.verdict or verdict_of(letter.folder),
        letter.folder,
        _delay(sent, letter),
        authentication(letter.head, believed),
        "; ".join(part for part in (copies, said) if part),
    )


def _delay(sent: Sent, letter: Letter) -> float | None:
    """Seconds from our server's 250 to arrival; a clock that goes ahead of ours makes no negative one."""
    if sent.settled_at is None:
        return None
    return max(0.0, (letter.arrived - sent.settled_at).total_seconds())


def authentication(head: bytes, believed: Sequence[str]) -> Mapping[str, str]:
    """SPF, DKIM and DMARC as the receiver saw them: its own topmost field, and nobody else's (RFC 8601)."""
    fields = BytesHeaderParser().parsebytes(head).get_all("Authentication-Results", [])
    own = next((one for one in map(_read, fields) if _is_own(one.server, believed)), None)
    if own is None:
        return {}
    results = {method: own.result(method) for method in METHODS}
    return {method: result for method, result in results.items() if result}


def _read(field: object) -> AuthenticationResults:
    return parse(str(field))


def _is_own(server: str, believed: Sequence[str]) -> bool:
    return any(server == name or server.endswith(f".{name}") for name in believed if name)
