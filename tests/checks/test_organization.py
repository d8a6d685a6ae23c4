"""Who owns a name."""

import json
from pathlib import Path

import pytest

from checks.organization import organization, registrable


def test_names_below_a_suffix_have_one_owner() -> None:
    assert organization("a.b.example.co.uk") == "example.co.uk"
    assert organization("Mail.Example.com.") == "example.com"


def test_a_suffix_owns_itself() -> None:
    assert registrable("co.uk") is None
    assert organization("co.uk") == "co.uk"


def test_the_list_s_own_cases(corpora: Path) -> None:
    cases = [json.loads(line) for line in (corpora / "org-domain-psl" / "cases.jsonl").open()]
    wrong = [c["id"] for c in cases if registrable(c["input"]["domain"]) != c["expected"]["registrable"]]
    assert wrong == []
    assert len(cases) > 30


@pytest.mark.parametrize("name", ["", ".", ".example.com"])
def test_what_is_no_name_has_no_owner(name: str) -> None:
    assert registrable(name) is None
