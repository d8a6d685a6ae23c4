"""Look-ups under the limits of RFC 7208 section 4.6.4: ten terms, two voids, a bounded time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from checks.names import flaw
from checks.ports import Answer, Dns, Got
from checks.spf.terms import Result

MAX_TERMS = 10
MAX_VOIDS = 2
MAX_MX = 10
MAX_PTR = 10
PATIENCE = timedelta(seconds=20)
"""How long a whole evaluation may take before it is a temperror; the RFC asks for at least this much."""


class Trouble(StrEnum):
    """Why an evaluation ended in permerror or temperror."""

    SYNTAX = "syntax"
    SEVERAL_RECORDS = "several-records"
    NO_INCLUDED_RECORD = "include-none"
    NO_REDIRECT_RECORD = "redirect-none"
    TOO_MANY_TERMS = "too-many-terms"
    TOO_MANY_VOIDS = "too-many-voids"
    TOO_MANY_MX = "too-many-mx"
    NO_ANSWER = "no-answer"
    TOO_LATE = "too-late"


SENTENCES: Mapping[Trouble, str] = {
    Trouble.SYNTAX: "the record of {domain} has a syntax error: {detail}",
    Trouble.SEVERAL_RECORDS: "{domain} has {detail} SPF records where one is allowed",
    Trouble.NO_INCLUDED_RECORD: "“{term}” in the record of {domain} leads to no SPF record",
    Trouble.NO_REDIRECT_RECORD: "“{term}” in the record of {domain} leads to no SPF record",
    Trouble.TOO_MANY_TERMS: "“{term}” in the record of {domain} is the eleventh DNS look-up, ten are allowed",
    Trouble.TOO_MANY_VOIDS: "“{term}” in the record of {domain} is the third look-up that found nothing",
    Trouble.TOO_MANY_MX: "“{term}” in the record of {domain} has {detail} hosts, ten are allowed",
    Trouble.NO_ANSWER: "DNS gave no answer: {detail}",
    Trouble.TOO_LATE: "the look-ups took more than twenty seconds",
}


class Stopped(Exception):
    """The evaluation ends here with `result`. Never leaves `evaluate`."""

    def __init__(self, trouble: Trouble, domain: str, term: str = "", detail: str = "") -> None:
        super().__init__(trouble)
        self.trouble, self.domain, self.term, self.detail = trouble, domain, term, detail

    @property
    def result(self) -> Result:
        """Only what could not be asked is temporary (RFC 7208 sections 2.6.6 and 2.6.7)."""
        late = self.trouble in (Trouble.NO_ANSWER, Trouble.TOO_LATE)
        return Result.TEMPERROR if late else Result.PERMERROR


@dataclass
class Budget:
    """Asks for one evaluation, and counts. `answers` keeps what was learned, in order."""

    dns: Dns
    lookups: int = 0
    voids: int = 0
    answers: list[Answer] = field(default_factory=list)
    _first: datetime | None = None

    def spend_term(self, domain: str, term: str) -> None:
        """Count one term that asks DNS; the eleventh ends the evaluation."""
        if self.lookups == MAX_TERMS:
            raise Stopped(Trouble.TOO_MANY_TERMS, domain, term)
        self.lookups += 1

    def ask(self, name: str, rdtype: str) -> Answer | None:
        """The answer, or None when the name cannot exist (RFC 7208 section 4.3 by analogy: no match)."""
        if not name or flaw(name):
            return None
        answer = self.dns.ask(name, rdtype)
        self.answers.append(answer)
        self._watch_the_time(answer, name)
        return answer

    def fetch(self, name: str, rdtype: str, domain: str, term: str) -> Answer | None:
        """As `ask`, where a failure ends the evaluation and an empty answer is counted as void."""
        answer = self.ask(name, rdtype)
        if answer is None:
            return None
        if answer.got is Got.FAILED:
            raise Stopped(Trouble.NO_ANSWER, domain, term, f"{name} {rdtype}: {answer.note}")
        if answer.absent:
            self.spend_void(domain, term)
        return answer

    def spend_void(self, domain: str, term: str) -> None:
        """Count one void look-up. We count questions, as pyspf does, where the RFC speaks of terms."""
        self.voids += 1
        if self.voids > MAX_VOIDS:
            raise Stopped(Trouble.TOO_MANY_VOIDS, domain, term)

    def _watch_the_time(self, answer: Answer, domain: str) -> None:
        if answer.at is None or answer.from_cache:
            return
        self._first = self._first or answer.at
        if answer.at - self._first > PATIENCE:
            raise Stopped(Trouble.TOO_LATE, domain)
