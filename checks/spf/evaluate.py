"""check_host() of RFC 7208 section 4: does this address pass for this sender? Over the `Dns` port only."""

from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address, ip_network

from checks.names import is_subdomain, reverse_name
from checks.ports import Address, Answer, Dns, Got, Host, Mx
from checks.spf.budget import MAX_MX, MAX_PTR, SENTENCES, Budget, Stopped, Trouble
from checks.spf.identity import Identity, fitting
from checks.spf.macro import MacroString
from checks.spf.macro import parse as parse_macros
from checks.spf.record import parse, select, text_of
from checks.spf.terms import Kind, Mechanism, Record, Result


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no verdict: which record and which term, and what was wrong."""

    trouble: Trouble
    domain: str
    term: str = ""
    detail: str = ""

    def __str__(self) -> str:
        return SENTENCES[self.trouble].format(domain=self.domain, term=self.term, detail=self.detail)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What check_host() concluded and how it got there."""

    result: Result
    domain: str
    """The domain whose record was evaluated: of MAIL FROM, or HELO when MAIL FROM is empty."""
    matched: tuple[str, ...] = ()
    """The terms that led to the match, outermost first: ("include:esp.example", "ip4:192.0.2.0/24")."""
    explanation: str | None = None
    """The sender's own words for a fail (RFC 7208 section 6.2), where they could be had."""
    lookups: int = 0
    voids: int = 0
    reason: Reason | None = None
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: Result
    matched: tuple[str, ...] = ()
    decided_by: tuple[str, Record] | None = None
    """The domain and record that gave the result: its `exp` explains a fail."""


def evaluate(
    dns: Dns, *, ip: str, mail_from: str, helo: str, now: datetime, receiver: str = "unknown"
) -> Verdict:
    """Evaluate SPF for one client address and one envelope. Raises ValueError when `ip` is no address.

    An empty `mail_from` (a bounce) is judged by the HELO name (RFC 7208 section 2.4).
    """
    who = Identity.of(ip, mail_from, helo, receiver, now)
    budget = Budget(dns)
    run = _Evaluation(who, budget)
    try:
        outcome, reason = run.check_host(who.domain), None
    except Stopped as stop:
        outcome = _Outcome(stop.result)
        reason = Reason(stop.trouble, stop.domain, stop.term, stop.detail)
    lookups, voids = budget.lookups, budget.voids
    explanation = run.explain(outcome)
    return Verdict(
        outcome.result,
        who.domain,
        outcome.matched,
        explanation,
        lookups,
        voids,
        reason,
        tuple(budget.answers),
    )


