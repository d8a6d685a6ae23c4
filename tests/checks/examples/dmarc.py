"""Examples of DMARC."""

from typing import Any

from tests.checks.examples.scene import Example, Scene

GOOD = "v=DMARC1; p=reject; np=reject; rua=mailto:dmarc@example.com"
APEX: dict[str, Any] = {"A": ["192.0.2.1"], "MX": [[10, "mx.example.com"]]}
ABROAD = "v=DMARC1; p=reject; np=reject; rua=mailto:r@esp.example"
ESP = {"esp.example": {"MX": [[10, "mx.esp.example"]]}}
CONSENT = {"example.com._report._dmarc.esp.example": {"TXT": [["v=DMARC1"]]}}


def at(*texts: str, domain: str = "example.com", **names: Any) -> Scene:
    """`_dmarc.example.com` with these records, and other names (dots as two underscores)."""
    others = {name.replace("__", "."): types for name, types in names.items()}
    return Scene(
        {"_dmarc.example.com": {"TXT": [[text] for text in texts]}, "example.com": APEX, **others},
        domain=domain,
    )


def txt(text: str) -> dict[str, Any]:
    return {"TXT": [[text]]}


WELL = at(GOOD)

EXAMPLES = {
    "DMARC-001": Example(Scene({}), WELL),
    "DMARC-002": Example(at(GOOD, "v=DMARC1; p=none"), WELL),
    "DMARC-003": Example(at("v=dmarc1; p=reject"), WELL),
    "DMARC-004": Example(at("v=DMARC1; p=block; rua=mailto:a@example.com"), WELL),
    "DMARC-005": Example(at(GOOD + "; adkim=strict"), WELL),
    "DMARC-006": Example(at(GOOD + "; pct=50"), WELL),
    "DMARC-007": Example(at(GOOD + "; t=y"), WELL),
    "DMARC-008": Example(at(GOOD + "; psd=y"), WELL),
    "DMARC-009": Example(at("v=DMARC1; p=none; rua=mailto:dmarc@example.com"), WELL),
    "DMARC-010": Example(at(GOOD, _dmarc__mail__example__com=txt("v=DMARC1; p=reject")), WELL),
    "DMARC-011": Example(
        at(GOOD, domain="mail.example.com", _dmarc__mail__example__com=txt(GOOD + "; sp=none")),
        at(GOOD, domain="mail.example.com", _dmarc__mail__example__com=txt(GOOD)),
    ),
    "DMARC-012": Example(at(GOOD + "; sp=none"), WELL),
    "DMARC-013": Example(at("v=DMARC1; p=reject; np=reject"), WELL),
    "DMARC-014": Example(Scene({**at(ABROAD).zone, **ESP}), Scene({**at(ABROAD).zone, **ESP, **CONSENT})),
    "DMARC-015": Example(at("v=DMARC1; p=reject; rua=dmarc@example.com"), WELL),
    "DMARC-016": Example(at(GOOD + "; fo=1"), WELL),
    "DMARC-017": Example(at("v=DMARC1; p=none; rua=mailto:dmarc@example.com"), WELL),
    "DMARC-018": Example(at(GOOD, "v=spf1 -all"), WELL),
    "DMARC-019": Example(Scene({**WELL.zone, "example.com": {**APEX, **txt(GOOD)}}), WELL),
    "DMARC-020": Example(
        Scene({**WELL.zone, "_dmarc.example.com": {**txt(GOOD), "CNAME": ["dmarc.esp.example"]}}),
        Scene({**WELL.zone, "_dmarc.example.com": {"CNAME": ["d.esp.example"]}, "d.esp.example": txt(GOOD)}),
    ),
    "DMARC-021": Example(at("v=DMARC1; np=reject; p=reject; rua=mailto:dmarc@example.com"), WELL),
    "DMARC-022": Example(
        at(GOOD, domain="b.a.example.com", _dmarc__a__example__com=txt("v=DMARC1; p=none; psd=n")),
        at(GOOD, domain="b.a.example.com"),
    ),
    "DMARC-023": Example(at(GOOD, domain="www.example.com", _dmarc__com={"*": "SERVFAIL"}), WELL),
    "DMARC-024": Example(at(GOOD + "; aspf=s"), WELL),
    "DMARC-025": Example(at(GOOD, _dmarc__mail__example__com=txt("v=DMARC1; p=none")), WELL),
}
