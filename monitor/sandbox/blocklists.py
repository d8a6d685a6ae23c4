"""The blocklists of the made-up world, under their real names, so that the product's own table is exercised.

Each answers its test points as RFC 5782 section 5 asks, save those that stand for what is met in the
world: one that refuses strangers, one that fell silent and one that lists everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.names import is_address, reverse_labels
from monitor.sandbox.zone import Names, soa

BLOCKLIST_TTL_SECONDS = 5


class Health(StrEnum):
    """What state a list is in."""

    WELL = "well"
    REFUSING = "refusing"
    """Every question gets the code for "you are not registered"."""
    EMPTY = "empty"
    """It answers, but lists nothing, not even its test point."""
    WILDCARD = "wildcard"
    """It lists whatever it is asked about."""


@dataclass(frozen=True, slots=True)
class Blocklist:
    """A list. `points`: what its positive test point answers, and a listing unless it says otherwise."""

    zone: str
    points: tuple[str, ...] = ("127.0.0.2",)
    of_domains: bool = False
    v6: bool = False
    health: Health = Health.WELL
    refusal: str = "127.255.255.255"
    why: str = "Listed by the sandbox"


BLOCKLISTS: tuple[Blocklist, ...] = (
    Blocklist(
        "zen.spamhaus.org",
        ("127.0.0.2", "127.0.0.4", "127.0.0.10"),
        v6=True,
        why="https://check.spamhaus.org/listed/?searchterm={subject}",
    ),
    Blocklist("dbl.spamhaus.org", ("127.0.1.2",), of_domains=True),
    Blocklist("b.barracudacentral.org", why="http://www.barracudanetworks.com/reputation/?pr=1&ip={subject}"),
    Blocklist("bl.spamcop.net", why="Blocked - see https://www.spamcop.net/bl.shtml?{subject}"),
    Blocklist("multi.surbl.org", ("127.0.0.254",), of_domains=True),
    Blocklist("multi.uribl.com", ("127.0.0.14",), of_domains=True),
    Blocklist("psbl.surriel.com", why="Listed in PSBL, see http://psbl.org/listing?ip={subject}"),
    Blocklist("bl.mailspike.net", ("127.0.0.10",)),
    Blocklist("rep.mailspike.net", ("127.0.0.10",)),
    Blocklist("z.mailspike.net"),
    Blocklist("wl.mailspike.net", ("127.0.0.20",)),
    Blocklist("all.spamrats.com", ("127.0.0.38",)),
    Blocklist("bl.spameatingmonkey.net"),
    Blocklist("bl.ipv6.spameatingmonkey.net", v6=True),
    Blocklist("uribl.spameatingmonkey.net", of_domains=True),
    Blocklist("fresh15.spameatingmonkey.net", of_domains=True),
    Blocklist("bip.virusfree.cz", v6=True),
    Blocklist("bl.blocklist.de", v6=True),
    Blocklist("dnsbl.dronebl.org", ("127.0.0.3",), v6=True),
    Blocklist("truncate.gbudb.net", health=Health.EMPTY),
    Blocklist("bl.0spam.org"),
    Blocklist("rbl.0spam.org"),
    Blocklist("all.s5h.net", v6=True),
    Blocklist("hostkarma.junkemailfilter.com"),
    Blocklist("dnsbl-1.uceprotect.net"),
    Blocklist("dnsbl-2.uceprotect.net"),
    Blocklist("dnsbl-3.uceprotect.net"),
    Blocklist("ips.backscatterer.org"),
    Blocklist("dnsbl.spfbl.net", v6=True),
    Blocklist("bl.score.senderscore.com", health=Health.REFUSING),
    Blocklist("ebl.msbl.org", of_domains=True),
    Blocklist("list.dnswl.org", ("127.0.10.0",), v6=True),
    Blocklist("dwl.dnswl.org", ("127.0.10.0",), of_domains=True),
    Blocklist("iadb.isipp.com", ("127.0.0.1", "127.0.0.2")),
    Blocklist("bl.foundered.test", health=Health.WILDCARD),
)

BY_ZONE = {blocklist.zone: blocklist for blocklist in BLOCKLISTS}


def names() -> Names:
    """The lists' zones with their test points, and nobody listed yet."""
    return {name: records for blocklist in BLOCKLISTS for name, records in _zone(blocklist).items()}


def listing(blocklist: Blocklist, subject: str, answer: str = "") -> Names:
    """The records that list `subject` (an address, or a domain on a list of domains)."""
    answers = [answer] if answer else [blocklist.points[0]]
    return _entry(blocklist, query_name(blocklist.zone, subject), subject, answers)


def query_name(zone: str, subject: str) -> str:
    """Where a list keeps `subject`: reversed for an address (RFC 5782 section 2), as it is for a domain."""
    return f"{reverse_labels(subject) if is_address(subject) else subject.lower()}.{zone}"


def _zone(blocklist: Blocklist) -> Names:
    apex = soa(f"ns.{blocklist.zone}", f"hostmaster.{blocklist.zone}")
    return {blocklist.zone: {"SOA": [apex], "NS": [f"ns.{blocklist.zone}"]}, **_contents(blocklist)}


def _contents(blocklist: Blocklist) -> Names:
    match blocklist.health:
        case Health.EMPTY:
            return {}
        case Health.REFUSING:
            return _entry(blocklist, f"*.{blocklist.zone}", "you", [blocklist.refusal])
        case Health.WILDCARD:
            return _entry(blocklist, f"*.{blocklist.zone}", "everybody", blocklist.points)
        case Health.WELL:
            return _test_points(blocklist)


def _test_points(blocklist: Blocklist) -> Names:
    subjects = ["test"] if blocklist.of_domains else ["127.0.0.2"]
    if blocklist.v6:
        subjects.append("::ffff:127.0.0.2")
    entries = [
        _entry(blocklist, query_name(blocklist.zone, subject), subject, blocklist.points)
        for subject in subjects
    ]
    return {name: records for entry in entries for name, records in entry.items()}


def _entry(blocklist: Blocklist, name: str, subject: str, answers: Sequence[str]) -> Names:
    return {name: {"A": answers, "TXT": [[blocklist.why.format(subject=subject)]]}}
