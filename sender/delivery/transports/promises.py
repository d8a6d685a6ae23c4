"""What receivers promise of TLS, as a sender honours it: MTA-STS (RFC 8461) and DANE (RFC 7672)."""

import ipaddress
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks.dane.tlsa import Tlsa, parse_tlsa
from checks.mta_sts.discover import StsStatus, discover
from checks.mta_sts.policy import Mode, Policy, mx_matches
from checks.mta_sts.record import is_sts, parse_record
from checks.ports import Answer, Clock, Dns, Question, Web
from sender.delivery.outcome import Outcome, Phase, deferred
from sender.delivery.transports.fading import Fading

log = logging.getLogger(__name__)
AGAIN = timedelta(minutes=5)
"""A policy that could not be fetched is not asked for again so soon (RFC 8461 section 3.3)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A policy and the id under which it was announced."""

    id: str
    policy: Policy


class Promises:
    """Policies are kept for their `max_age` and taken anew when their id changes. Safe in threads."""

    def __init__(self, dns: Dns, web: Web, clock: Clock) -> None:
        self._dns = dns
        self._web = web
        self._clock = clock
        self._kept: Fading[str, Kept] = Fading()
        self._failed: Fading[str, bool] = Fading()
        self.broken: Counter[str] = Counter()
        """Messages that went out although a policy in testing mode would have stopped them, by domain."""

    def policy(self, domain: str) -> Policy | None:
        """The policy that holds for a domain now; None where there is none.

        One that was kept holds until it ends, even where record or file are gone: that is its purpose.
        """
        now = self._clock.now()
        kept = self._kept.get(domain, now)
        announced = self._announced(domain)
        if announced and (kept is None or kept.id != announced) and not self._failed.get(domain, now):
            kept = self._fetched(domain, now) or kept
        return kept.policy if kept and kept.policy.mode is not Mode.NONE else None

    def _announced(self, domain: str) -> str:
        """The id of the one record there is, "" for none."""
        texts = [text for text in self._dns.ask(f"_mta-sts.{domain}", "TXT").texts if is_sts(text)]
        record = parse_record(texts[0]) if len(texts) == 1 else None
        return record.id if record and not record.faults else ""

    def _fetched(self, domain: str, now: datetime) -> Kept | None:
        found = discover(domain, self._dns, self._web)
        if found.status is not StsStatus.VALID or found.policy is None or found.record is None:
            self._failed.put(domain, True, now + AGAIN)
            return None
        kept = Kept(found.record.id, found.policy)
        self._kept.put(domain, kept, now + timedelta(seconds=found.policy.max_age or 0))
        return kept

    def broke(self, domain: str, host: str, why: str) -> None:
        """Count a message that a policy in testing mode would have stopped."""
        self.broken[domain] += 1
        log.warning("MTA-STS of %s (testing) does not hold at %s: %s", domain, host, why)

    def pins(self, domain: str, host: str, port: int) -> tuple[Tlsa, ...] | Outcome:
        """The usable TLSA records of a host; () where DNS says securely or insecurely that there are none.

        Only a validating resolver on this machine is believed (RFC 7672 section 2.1): between us and another
        one anybody could set the AD bit. Where MX and address are secure, a failed look-up defers the host
        (section 2.1.3): it may hide the records.
        """
        before = self._dns.ask_all([Question(domain, "MX"), Question(host, "A"), Question(host, "AAAA")])
        mx, addresses = before[0], [answer for answer in before[1:] if answer.records]
        if not addresses or not all(map(secure, (mx, *addresses))):
            return ()
        answer = self._dns.ask(f"_{port}._tcp.{host}", "TLSA")
        if not answer.ok:
            return deferred(
                Phase.STARTTLS, f"its TLSA records could not be looked up: {answer.note}", host=host
            )
        if not secure(answer):
            return ()
        found = [record for text in answer.texts if (record := parse_tlsa(text))]
        return tuple(record for record in found if not record.fault)


def secure(answer: Answer) -> bool:
    """Validated, and by a resolver that nobody stands before."""
    return answer.authenticated and _is_here(answer.resolver)


def _is_here(resolver: str) -> bool:
    """ "127.0.0.1", "127.0.0.1:53", "[::1]:53", "::1"."""
    host = resolver.strip("[]") if resolver.count(":") != 1 else resolver.partition(":")[0]
    host = host.partition("]")[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def allows(policy: Policy, host: str) -> bool:
    """Whether the policy names this MX host."""
    return mx_matches(host, policy.mx)
