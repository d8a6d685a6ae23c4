"""Examples of SPF."""

from typing import Any

from checks.model import Profile
from tests.checks.examples.scene import Example, Scene

IP = "192.0.2.25"
RECORD = f"v=spf1 ip4:{IP} include:esp.example ~all"
ESP = {"esp.example": {"TXT": [[f"v=spf1 ip4:198.51.100.0/24 ip4:{IP} -all"]]}}
WELL = Scene({"example.com": {"TXT": [[RECORD]]}, **ESP}, ips=(IP,))


def record(*strings: str, **names: Any) -> Scene:
    """The domain with one record of these strings, and other names (dots as two underscores)."""
    others = {name.replace("__", "."): types for name, types in names.items()}
    return Scene({"example.com": {"TXT": [list(strings)]}, **ESP, **others}, ips=(IP,))


def costly(count: int) -> Scene:
    """A record of so many terms that ask DNS."""
    hosts = {f"h{n}__example__com": {"A": [IP], "AAAA": ["2001:db8::25"]} for n in range(count)}
    terms = " ".join(f"a:h{n}.example.com" for n in range(count))
    return record(f"v=spf1 {terms} ~all", **hosts)


def exchangers(count: int) -> Scene:
    """A domain of so many MX hosts, which its record names."""
    hosts = {f"mx{n}.example.com": {"A": [IP], "AAAA": ["2001:db8::25"]} for n in range(count)}
    apex = {"TXT": [["v=spf1 mx ~all"]], "MX": [[10, name] for name in hosts]}
    return Scene({"example.com": apex, **hosts}, ips=(IP,))


LONG = "v=spf1 " + " ".join(f"ip4:198.51.100.{n}" for n in range(1, 28)) + f" ip4:{IP} ~all"
HELO = {"mail.example.com": {"A": [IP], "TXT": [["v=spf1 a -all"]]}}
TWO = {"TXT": [["v=spf1 mx ~all"], ["v=spf1 a ~all"]]}

EXAMPLES = {
    "SPF-001": Example(Scene({"example.com": {"TXT": [[" v=spf1 -all"]]}}), WELL),
    "SPF-002": Example(Scene({"example.com": TWO}), WELL),
    "SPF-003": Example(record(f"v=spf1 ip4:{IP} moo ~all"), WELL),
    "SPF-004": Example(costly(11), costly(8)),
    "SPF-005": Example(exchangers(11), exchangers(10)),
    "SPF-006": Example(record("v=spf1 a:x.example.com a:y.example.com a:z.example.com ~all"), WELL),
    "SPF-007": Example(record("v=spf1 include:none.example.com ~all"), WELL),
    "SPF-008": Example(record("v=spf1 include:dead.example ~all", dead__example={"*": "SERVFAIL"}), WELL),
    "SPF-009": Example(record("v=spf1 include:example.com ~all"), WELL),
    "SPF-010": Example(record(f"v=spf1 ip4:{IP} redirect=esp.example ~all"), WELL),
    "SPF-011": Example(record("v=spf1 redirect=none.example.com"), record("v=spf1 redirect=esp.example")),
    "SPF-012": Example(record("v=spf1 include: esp.example ~all"), WELL),
    "SPF-013": Example(record(f"v=spf1 ip4:{IP} ~all include:esp.example"), WELL),
    "SPF-014": Example(record("v=spf1 +all"), WELL),
    "SPF-015": Example(record(f"v=spf1 ip4:{IP} ?all"), WELL),
    "SPF-017": Example(record(f"v=spf1 ip4:{IP} ptr ~all"), WELL),
    "SPF-018": Example(
        record("v=spf1 exists:%{x}.example.com ~all"), record("v=spf1 exists:%{I}.example.com ~all")
    ),
    "SPF-019": Example(record(f"v=spf1 ip6:{IP} ~all"), WELL),
    "SPF-020": Example(record("v=spf1 ip4:192.0.0.0/12 ~all"), WELL),
    "SPF-021": Example(record(f"v=spf1 ip4:{IP} ip4:10.1.2.3 ~all"), WELL),
    "SPF-022": Example(
        record(f"v=spf1 ip4:{IP}", "include:esp.example ~all"), record("v=spf1 ip4:192.0.", "2.25 ~all")
    ),
    "SPF-023": Example(record(LONG), WELL),
    "SPF-024": Example(Scene({"example.com": {"TXT": [[RECORD]], "SPF": [RECORD]}, **ESP}), WELL),
    "SPF-025": Example(
        record("v=spf1 include:gone.example ~all"),
        record("v=spf1 include:gone.example.com ~all"),
    ),
    "SPF-026": Example(
        record(f"v=spf1 ip4:192.0.2.0/24 ip4:{IP} ~all"), record("v=spf1 ip4:192.0.2.0/24 ~all")
    ),
    "SPF-027": Example(record("v=spf1 ip4:203.0.113.1 ~all"), WELL),
    "SPF-028": Example(
        Scene({"example.com": {"TXT": [[RECORD]]}, **ESP}, ips=(IP,), helos=("mail.example.com",)),
        Scene({"example.com": {"TXT": [[RECORD]]}, **ESP, **HELO}, ips=(IP,), helos=("mail.example.com",)),
    ),
    "SPF-029": Example(
        Scene({"example.com": {"TXT": [["v=spf1 ~all"]]}}, profile=Profile.PARKED),
        Scene({"example.com": {"TXT": [["v=spf1 -all"]]}}, profile=Profile.PARKED),
    ),
}
