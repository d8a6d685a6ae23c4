"""Finding a domain's keys: all questions in the air at once, services' selectors once these are known."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.dkim.key import Key, looks_like_key, parse_key
from checks.dkim.selectors import CANARY, Candidate, Origin, guessed, known, mapped
from checks.model import Target
from checks.ports import Answer, Dns, Mx, Txt

INCLUDE = re.compile(r"(?:^|\s)[+]?(?:include:|redirect=)(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Published:
    """What stands at one selector's name."""

    candidate: Candidate
    answer: Answer
    keys: tuple[Key, ...]
    """One for each TXT record that means to be a key; all records where the selector is known to be one."""

    @property
    def key(self) -> Key | None:
        return self.keys[0] if self.keys else None


def key_name(selector: str, domain: str) -> str:
    """Where a key is published (RFC 6376 section 3.6.2.1)."""
    return f"{selector}._domainkey.{domain}"


def look(dns: Dns, target: Target) -> tuple[Published, ...]:
    """Every selector worth looking at, in the order of how sure we are of it.

    Services are mapped and names guessed only where no selector is known.
    """
    sure = known(target.selectors, target.learned)
    wanted = {candidate.selector: candidate for candidate in (sure or guessed())}
    answers = _ask(dns, target.domain, wanted, curious=not sure)
    wildcard = _texts(answers.get(CANARY))
    return tuple(_published(candidate, answers[selector], wildcard) for selector, candidate in wanted.items())


def _ask(dns: Dns, domain: str, wanted: dict[str, Candidate], *, curious: bool) -> Mapping[str, Answer]:
    """Answers by selector; `wanted` grows by the selectors of the services that are found out on the way."""
    names = {key_name(selector, domain): selector for selector in wanted}
    answers: dict[str, Answer] = {}
    with dns.flight() as flight:
        if curious:
            names[key_name(CANARY, domain)] = CANARY
            flight.ask(domain, "TXT")
            flight.ask(domain, "MX")
        for name in names:
            flight.ask(name, "TXT")
        for answer in flight:
            if answer.question.name in names and answer.question.rdtype == "TXT":
                answers[names[answer.question.name]] = answer
                continue
            for candidate in mapped(_services(answer)):
                if wanted.get(candidate.selector, candidate).origin is Origin.GUESSED:
                    wanted[candidate.selector] = candidate  # asked already, now with a reason
                elif candidate.selector not in wanted:
                    wanted[candidate.selector] = candidate
                    names[key_name(candidate.selector, domain)] = candidate.selector
                    flight.ask(key_name(candidate.selector, domain), "TXT")
    return answers


def _services(answer: Answer) -> Iterator[str]:
    """The names of others in a domain's SPF record and MX hosts."""
    for record in answer.records:
        if isinstance(record, Mx):
            yield record.host
        elif isinstance(record, Txt) and str(record).lower().startswith("v=spf1"):
            yield from (match.lower().rstrip(".") for match in INCLUDE.findall(str(record)))


def _texts(answer: Answer | None) -> tuple[str, ...]:
    return answer.texts if answer else ()


def _published(candidate: Candidate, answer: Answer, wildcard: Sequence[str]) -> Published:
    texts = answer.texts
    if not candidate.origin.claimed:
        texts = tuple(text for text in texts if looks_like_key(text) and text not in wildcard)
    return Published(candidate, answer, tuple(parse_key(text) for text in texts))
