"""Examples of STARTTLS, certificates and DANE."""

from checks.ports import Probed, Relayed
from tests.checks.examples.scene import Example, Scene

HOST = "mx.example.com"
ZONE = {"example.com": {"MX": [[10, HOST]]}, HOST: {"A": ["9.9.9.10"]}}
PLAIN = Probed(HOST, "9.9.9.10", banner=f"{HOST} ESMTP", extensions=("PIPELINING",))
OLD = Probed(HOST, "9.9.9.10", banner=f"{HOST} ESMTP", extensions=("STARTTLS",), tls_version="TLSv1.1")
NEW = Probed(HOST, "9.9.9.10", banner=f"{HOST} ESMTP", extensions=("STARTTLS",), tls_version="TLSv1.3")
STRANGER = "homing-relay-test@relay-test.invalid"
OPEN = Relayed(HOST, "9.9.9.10", STRANGER, 250, "2.1.5 Ok")
SHUT = Relayed(HOST, "9.9.9.10", STRANGER, 554, "5.7.1 Relay access denied")
PIN, NEXT = "3 1 1 " + "ab" * 32, "3 1 1 " + "cd" * 32


def server(look: Probed) -> Scene:
    return Scene(ZONE, servers={"9.9.9.10": look})


def relay(answer: Relayed) -> Scene:
    return Scene(ZONE, relays={"9.9.9.10": answer})


def dane(*records: str, at: object = None, **scene: object) -> Scene:
    zone = {**ZONE, f"_25._tcp.{HOST}": {"TLSA": at or list(records)}}
    return Scene(zone, authenticated=True, **scene)  # type: ignore[arg-type]


NO_PIN = Scene(ZONE)

EXAMPLES = {
    "SMTP-002": Example(Scene(ZONE), server(NEW)),
    "SMTP-003": Example(server(PLAIN), server(NEW)),
    "SMTP-004": Example(server(OLD), server(NEW)),
    "SMTP-005": Example(server(NEW), server(PLAIN)),
    "SMTP-006": Example(relay(OPEN), relay(SHUT)),
    "DANE-002": Example(dane("1 1 1 " + "ab" * 32), dane(PIN, NEXT)),
    "DANE-003": Example(dane(PIN, NEXT, servers={"9.9.9.10": NEW}), NO_PIN),
    "DANE-004": Example(dane(at="SERVFAIL"), NO_PIN),
    "DANE-005": Example(dane(PIN), dane(PIN, NEXT)),
}