class _Evaluation:
    """One evaluation: the identity, the budget, and the PTR names, which are asked for at most once."""

    def __init__(self, who: Identity, budget: Budget) -> None:
        self.who = who
        self.budget = budget
        self._validated: tuple[str, ...] | None = None

    def check_host(self, domain: str, *, within: bool = False) -> _Outcome:
        """RFC 7208 section 4; `within` an include or redirect. Raises `Stopped` for the errors."""
        text = self._record(domain, within)
        if text is None:
            return _Outcome(Result.NONE)
        record = parse(text)
        if record.faults:
            fault = record.faults[0]
            raise Stopped(Trouble.SYNTAX, domain, fault.text, str(fault))
        for mechanism in record.mechanisms:
            path = self._match(mechanism, domain)
            if path is not None:
                return _Outcome(mechanism.result, path, (domain, record))
        if record.redirect:
            return self._redirect(record, domain)
        return _Outcome(Result.NEUTRAL)

    def _record(self, domain: str, within: bool) -> str | None:
        """The one SPF record of a domain; a name that does not exist has none (section 4.3)."""
        answer = self.budget.ask(domain, "TXT")
        if answer is None:
            return None
        if answer.got is Got.FAILED:
            raise Stopped(Trouble.NO_ANSWER, domain, detail=f"{domain} TXT: {answer.note}")
        self.budget.voids += within and answer.absent  # it ends in permerror whatever the count
        texts = select(answer.records)
        if len(texts) > 1:
            raise Stopped(Trouble.SEVERAL_RECORDS, domain, detail=str(len(texts)))
        return texts[0] if texts else None

    def _redirect(self, record: Record, domain: str) -> _Outcome:
        modifier = record.modifier("redirect")
        assert modifier is not None
        self.budget.spend_term(domain, modifier.text)
        outcome = self.check_host(self._target(modifier.value, domain), within=True)
        if outcome.result is Result.NONE:
            raise Stopped(Trouble.NO_REDIRECT_RECORD, domain, modifier.text)
        return replace(outcome, matched=(modifier.text, *outcome.matched) if outcome.matched else ())

    def _match(self, term: Mechanism, domain: str) -> tuple[str, ...] | None:
        """The path of terms when it matches, else None."""
        if term.kind.asks:
            self.budget.spend_term(domain, term.text)
        if term.kind is Kind.INCLUDE:
            return self._include(term, domain)
        return (term.text,) if self._matches(term, domain) else None

    def _matches(self, term: Mechanism, domain: str) -> bool:
        if term.kind is Kind.ALL:
            return True
        if term.network is not None:
            return self.who.ip in term.network
        target = self._target(term.domain, domain)
        match term.kind:
            case Kind.A:
                return self._addresses_match(target, term, domain)
            case Kind.MX:
                return self._mx(target, term, domain)
            case Kind.EXISTS:
                answer = self.budget.fetch(target, "A", domain, term.text)
                return answer is not None and answer.got is Got.RECORDS
            case _:
                return any(is_subdomain(name, target) for name in self._validated_names(domain, term.text))

    def _include(self, term: Mechanism, domain: str) -> tuple[str, ...] | None:
        inner = self.check_host(self._target(term.domain, domain), within=True)
        if inner.result is Result.NONE:
            raise Stopped(Trouble.NO_INCLUDED_RECORD, domain, term.text)
        return (term.text, *inner.matched) if inner.result is Result.PASS else None

    def _mx(self, target: str, term: Mechanism, domain: str) -> bool:
        answer = self.budget.fetch(target, "MX", domain, term.text)
        hosts = [record.host for record in answer.records if isinstance(record, Mx)] if answer else []
        if len(hosts) > MAX_MX:
            raise Stopped(Trouble.TOO_MANY_MX, domain, term.text, str(len(hosts)))
        return any(self._addresses_match(host, term, domain) for host in hosts)

    def _addresses_match(self, name: str, term: Mechanism, domain: str) -> bool:
        """Whether the client is within the term's prefix of an address of `name`, in its own family."""
        answer = self.budget.fetch(name, self.who.rdtype, domain, term.text)
        prefix = term.prefix4 if self.who.ip.version == 4 else term.prefix6
        records = answer.records if answer else ()
        return any(
            self.who.ip in ip_network(f"{record.ip}/{prefix}", strict=False)
            for record in records
            if isinstance(record, Address)
        )

    def _validated_names(self, domain: str, term: str) -> tuple[str, ...]:
        """PTR names whose own addresses include the client (section 5.5); a failed look-up is no name."""
        if self._validated is None:
            pointers = self.budget.ask(reverse_name(str(self.who.ip)), "PTR")
            if pointers is not None and pointers.absent:
                self.budget.spend_void(domain, term)
            records = pointers.records if pointers else ()
            names = [record.name for record in records if isinstance(record, Host)][:MAX_PTR]
            self._validated = tuple(name for name in names if self._points_back(name))
        return self._validated

    def _points_back(self, name: str) -> bool:
        answer = self.budget.ask(name, self.who.rdtype)
        records = answer.records if answer else ()
        return any(isinstance(record, Address) and ip_address(record.ip) == self.who.ip for record in records)

    def _target(self, spec: MacroString | None, domain: str) -> str:
        return fitting(spec.expand(lambda letter: self._value(letter, domain))) if spec else domain

    def _value(self, letter: str, domain: str) -> str:
        if letter == "p":
            return self._client_name(domain)
        return domain if letter == "d" else self.who.value(letter)

    def _client_name(self, domain: str) -> str:
        """%{p}: the validated name, best one within the domain itself, or "unknown" (section 7.3)."""
        names = self._validated_names(domain, "%{p}")
        best = [name for name in names if name == domain] or [n for n in names if is_subdomain(n, domain)]
        return (best or list(names) or ["unknown"])[0]

    def explain(self, outcome: _Outcome) -> str | None:
        """The text that `exp` points to; any trouble on the way means none (section 6.2)."""
        if outcome.result is not Result.FAIL or outcome.decided_by is None:
            return None
        domain, record = outcome.decided_by
        modifier = record.modifier("exp")
        if modifier is None:
            return None
        self.budget = Budget(self.budget.dns, answers=self.budget.answers)
        try:
            return self._explanation(self._target(modifier.value, domain), domain)
        except Stopped:
            return None

    def _explanation(self, name: str, domain: str) -> str | None:
        answer = self.budget.ask(name, "TXT")
        if answer is None or len(answer.records) != 1:
            return None
        text = text_of(answer.records[0])  # type: ignore[arg-type]
        macros, faults = parse_macros(text, explanation=True)
        if faults or not text.isascii() or not text.isprintable():
            return None
        return macros.expand(lambda letter: self._value(letter, domain))
