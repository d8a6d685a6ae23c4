"""Examples of MX, MTA-STS and TLS-RPT."""

from checks.model import Profile
from checks.ports import Fetched
from tests.checks.examples.scene import Example, Scene
from tests.fakes.web import text_page

MX = {"example.com": {"MX": [[10, "mx.example.com"]]}, "mx.example.com": {"A": ["9.9.9.10"]}}
TWO_MX = {
    "example.com": {"MX": [[10, "mx.example.com"], [20, "mx2.example.com"]]},
    "mx.example.com": {"A": ["9.9.9.10"]},
    "mx2.example.com": {"A": ["9.9.9.11"]},
}
NULL = Scene({"example.com": {"MX": [[0, ""]]}}, profile=Profile.PARKED)

URL = "https://mta-sts.example.com/.well-known/mta-sts.txt"
POLICY = "version: STSv1\nmode: enforce\nmax_age: 1209600\nmx: mx.example.com\n"
STS = {**MX, "_mta-sts.example.com": {"TXT": [["v=STSv1; id=20261123"]]}}


def sts(policy: str, **page: object) -> Scene:
    """The domain with a policy file."""
    pages = text_page(URL, policy)
    if page:
        pages = {URL: Fetched(URL, **page)}  # type: ignore[arg-type]
    return Scene(STS, pages=pages)


WHOLE = sts(POLICY)


def tls_rpt(text: str) -> Scene:
    return Scene({"_smtp._tls.example.com": {"TXT": [[text]]}})


EXAMPLES = {
    "MX-001": Example(Scene({"example.com": {"TXT": [["no mail here"]]}}), Scene(MX)),
    "MX-002": Example(Scene({"example.com": {"MX": [[0, ""]]}}), NULL),
    "MX-003": Example(
        Scene({**MX, "example.com": {"MX": [[0, ""], [10, "mx.example.com"]]}}),
        Scene(MX),
    ),
    "MX-004": Example(Scene({"example.com": {"MX": [[10, "mx.example.com"]]}}), Scene(MX)),
    "MX-005": Example(Scene(MX), Scene(TWO_MX)),
    "STS-001": Example(Scene({**MX, "_mta-sts.example.com": {"TXT": [["v=STSv1"]]}}), WHOLE),
    "STS-002": Example(sts("", status=404), WHOLE),
    "STS-003": Example(sts(POLICY.replace("enforce", "enforced")), WHOLE),
    "STS-004": Example(sts(POLICY.replace("mx.example.com", "mail.example.com")), WHOLE),
    "STS-007": Example(sts(POLICY.replace("1209600", "3600")), WHOLE),
    "STS-008": Example(sts(POLICY + "mx: old.example.com\n"), WHOLE),
    "TLSRPT-001": Example(
        tls_rpt("v=TLSRPTv1; rua=tls@example.com"), tls_rpt("v=TLSRPTv1; rua=mailto:tls@example.com")
    ),
}
