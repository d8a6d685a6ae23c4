"""`homing template`: what a person stores, sees and is told."""

import json
from pathlib import Path

import pytest

from data.consent import Act, ConsentEvent, record_consent
from data.contacts import save_contact
from data.lists import Member, create_list, set_member
from monitor.app import open_app
from monitor.cli.main import Exit, run
from tests.fakes.shop import FROM, stock

LETTER = """---
subject: News for {{first_name|you}}
---
# Hi {{first_name}}

[Shop](https://shop.test/) ![Logo](cid:logo.png)
"""


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG")
    path = tmp_path / "letter.md"
    path.write_text(LETTER)
    return path


def added(letter: Path) -> None:
    logo = str(letter.with_name("logo.png"))
    assert run(["template", "add", "friday", str(letter), "--attach", logo]) == Exit.CLEAN


def test_a_template_is_stored_shown_previewed_and_deleted(
    letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    added(letter)
    capsys.readouterr()
    assert run(["template", "show", "friday"]) == Exit.CLEAN
    assert capsys.readouterr().out == LETTER + "\n"
    assert run(["template", "list", "--json"]) == Exit.CLEAN
    assert json.loads(capsys.readouterr().out)["templates"] == [
        {"name": "friday", "format": "markdown", "subject": "News for {{first_name|you}}"}
    ]
    assert run(["template", "preview", "friday", "--set", "first_name=Ada"]) == Exit.CLEAN
    assert capsys.readouterr().out.startswith("Hi Ada\n\nShop (https://shop.test/)")
    eml = letter.with_name("out.eml")
    assert run(["template", "preview", "friday", "--to", "eml", "--out", str(eml)]) == Exit.CLEAN
    assert b"Content-ID: <logo.png>\r\n" in eml.read_bytes()
    assert run(["template", "delete", "friday"]) == Exit.CLEAN
    assert run(["template", "show", "friday"]) == Exit.USAGE
    assert "there is no template friday. There are: none." in capsys.readouterr().err


def test_a_check_counts_the_people_who_lack_a_value(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added(letter)
    with open_app() as instance, instance.store.write() as connection:
        news = create_list(connection, "news", "News", double_opt_in=False, now=instance.now())
        for address, values in (("a@x.test", {"first_name": "Ada"}), ("b@x.test", {})):
            contact = save_contact(connection, address, address, values, instance.now())
            set_member(connection, news, contact, Member.SUBSCRIBED, instance.now())
            given = ConsentEvent(contact, news, Act.GIVEN, "form", "Yes", instance.now())
            record_consent(connection, [given])
    capsys.readouterr()

    assert run(["template", "check", "friday", "--list", "news", "--json"]) == Exit.CLEAN

    told = json.loads(capsys.readouterr().out)
    assert (told["people"], told["missing"]) == (2, {"first_name": 1})
    assert {"only-images", "missing-value", "no-preheader"} <= {remark["code"] for remark in told["remarks"]}
    (letter.with_name("typo.txt")).write_text("---\nsubject: s\n---\n{{frist_name}}")
    assert run(["template", "add", "typo", str(letter.with_name("typo.txt"))]) == Exit.CLEAN
    assert run(["template", "check", "typo", "--list", "news"]) == Exit.FINDINGS
    assert "block  {{frist_name}} is empty for 2 of 2 people" in capsys.readouterr().out
    assert run(["template", "preview", "friday", "--contact", "A@x.test"]) == Exit.CLEAN
    assert capsys.readouterr().out.startswith("Hi Ada\n")


def test_a_broken_link_ends_a_check_with_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text('<title>x</title><a href="www.shop.test">Shop</a>')
    assert run(["template", "add", "a", str(tmp_path / "a.html")]) == Exit.CLEAN
    capsys.readouterr()
    assert run(["template", "check", "a"]) == Exit.FINDINGS
    assert capsys.readouterr().out.startswith("block  Line 1: the link 'www.shop.test' cannot be found")


@pytest.mark.parametrize(
    ("file", "source", "told"),
    [
        ("a.html", "---\nsubject: x\n---\n<p>\n<a href='x'>y</a>", "block  Line 5: the link 'x' cannot"),
        ("a.md", "---\nsubject: x\n---\n[y](x)", "block  The link 'x' cannot"),
        ("a.md", "---\nsubject: x\n---\n[y](x) [z](https://bit.ly/x)", "block  The link 'x' cannot"),
    ],
)
def test_a_remark_names_a_line_only_where_it_is_one_of_the_authors(
    file: str, source: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / file).write_text(source)
    run(["template", "add", "a", str(tmp_path / file)])
    capsys.readouterr()
    assert run(["template", "check", "a"]) == Exit.FINDINGS
    assert capsys.readouterr().out.startswith(told)


def test_two_files_of_one_name_are_refused(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = letter.parent / "other"
    other.mkdir()
    (other / "logo.png").write_bytes(b"x")
    both = ["--attach", str(other / "logo.png"), "--attach", str(letter.with_name("logo.png"))]
    assert run(["template", "add", "friday", str(letter), *both]) == Exit.USAGE
    assert "two files are called logo.png" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<title>x</title>\n <p>{{#if a}}", "Line 2, column 5: {{#if a}} is not closed by {{/if}}."),
        (b"<title>x</title>\xff", "is no UTF-8 text (byte 16)"),
        (b"<p>x", "has no subject"),
        (b"", "is empty"),
    ],
)
def test_what_cannot_be_stored_gets_its_sentence(
    content: bytes, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(content)
    assert run(["template", "add", "a", str(path)]) == Exit.USAGE
    assert sentence in capsys.readouterr().err


def test_a_campaign_is_made_and_started_with_a_warning_of_empty_fields(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_app() as instance:
        stock(instance)
    (tmp_path / "a.html").write_text("<title>Hi {{first_name}}</title><p>{{nobody_has_this}}")
    run(["template", "add", "gaps", str(tmp_path / "a.html")])
    capsys.readouterr()
    assert (
        run(["campaign", "create", "s", "--list", "news", "--template", "gaps", "--from", FROM]) == Exit.CLEAN
    )
    assert "warning: {{nobody_has_this}} is empty for 3 of 3 people" in capsys.readouterr().err
    assert run(["campaign", "start", "s", "--json"]) == Exit.CLEAN
    missing = json.loads(capsys.readouterr().out)["missing"]
    assert any(sentence.startswith("{{nobody_has_this}} is empty for 3 of 3 people") for sentence in missing)


def test_a_check_makes_messages_for_people_of_the_list_and_names_those_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_app() as instance:
        stock(instance)
        with instance.store.write() as connection:
            hostile = {"first_name": "=?utf-8?q?x=0D=0ABcc:_evil?="}
            save_contact(connection, "u0@x.test", "u0@x.test", hostile, instance.now())
    (tmp_path / "a.txt").write_text("---\nsubject: Hi {{first_name|you}}\n---\nHello")
    run(["template", "add", "hi", str(tmp_path / "a.txt")])
    assert run(["template", "check", "hi", "--list", "news"]) == Exit.FINDINGS
    assert "block  No message can be made for u0@x.test. A control character" in capsys.readouterr().out
