"""What a transport reports of one attempt. It decides nothing; `again` says whether a try may help."""

from dataclasses import dataclass
from enum import StrEnum

from checks.model import Again


class Result(StrEnum):
    """What became of the message, as far as we know."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    """It may have been accepted: the answer to the final dot (or to the call) never came."""


class Phase(StrEnum):
    """How far the attempt had come. Up to `AUTH` it says something of the server, not of the message."""

    LOOKUP = "lookup"
    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"
    QUIT = "quit"
    CALL = "call"
    """One HTTP call of a provider's API, which is all of the above."""

    @property
    def before_mail(self) -> bool:
        return self in _BEFORE_MAIL


_BEFORE_MAIL = frozenset(
    {Phase.LOOKUP, Phase.CONNECT, Phase.GREETING, Phase.EHLO, Phase.STARTTLS, Phase.AUTH},
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` and `enhanced` as the other side gave them (None and "" if it gave none), `text` in its words
    or in ours; `host` is who said it, "" where there was nobody.
    """

    result: Result
    phase: Phase
    again: Again
    code: int | None = None
    enhanced: str = ""
    text: str = ""
    host: str = ""
    tls: str = ""
    """The TLS version the message travelled under, "" in clear."""
    category: str = ""
    """What the transport's own table makes of it; "" leaves that to the classifier of replies."""
    wait: float = 0.0
    """Seconds for which the other side wants to hear nothing from us, 0 if it did not say."""


def deferred(phase: Phase, text: str, *, host: str = "") -> Outcome:
    """No answer, or none that could be read, before anything was handed over."""
    return Outcome(Result.DEFERRED, phase, Again.LATER, text=text, host=host)


def refused(phase: Phase, text: str, *, enhanced: str = "", host: str = "") -> Outcome:
    """We know by ourselves that no try can help."""
    return Outcome(Result.REFUSED, phase, Again.NEVER, enhanced=enhanced, text=text, host=host)


def unknown(phase: Phase, text: str, *, host: str = "") -> Outcome:
    """Everything was handed over and no answer came."""
    return Outcome(Result.UNKNOWN, phase, Again.LATER, text=text, host=host)
