"""`homing segment`: kept by name, counted, shown, and what is said of a slip of the pen."""

import json

import pytest

from data.contacts import save_contact
from monitor.app import open_app
from monitor.cli.main import Exit, run


def test_a_segment_is_made_counted_shown_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    with open_app() as instance, instance.store.write() as connection:
        for n in range(3):
            save_contact(connection, f"p{n}@mail.test", f"p{n}@mail.test", {"n": str(n)}, instance.now())

    assert run(["segment", "create", "some", "n is one of (1, 2)", "--json"]) == Exit.CLEAN
    assert json.loads(capsys.readouterr().out)["contacts"] == 2
    assert run(["segment", "count", "some"]) == Exit.CLEAN
    assert capsys.readouterr().out == "2\n"
    assert run(["segment", "show", "some", "--json", "--limit", "1"]) == Exit.CLEAN
    assert json.loads(capsys.readouterr().out)["addresses"] == ["p1@mail.test"]
    assert run(["segment", "list"]) == Exit.CLEAN
    assert capsys.readouterr().out == "some: n is one of (1, 2)\n"
    assert run(["segment", "remove", "some"]) == Exit.CLEAN
    assert run(["segment", "count", "some"]) == Exit.USAGE
    assert "there is no segment “some”. There are: none." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("on list nowhere", "There is no list “nowhere”."),
        ('opened campaign "no such"', "There is no campaign “no such”."),
        ("age > old", "At sign 7 stands “old”"),
    ],
)
def test_a_rule_that_can_choose_nobody_is_refused(
    rule: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["segment", "create", "x", rule]) == Exit.USAGE
    assert sentence in capsys.readouterr().err
