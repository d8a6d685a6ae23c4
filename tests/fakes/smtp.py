"""An `SmtpProbe` and a `RelayProbe` that show literal servers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from checks.ports import Probed, ProbeFault, Relayed


class ShownServers:
    """`servers` maps an address to what is seen there; anything else times out."""

    def __init__(self, servers: Mapping[str, Probed]) -> None:
        self.servers = servers
        self.looked: list[tuple[str, str]] = []

    def probe_all(self, servers: Sequence[tuple[str, str]]) -> Sequence[Probed]:
        self.looked += servers
        return [self._one(host, address) for host, address in servers]

    def _one(self, host: str, address: str) -> Probed:
        seen = self.servers.get(address)
        if seen is None:
            return Probed(host, address, fault=ProbeFault.TIMEOUT, note="no answer")
        return replace(seen, host=host, address=address)


class AnsweredRelay:
    """`answers` maps an address to what it says to a stranger; anything else times out."""

    on = True

    def __init__(self, answers: Mapping[str, Relayed]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str]] = []

    def relay_all(self, servers: Sequence[tuple[str, str]]) -> Sequence[Relayed]:
        self.asked += servers
        return [self._one(host, address) for host, address in servers]

    def _one(self, host: str, address: str) -> Relayed:
        answer = self.answers.get(address)
        if answer is None:
            return Relayed(host, address, "nobody@x.invalid", fault=ProbeFault.TIMEOUT, note="no answer")
        return replace(answer, host=host, address=address)
