"""One address judged on every level but the last: syntax, domain, hygiene, our own history. Nothing is sent.

The levels are those of list hygiene: what the letters say, what DNS says, what experience with such names
says, and what happened here before. Asking the receiver itself is `sender.delivery.rcpt_probe`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from data.store import Store
from data.suppression import Suppressed, suppressed
from sender.audience.addresses import Address, AddressError, parse_address
from sender.audience.hygiene.judge import Odd, judge
from sender.audience.hygiene.reach import WORDS, Reach, Reaching

ORDINARY = Odd()


class Verdict(StrEnum):
    """`REJECT`: no mail can or may arrive. `UNKNOWN`: DNS did not say."""

    OK = "ok"
    RISKY = "risky"
    REJECT = "reject"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verified:
    """`reasons` are sentences, the gravest first. `suggestion`: the address that was probably meant."""

    text: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    address: Address | None = None
    reach: Reach = Reach.NOT_ASKED
    odd: Odd = ORDINARY
    suppressed: Suppressed | None = None

    @property
    def suggestion(self) -> str:
        return f"{self.address.local}@{self.odd.meant}" if self.address and self.odd.meant else ""


def verify(
    store: Store, texts: Sequence[str], reaching: Reaching, fingerprint: Callable[[str], str]
) -> Sequence[Verified]:
    """In the order given, at most some hundreds at a time."""
    read = [(text, _parsed(text)) for text in texts]
    known = [address for _, address in read if isinstance(address, Address)]
    reach = reaching.of(address.domain for address in known)
    hashes = {address.identity: fingerprint(address.identity) for address in known}
    with store.read() as connection:
        barred = suppressed(connection, list(hashes), hashes)
    return [
        _judged(text, address, reach[address.domain], barred.get(address.identity))
        if isinstance(address, Address)
        else Verified(text, Verdict.REJECT, (address,))
        for text, address in read
    ]


def _parsed(text: str) -> Address | str:
    try:
        return parse_address(text.strip())
    except AddressError as error:
        return str(error)


def _judged(text: str, address: Address, reach: Reach, entry: Suppressed | None) -> Verified:
    odd = judge(address)
    against = [f"suppressed since {entry.at:%Y-%m-%d}: {entry.reason}"] if entry else []
    against += [WORDS[reach]] if reach.never else []
    doubts = [f"looks mistyped: did they mean {odd.meant}?"] if odd.meant else []
    doubts += ["a throw-away address"] if odd.disposable else []
    doubts += ["an office, not a person"] if odd.role else []
    doubts += ["takes only mail with SMTPUTF8 (RFC 6531)"] if address.needs_smtputf8 else []
    if against:
        verdict = Verdict.REJECT
    elif reach is Reach.UNKNOWN:
        verdict, against = Verdict.UNKNOWN, ["DNS did not say whether the domain takes mail"]
    else:
        verdict = Verdict.RISKY if doubts else Verdict.OK
    return Verified(text, verdict, (*against, *doubts), address, reach, odd, entry)
