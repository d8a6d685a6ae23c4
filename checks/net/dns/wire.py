"""The `Dns` port straight on the wire: no cache, no limits."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from checks.net.dns.engine import Engine, Job
from checks.net.fibres import Mailbox, Signal
from checks.ports import Answer, Question


class Wire:
    """Puts questions to an engine.

    `seconds` is the budget of each question, `until` (on the clock's monotonic seconds) that of all together.
    """

    def __init__(self, engine: Engine, seconds: float, *, until: float | None = None) -> None:
        self._engine = engine
        self._seconds = seconds
        self._until = until

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        return self.ask_all([Question(name, rdtype)], fresh=fresh)[0]

    def ask_all(self, questions: Iterable[Question], *, fresh: bool = False) -> Sequence[Answer]:
        return gather(self._engine, [self._job(question, fresh) for question in questions])

    def flight(self) -> "WireFlight":
        return WireFlight(self)

    def put(self, question: Question, fresh: bool, answers: Mailbox[Answer]) -> None:
        """Ask, and have the answer put into the queue."""
        job = self._job(question, fresh)
        job.deliver = answers.put
        self._engine.submit([job])

    def _job(self, question: Question, fresh: bool) -> Job:
        return Job(question, self._seconds, fresh, self._until)


def gather(engine: Engine, jobs: Sequence[Job]) -> list[Answer]:
    """Put the jobs in and wait for all their answers, in their order."""
    gathering = _Gathering(len(jobs))
    for index, job in enumerate(jobs):
        job.deliver = partial(gathering.take, index)
    engine.submit(jobs)
    return gathering.wait()


class _Gathering:
    """The answers to a batch, until the last has come."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: dict[int, Answer] = {}
        self._complete = Signal()

    def take(self, index: int, answer: Answer) -> None:
        self._answers[index] = answer
        if len(self._answers) == self._size:
            self._complete.set()

    def wait(self) -> list[Answer]:
        if self._size:
            self._complete.wait()
        return [self._answers[index] for index in range(self._size)]


class WireFlight:
    """Questions in the air; see `checks.ports.Flight`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._answers: Mailbox[Answer] = Mailbox()
        self._in_the_air = 0

    def __enter__(self) -> "WireFlight":
        return self

    def __exit__(self, *exc: object) -> None:
        self._in_the_air = 0

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> None:
        self._in_the_air += 1
        self._wire.put(Question(name, rdtype), fresh, self._answers)

    def __iter__(self) -> Iterator[Answer]:
        while self._in_the_air:
            answer = self._answers.get()
            self._in_the_air -= 1
            yield answer
