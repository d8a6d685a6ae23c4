"""Asks SMTP servers whether they would take mail for strangers. Ends at RCPT: a message is never sent."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

from checks.net.addresses import is_public
from checks.net.fibres import aside
from checks.net.smtp_dialogue import Dialogue, ProbeEnded, dialogue
from checks.net.smtp_probe import AT_ONCE
from checks.ports import ProbeFault, Relayed

STRANGER = "homing-relay-test@relay-test.invalid"
"""Nobody's address, ever (RFC 6761 section 6.4): were it relayed in spite of all, it would reach nobody."""


class WireRelay:
    """The `RelayProbe` port over real sockets; `budget`, `name`, `allowed` and `ports` as of `WireProbe`."""

    on = True

    def __init__(
        self,
        *,
        budget: float = 5.0,
        name: str = "homing.invalid",
        allowed: Callable[[str], bool] = is_public,
        ports: Mapping[int, int] | None = None,
    ) -> None:
        self._allowed = allowed
        self._budget = budget
        self._name = name
        self._port = (ports or {}).get(25, 25)

    def relay_all(self, servers: Sequence[tuple[str, str]]) -> Sequence[Relayed]:
        return aside(self._relay_all, servers)

    def _relay_all(self, servers: Sequence[tuple[str, str]]) -> Sequence[Relayed]:
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            return list(pool.map(lambda server: self._relay(*server), servers))

    def _relay(self, host: str, address: str) -> Relayed:
        asked = Relayed(host, address, STRANGER)
        if not self._allowed(address):
            note = f"{address} is not a public address"
            return replace(asked, fault=ProbeFault.FORBIDDEN_ADDRESS, note=note)
        try:
            with dialogue(address, self._port, self._budget) as talk:
                code, reply = _ask(talk, self._name)
        except ProbeEnded as ended:
            return replace(asked, fault=ended.fault, note=ended.note)
        return replace(asked, code=code, reply=reply)


def _ask(talk: Dialogue, name: str) -> tuple[int, str]:
    """What it answers to RCPT. Raises ProbeEnded when it does not come that far."""
    _expect(220, "the connection", talk.reply())
    _expect(250, "EHLO", talk.say(f"EHLO {name}"))
    _expect(250, "MAIL", talk.say("MAIL FROM:<>"))
    code, lines = talk.say(f"RCPT TO:<{STRANGER}>")
    with suppress(ProbeEnded, OSError):  # it has answered; how it takes leave changes nothing
        talk.say("RSET")
        talk.say("QUIT")
    return code, " ".join(lines)


def _expect(code: int, what: str, answered: tuple[int, list[str]]) -> None:
    if answered[0] != code:
        raise ProbeEnded(ProbeFault.NOT_NOW, f"it answered {what} with {answered[0]} {answered[1][0][:120]}")
