"""Each code's example does what it says, and the pages in docs/checks are made from them."""

from pathlib import Path

import pytest

from checks.catalog import CHECKS
from checks.check import Check
from checks.model import Finding, State
from tests.checks.examples import examples
from tests.checks.pages import page, pages

RAISED = (State.WARN, State.FAIL, State.UNKNOWN)
DOCS = Path(__file__).resolve().parents[2] / "docs" / "checks"


def owner(code: str) -> Check:
    return next(check for check in CHECKS if code in check.codes)


def raised(found: list[Finding], code: str) -> bool:
    return any(finding.code == code and finding.state in RAISED for finding in found)


@pytest.mark.parametrize("code", sorted(examples()))
def test_one_world_raises_the_code_and_the_other_does_not(code: str) -> None:
    example = examples()[code]

    assert raised(example.raises.look(owner(code)), code)
    assert not raised(example.keeps.look(owner(code)), code)


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_page_of_each_family_is_current(name: str) -> None:
    """`make docs` writes them."""
    written = DOCS / f"{name}.md"

    assert written.exists(), "run make docs"
    assert written.read_text("utf-8") == page(name), "run make docs"
