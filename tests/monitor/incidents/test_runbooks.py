"""Each kind of incident has a page that says what to do, and the notice names it."""

from pathlib import Path

import pytest

from monitor.causes.rules import RULES
from monitor.incidents.inhibition import INHIBITS
from monitor.incidents.sending import RULES as SENDING
from monitor.incidents.words import runbook
from monitor.receivers.watch import KINDS as REPORTED

ROOT = Path(__file__).resolve().parents[3]
KINDS = {*RULES, *INHIBITS, *(rule.kind for rule in SENDING), *REPORTED, "blind", "list"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_has_its_runbook(kind: str) -> None:
    page, _, anchor = runbook(kind, "").partition("#")
    assert f"\n## {anchor}\n" in (ROOT / page).read_text()


@pytest.mark.parametrize("code", ["SPF-004", "DKIM-003", "BL-001", "RDNS-001"])
def test_a_broken_record_has_the_page_of_its_check(code: str) -> None:
    assert (ROOT / runbook("record", code)).exists()
