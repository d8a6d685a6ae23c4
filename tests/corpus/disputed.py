"""Cases whose labels we hold to be wrong, each with the reason; they are told, and not counted."""

from collections.abc import Mapping

PERL_WARNINGS = (
    "its source tests that Perl gives no warning while it parses this mail, and says that it is a bounce "
    "(t/warnings.t); the label comes from the word in the file's name"
)
DISPUTED: Mapping[str, str] = {
    "autoreply/bp-warning-1": f"Action: failed, Status: 5.1.1; {PERL_WARNINGS}",
    "autoreply/bp-warning-2": f"Action: failed, Status: 5.1.1; {PERL_WARNINGS}",
    "autoreply/bp-warning-5": f"auto-replied in words alone, which RFC 3834 makes an answer; {PERL_WARNINGS}",
    "autoreply/bp-warning-7": f"552 5.2.2 Over quota, permanent fatal error; {PERL_WARNINGS}",
    "complaint-arf/arf-01": "the label runs into the next header's name: redacted@example.netDat(e)",
}
