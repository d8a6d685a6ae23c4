"""Examples of reverse DNS and HELO."""

from typing import Any

from tests.checks.examples.scene import Example, Scene

IP, IP6 = "192.0.2.25", "2001:db8::25"
REVERSE = "25.2.0.192.in-addr.arpa"
REVERSE6 = "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
GOOD = {
    REVERSE: {"PTR": ["mail.example.com"]},
    REVERSE6: {"PTR": ["mail.example.com"]},
    "mail.example.com": {"A": [IP], "AAAA": [IP6]},
}
WELL = Scene(GOOD, ips=(IP,), helos=("mail.example.com",))


def named(*names: str, **hosts: Any) -> Scene:
    """The address with these names, of which `mail.example.com` leads back."""
    return Scene({**GOOD, REVERSE: {"PTR": list(names)}, **hosts}, ips=(IP,))


def helo(name: str, **more: Any) -> Scene:
    return Scene({**GOOD, **more}, ips=(IP,), helos=(name,))


EXAMPLES = {
    "RDNS-001": Example(Scene({}, ips=(IP,)), WELL),
    "RDNS-002": Example(named("other.example.com"), WELL),
    "RDNS-003": Example(named("mail.example.com", "old.example.com"), WELL),
    "RDNS-004": Example(named("dyn-192-0-2-25.isp.example"), WELL),
    "RDNS-005": Example(named("mta1.esp.example"), WELL),
    "RDNS-006": Example(helo("mailserver"), WELL),
    "RDNS-007": Example(helo("[192.0.2.25]"), WELL),
    "RDNS-008": Example(helo("gone.example.com"), WELL),
    "RDNS-009": Example(helo("out.example.com", **{"out.example.com": {"A": [IP]}}), WELL),
    "RDNS-010": Example(Scene({}, ips=(IP6,)), Scene(GOOD, ips=(IP6,))),
    "RDNS-011": Example(named("mail_1.example.com"), WELL),
    "RDNS-012": Example(Scene({REVERSE: {"*": "SERVFAIL"}}, ips=(IP,)), WELL),
    "RDNS-013": Example(helo("gmail.com"), WELL),
}
