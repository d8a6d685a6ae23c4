"""The `Authority` port: a zone's own name servers, asked one by one."""

from collections.abc import Callable, Sequence

from checks.net.addresses import is_public
from checks.net.dns.engine import Engine, Job
from checks.net.dns.servers import PORT, Address
from checks.net.dns.wire import gather
from checks.ports import Answer, Got, Question, Why

SECONDS = 3.0
"""Who has the zone need not ask anybody else: longer silence is silence."""


class NameServers:
    """Asks on `port`. `allowed` decides which addresses are asked, since a foreign zone names them."""

    def __init__(
        self,
        engine: Engine,
        *,
        port: int = PORT,
        allowed: Callable[[str], bool] = is_public,
        until: float | None = None,
    ) -> None:
        self._engine = engine
        self._port = port
        self._allowed = allowed
        self._until = until

    def ask_each(self, servers: Sequence[str], questions: Sequence[Question]) -> Sequence[Sequence[Answer]]:
        asked = [server for server in dict.fromkeys(servers) if self._allowed(server)]
        jobs = [self._job(server, question) for server in asked for question in questions]
        answers = iter(gather(self._engine, jobs))
        found = {server: [next(answers) for _ in questions] for server in asked}
        return [
            found.get(server) or [_forbidden(server, question) for question in questions]
            for server in servers
        ]

    def _job(self, server: str, question: Question) -> Job:
        return Job(question, SECONDS, fresh=True, until=self._until, server=Address(server, self._port))


def _forbidden(server: str, question: Question) -> Answer:
    note = f"{server} is not a public address, and is not asked"
    return Answer(question, Got.FAILED, why=Why.UNREACHABLE, note=note)
