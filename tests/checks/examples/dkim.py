"""Examples of DKIM keys."""

from itertools import pairwise
from typing import Any

from tests.checks.examples.scene import Example, Scene
from tests.fakes.dkim_keys import ED25519, RSA512, RSA1024, RSA2048

NAME = "s1._domainkey.example.com"
GOOD = f"v=DKIM1; k=rsa; p={RSA2048}"


def at(*records: str, **more: Any) -> Scene:
    """The domain with these records at its one selector."""
    return Scene({NAME: {"TXT": [[record] for record in records]}, **more}, selectors=("s1",))


def aliased(steps: int) -> Scene:
    names = [NAME, *(f"k{n}.esp.example" for n in range(1, steps + 1))]
    chain = {name: {"CNAME": [target]} for name, target in pairwise(names)}
    return Scene({**chain, names[-1]: {"TXT": [[GOOD]]}}, selectors=("s1",))


EXAMPLES = {
    "DKIM-001": Example(Scene({"example.com": {}}, selectors=("s1",)), at(GOOD)),
    "DKIM-002": Example(
        Scene({"example.com": {}}), Scene({"mail._domainkey.example.com": {"TXT": [[GOOD]]}})
    ),
    "DKIM-003": Example(at(GOOD, "v=DKIM1; p="), at(GOOD)),
    "DKIM-004": Example(at("v=DKIM1; p="), at(GOOD)),
    "DKIM-005": Example(at(f"v=DKIM1; p={RSA512}"), at(GOOD)),
    "DKIM-006": Example(at(f"v=DKIM1; k=ed25519; p={ED25519}"), at(GOOD)),
    "DKIM-007": Example(at(f"v=DKIM1; t=y; p={RSA2048}"), at(GOOD)),
    "DKIM-008": Example(at(f"v=DKIM1; t=s; p={RSA2048}"), at(GOOD)),
    "DKIM-009": Example(at(f"v=DKIM1; h=sha1; p={RSA2048}"), at(f"v=DKIM1; h=sha1:sha256; p={RSA2048}")),
    "DKIM-010": Example(at(f"v=DKIM1; s=tlsrpt; p={RSA2048}"), at(f"v=DKIM1; s=email; p={RSA2048}")),
    "DKIM-011": Example(at(f"k=rsa; v=DKIM1; p={RSA2048}"), at(f"k=rsa; p={RSA2048}")),
    "DKIM-012": Example(at(f"v=DKIM1\\; p={RSA1024}"), at(f"v=DKIM1; p={RSA1024}")),
    "DKIM-013": Example(
        Scene({NAME: {"CNAME": ["s1.gone-esp.example"]}, "example.com": {}}, selectors=("s1",)), aliased(1)
    ),
    "DKIM-014": Example(
        Scene(
            {NAME: {"TXT": [[GOOD]]}, "s2._domainkey.example.com": {"TXT": [[GOOD]]}}, selectors=("s1", "s2")
        ),
        at(GOOD),
    ),
    "DKIM-015": Example(
        Scene({NAME: {"TXT": [[GOOD]]}}, selectors=("s1",), learned=("s2",)),
        Scene({NAME: {"TXT": [[GOOD]]}}, selectors=("s1",), learned=("s1",)),
    ),
}
