"""Examples of BIMI."""

from checks.ports import Fetched
from tests.checks.examples.scene import Example, Scene

LOGO = "https://example.com/logo.svg"
RECORD = {"default._bimi.example.com": {"TXT": [[f"v=BIMI1; l={LOGO}; a=https://example.com/vmc.pem"]]}}
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64">'
    b"<title>Example Harbour</title></svg>"
)
VMC = "https://example.com/vmc.pem"
SERVED = Fetched(LOGO, status=200, content_type="image/svg+xml", body=SVG)


def logo(svg: bytes) -> Scene:
    return Scene(RECORD, pages={LOGO: Fetched(LOGO, status=200, content_type="image/svg+xml", body=svg)})


EXAMPLES = {
    "BIMI-001": Example(
        Scene({"default._bimi.example.com": {"TXT": [["v=BIMI1; l=http://example.com/logo.svg"]]}}), logo(SVG)
    ),
    "BIMI-002": Example(
        Scene({**RECORD, "_dmarc.example.com": {"TXT": [["v=DMARC1; p=none"]]}}),
        Scene({**RECORD, "_dmarc.example.com": {"TXT": [["v=DMARC1; p=reject"]]}}),
    ),
    "BIMI-004": Example(
        Scene(RECORD, pages={LOGO: SERVED, VMC: Fetched(VMC, status=404)}),
        Scene({"default._bimi.example.com": {"TXT": [[f"v=BIMI1; l={LOGO}"]]}}, pages={LOGO: SERVED}),
    ),
    "BIMI-003": Example(logo(SVG.replace(b"tiny-ps", b"full")), logo(SVG)),
}
