"""How severe a finding is for this kind of sender. Profiles are data: code -> level, over the default."""

from collections.abc import Mapping

from checks.catalog import CODES
from checks.check import Level, graded
from checks.model import Finding, Profile, Severity

OVERRIDES: Mapping[Profile, Mapping[str, Level]] = {
    Profile.BULK: {},
    Profile.TRANSACTIONAL: {},
    Profile.CORPORATE: {},
    Profile.PARKED: {"SPF-001": Severity.MEDIUM},
    Profile.ESP_SUBDOMAIN: {},
}


def severity(finding: Finding, profile: Profile) -> Severity:
    """What the finding weighs for this sender; a pass is always `INFO`."""
    level = OVERRIDES[profile].get(finding.code) or CODES[finding.code]
    return graded(level, finding.state)
