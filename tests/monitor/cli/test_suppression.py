"""`homing suppression` and one person of `homing contact`: put, looked up, carried over, let go."""

import csv
import io
import json
from pathlib import Path

import pytest

from monitor.app import open_app
from monitor.cli.main import Exit, run

Out = pytest.CaptureFixture[str]


def told(out: Out, *arguments: str, code: int = Exit.CLEAN) -> dict[str, object]:
    """The JSON of one command."""
    assert run([*arguments, "--json"]) == code
    document: dict[str, object] = json.loads(out.readouterr().out)
    return document


def test_addresses_and_domains_are_put_found_and_removed(capsys: Out) -> None:
    assert told(capsys, "suppression", "add", "Ada@Example.com", "--detail", "asked by phone")["changed"]
    assert told(capsys, "suppression", "add", "@Brand.example")["changed"]
    assert not told(capsys, "suppression", "add", "ada@example.com")["changed"]

    found = told(capsys, "suppression", "check", "x@brand.example", code=Exit.FINDINGS)
    assert found["entry"]["kind"] == "domain"  # type: ignore[index]
    assert len(told(capsys, "suppression", "list")["suppression"]) == 2  # type: ignore[arg-type]
    assert told(capsys, "suppression", "remove", "ada@example.com")["removed"]
    assert not told(capsys, "suppression", "check", "ada@example.com")["suppressed"]
    assert run(["suppression", "remove", "ada@example.com"]) == Exit.USAGE
    assert run(["suppression", "add", "not an address"]) == Exit.USAGE
    assert "is neither an address nor a domain" in capsys.readouterr().err


def test_an_exported_list_is_harmless_and_comes_in_again(tmp_path: Path, capsys: Out) -> None:
    for who in ("=1+2@example.com", "ada@example.com", "@brand.example"):
        assert run(["suppression", "add", who, "--reason", "complaint"]) == Exit.CLEAN
    assert run(["contact", "erase", "gone@example.com"]) == Exit.CLEAN
    capsys.readouterr()
    held = told(capsys, "suppression", "export")
    file = tmp_path / "suppressed.csv"
    assert run(["suppression", "export", "--output", str(file)]) == Exit.CLEAN
    cells = [row[1] for row in csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""))]
    assert "'=1+2@example.com" in cells
    for who in ("=1+2@example.com", "ada@example.com", "brand.example"):
        assert run(["suppression", "remove", who]) == Exit.CLEAN
    capsys.readouterr()
    taken = told(capsys, "suppression", "import", str(file))
    assert (taken["rows"], taken["added"], taken["known"], taken["bad"]) == (4, 3, 1, 0)
    again = told(capsys, "suppression", "export")

    def bare(document: dict[str, object]) -> set[tuple[str, str, str]]:
        entries = document["suppression"]
        return {(e["kind"], e["value"], e["reason"]) for e in entries}  # type: ignore[attr-defined]

    assert bare(again) == bare(held)


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("EmailAddress,Reason,LastUpdateTime\na@x.test,BOUNCE,1\nb@x.test,COMPLAINT,1\n",
         "hard_bounce complaint"),
        ("email,created,ip\na@x.test,1,192.0.2.1\n", "manual"),
        ("status,reason,email,created\n5.1.1,550 no such user,a@x.test,1\n", "manual"),
        ("EmailAddress,SuppressionReason,Origin\na@x.test,HardBounce,x\nb@x.test,SpamComplaint,x\n",
         "hard_bounce complaint"),
        ("a@x.test\nb@x.test\n", "manual manual"),
    ],
)  # fmt: skip
def test_what_providers_keep_comes_in_with_its_reason(
    text: str, reasons: str, tmp_path: Path, capsys: Out
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text)
    taken = told(capsys, "suppression", "import", str(file))
    entries = told(capsys, "suppression", "export")["suppression"]

    assert taken["bad"] == 0
    assert sorted(entry["reason"] for entry in entries) == sorted(reasons.split())  # type: ignore[attr-defined]


def test_rows_that_cannot_be_read_are_told_and_the_rest_is_taken(tmp_path: Path, capsys: Out) -> None:
    file = tmp_path / "list.csv"
    file.write_text('email\na@x.test\nnobody at all\n"open\nb@x.test\n')
    taken = told(capsys, "suppression", "import", str(file))

    assert (taken["added"], taken["bad"]) == (2, 2)
    assert run(["suppression", "import", str(tmp_path / "none.csv")]) == Exit.USAGE
    file.write_text("name,city\nAda,Bonn\n")
    assert run(["suppression", "import", str(file)]) == Exit.USAGE
    assert "There is no column of addresses among name, city." in capsys.readouterr().err


def test_a_person_is_shown_exported_and_erased(tmp_path: Path, capsys: Out) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email,city,tags\nada@example.com,Bonn,vip\n")
    assert run(["list", "create", "news"]) == Exit.CLEAN
    command = ["contact", "import", str(people), "--list", "news", "--source", "form", "--wording", "Yes"]
    assert run([*command, "--consented-at", "2026-03-01", "--offline"]) == Exit.CLEAN
    capsys.readouterr()
    assert run(["contact", "show", "Ada@example.com"]) == Exit.CLEAN
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("city: Bonn", "tagged vip", "news: subscribed", "2026-03-01 given"))
    exported = told(capsys, "contact", "export", "ada@example.com")
    assert {"contact", "tags", "lists", "consent", "imports", "messages", "events"} <= exported.keys()
    copy = tmp_path / "ada.json"
    assert run(["contact", "export", "ada@example.com", "--output", str(copy)]) == Exit.CLEAN
    assert json.loads(copy.read_text())["consent"] == exported["consent"]

    erased = told(capsys, "contact", "erase", "ada@example.com")
    assert erased["rows"] == {
        "contact_tag": 1, "membership": 1, "consent": 1, "import_change": 1, "contact": 1,
    }  # fmt: skip
    with open_app() as instance:
        fingerprint = instance.fingerprint("ada@example.com")
    left = told(capsys, "contact", "export", "ada@example.com")
    assert [row["value"] for row in left["suppression"]] == [fingerprint]  # type: ignore[attr-defined]
    assert "contact" not in left
    assert run(["contact", "show", "nobody@example.com"]) == Exit.USAGE
    assert run(["contact", "erase", "no address"]) == Exit.USAGE
    assert "There is no @ in the address." in capsys.readouterr().err
