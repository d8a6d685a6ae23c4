"""An `Authority` whose servers each have a literal zone of their own."""

from collections.abc import Mapping, Sequence

from checks.ports import Answer, Question
from tests.fakes.zone import Zone, ZoneDns


class ZoneAuthority:
    """`zones`: server address -> zone. An address that is missing is silent. `asked` remembers who was."""

    def __init__(self, zones: Mapping[str, Zone]) -> None:
        self._servers = {ip: ZoneDns(zone) for ip, zone in zones.items()}
        self.asked: list[str] = []

    def ask_each(self, servers: Sequence[str], questions: Sequence[Question]) -> Sequence[Sequence[Answer]]:
        self.asked += servers
        return [self._server(ip, questions).ask_all(questions) for ip in servers]

    def _server(self, ip: str, questions: Sequence[Question]) -> ZoneDns:
        silent = ZoneDns({question.name: {"*": "TIMEOUT"} for question in questions})
        return self._servers.get(ip, silent)
