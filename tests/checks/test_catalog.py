"""The tables hold together: what a check declares is worded, reachable and tested, and nothing else is."""

from collections import Counter
from pathlib import Path

import pytest

from checks.catalog import BUG, CHECKS, CODES, MESSAGE_CHECKS, UnknownCheckError, chosen
from checks.check import Check, MessageCheck
from checks.model import Profile, Scope
from checks.profiles import OVERRIDES
from checks.wording import FAMILIES, WORDING

HOUSE = Path(__file__).resolve().parents[2]
TESTS = "\n".join(path.read_text("utf-8") for path in (HOUSE / "tests" / "checks").rglob("*.py"))


def source(check: Check | MessageCheck) -> str:
    """Everything that the check's own module or package says."""
    file = Path(check.run.__code__.co_filename)
    files = file.parent.rglob("*.py") if file.name == "check.py" else [file]
    return "\n".join(path.read_text("utf-8") for path in files)


def test_names_and_codes_belong_to_one_check_each() -> None:
    assert [name for name, times in Counter(check.name for check in CHECKS).items() if times > 1] == []
    declared = Counter(code for check in CHECKS for code in check.codes)
    declared += Counter(code for check in MESSAGE_CHECKS for code in check.codes)
    assert [code for code, times in declared.items() if times > 1] == []


def test_every_code_has_its_wording_and_no_wording_is_left_over() -> None:
    assert sorted(WORDING) == sorted(CODES)
    assert sum(len(family) for family in FAMILIES) == len(WORDING), "two families word the same code"


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_words_of_each_code_are_whole(code: str) -> None:
    words = WORDING[code]
    assert words.title
    assert not words.title.endswith(".")
    assert words.sentence.endswith((".", "?", "!"))
    assert words.fix


@pytest.mark.parametrize("check", [*CHECKS, *MESSAGE_CHECKS], ids=lambda check: check.name)
def test_each_code_is_raised_somewhere_and_tried_somewhere(check: Check | MessageCheck) -> None:
    """A code that the check's source never says, or that no test says, is a promise nobody keeps."""
    said = source(check)
    for code in check.codes:
        assert said.count(f'"{code}"') >= 1, f"{check.name} declares {code} but never yields it"
        assert f'"{code}"' in TESTS, f"no test speaks of {code}"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_each_check_says_where_its_rules_come_from(check: Check) -> None:
    assert check.cites
    assert check.run.__doc__ or check.run.__module__


def test_profiles_speak_only_of_codes_that_exist() -> None:
    assert set(OVERRIDES) == set(Profile)
    assert {code for codes in OVERRIDES.values() for code in codes} <= set(CODES)


def test_a_name_that_is_no_check_is_refused_with_the_names_that_are() -> None:
    with pytest.raises(UnknownCheckError, match="no check called spff"):
        chosen(Scope.AUDIT, ["spff"])


def test_our_own_fault_has_a_code() -> None:
    assert BUG in CODES
