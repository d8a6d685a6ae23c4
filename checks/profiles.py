"""How severe a finding is for this kind of sender. Profiles are data: code -> level, over the default."""

from collections.abc import Mapping

from checks.catalog import CODES
from checks.check import Level, graded
from checks.model import Finding, Profile, Severity, State

SHARED_ADDRESSES: Mapping[str, Level] = {
    # The addresses are a mail service's: their names are its own, and its pool is never quite off every list.
    "RDNS-003": Severity.INFO,
    "RDNS-005": Severity.INFO,
    "RDNS-009": Severity.INFO,
    "BL-003": {State.FAIL: Severity.LOW, State.UNKNOWN: Severity.INFO},
    "BL-004": Severity.INFO,
}

PERSONAL_MAIL: Mapping[str, Level] = {
    # Few messages, written by people: receivers judge them less by bulk senders' rules.
    "RDNS-005": Severity.LOW,
}

OVERRIDES: Mapping[Profile, Mapping[str, Level]] = {
    Profile.BULK: {},
    Profile.TRANSACTIONAL: {},
    Profile.CORPORATE: PERSONAL_MAIL,
    Profile.PARKED: {
        "SPF-001": Severity.MEDIUM,
        # Nothing is sent, so what its web server's address is called or listed on stops no mail.
        "RDNS-001": Severity.INFO,
        "RDNS-002": Severity.INFO,
        "RDNS-004": Severity.INFO,
        "RDNS-005": Severity.INFO,
        "RDNS-010": Severity.INFO,
        "BL-005": Severity.INFO,
    },
    Profile.ESP_SUBDOMAIN: SHARED_ADDRESSES,
}


def severity(finding: Finding, profile: Profile) -> Severity:
    """What the finding weighs for this sender; a pass is always `INFO`."""
    level = OVERRIDES[profile].get(finding.code) or CODES[finding.code]
    return graded(level, finding.state)
