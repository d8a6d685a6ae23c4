"""`homing report`: reading, keeping and showing."""

import gzip
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.main import Exit, run
from tests.checks.reports.test_aggregate import RECORD, report

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    spoofed = RECORD.replace("<dkim>pass</dkim>", "<dkim>fail</dkim>").replace("192.0.2.1", "192.0.2.66")
    made = tmp_path / "reports"
    made.mkdir()
    made.joinpath("one.xml.gz").write_bytes(gzip.compress(report(RECORD + spoofed)))
    made.joinpath("the same.xml").write_bytes(report(RECORD + spoofed))
    made.joinpath("note.txt").write_text("not a report")
    return made


def test_reading_keeps_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "read", str(folder / "one.xml.gz")]) == Exit.CLEAN
    assert "receiver.example saw 34 messages from example.com" in capsys.readouterr().out
    assert run(["report", "show"]) == Exit.USAGE
    assert "homing report import" in capsys.readouterr().err


def test_a_report_that_comes_twice_counts_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "import", str(folder), "--json"]) == Exit.COULD_NOT_TELL
    told, said = capsys.readouterr()
    assert {name: json.loads(told)[name] for name in ("new", "known", "unreadable")} == {
        "new": 1,
        "known": 1,
        "unreadable": 1,
    }
    assert "note.txt: cannot be read: neither XML nor JSON" in said
    assert run(["report", "import", str(folder / "one.xml.gz")]) == Exit.CLEAN
    assert capsys.readouterr().out == "0 new, 1 known, 0 unreadable\n"


def test_what_reject_would_stop_is_told_with_who_sent_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["report", "import", str(folder / "one.xml.gz")])
    capsys.readouterr()
    assert run(["report", "show", "Example.com", "--days", "3650"]) == Exit.CLEAN
    said = capsys.readouterr().out
    assert "p=reject would stop 17 of them (50.0%)" in said
    assert "192.0.2.66" in said
    assert run(["report", "show", "--days", "3650", "--json"]) == Exit.CLEAN
    told = json.loads(capsys.readouterr().out)
    assert told["stopped_by_reject"] == 17
    assert {source["address"]: source["standing"] for source in told["sources"]} == {
        "192.0.2.1": "compliant",
        "192.0.2.66": "not compliant",
    }


def test_what_is_not_there_gets_its_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "import", str(folder / "gone.xml")]) == Exit.USAGE
    assert "gone.xml does not exist" in capsys.readouterr().err
    run(["report", "import", str(folder / "one.xml.gz")])
    assert run(["report", "show", "example.net"]) == Exit.USAGE
    assert "There are reports of: example.com." in capsys.readouterr().err


def test_a_disk_that_fills_up_gets_a_sentence_and_the_import_can_be_run_again(folder: Path) -> None:
    many = folder / "many.xml"
    many.write_bytes(report(RECORD * 2_000))
    assert run(["incident", "list"]) == Exit.CLEAN  # the store is there, with its tables

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    command = [sys.executable, str(ROOT / "homing.py"), "report", "import", str(many)]
    done = subprocess.run(command, preexec_fn=full, capture_output=True, text=True, check=False)

    assert done.returncode == Exit.USAGE
    assert "Make room on its disk" in done.stderr
    assert run(["report", "import", str(many)]) == Exit.CLEAN


def test_a_source_leads_to_its_addresses_and_they_to_who_saw_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["report", "import", str(folder / "one.xml.gz")])
    capsys.readouterr()

    def asked(*words: str) -> Any:
        assert run(["report", "source", "example.com", *words, "--days", "3650", "--json"]) == Exit.CLEAN
        return json.loads(capsys.readouterr().out)

    [source] = asked()["sources"]
    assert (source["name"], source["messages"], source["stopped_by_reject"]) == ("example.com", 34, 17)
    inside = asked("Example.com")
    assert [each["address"] for each in inside["sources"]] == ["192.0.2.1", "192.0.2.66"]
    [told] = asked("192.0.2.66")["reporters"]
    assert (told["reporter"], told["messages"], told["passing"]) == ("receiver.example", 17, 0)
    assert run(["report", "source", "example.com", "nobody"]) == Exit.USAGE
    assert 'speaks of "nobody"' in capsys.readouterr().err
