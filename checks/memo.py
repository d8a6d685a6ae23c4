"""A `Dns` that asks each question once: the memory of a single look, whatever the port below remembers."""

from collections.abc import Iterable, Sequence

from checks.ports import Answer, Dns, Flight, Question


class Memo:
    """Put everything that is known from the start into one `ask_all`; what follows finds it here.

    A `fresh` question goes down to the port every time. Flights are the port's own.
    """

    def __init__(self, dns: Dns) -> None:
        self._dns = dns
        self._known: dict[Question, Answer] = {}

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        return self.ask_all([Question(name, rdtype)], fresh=fresh)[0]

    def ask_all(self, questions: Iterable[Question], *, fresh: bool = False) -> Sequence[Answer]:
        wanted = list(questions)
        if fresh:
            return self._dns.ask_all(wanted, fresh=True)
        new = [question for question in dict.fromkeys(wanted) if question not in self._known]
        self._known.update(zip(new, self._dns.ask_all(new), strict=True))
        return [self._known[question] for question in wanted]

    def flight(self) -> Flight:
        return self._dns.flight()
