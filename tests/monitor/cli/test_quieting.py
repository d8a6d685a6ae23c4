"""`homing alert ack|silence` and `homing incident`: what a person on call types."""

import json
from datetime import timedelta

import pytest

from data import incidents
from data.incidents import IncidentState
from monitor.app import open_app
from monitor.cli.main import Exit, run

LOOK = {"at": "2026-11-23T11:58:00+00:00", "saw": "fault", "fresh": True}
EVIDENCE = {
    "name": "25.2.0.192.zen.dnsbl.example",
    "type": "A",
    "answer": "127.0.0.2",
    "resolver": "192.0.2.53",
    "at": "2026-11-23T11:58:00+00:00",
}


@pytest.fixture
def incident() -> int:
    with open_app() as instance, instance.store.write() as connection:
        now = instance.now()
        values = {
            "fingerprint": "x",
            "kind": "listing",
            "target_id": None,
            "code": "BL-001",
            "subject": "192.0.2.25 @ zen.dnsbl.example",
            "severity": "critical",
            "state": IncidentState.OPEN.value,
            "first_seen": now - timedelta(hours=1),
            "opened_at": now,
            "detail": {
                "title": "Listed",
                "sentence": "zen.dnsbl.example lists 192.0.2.25.",
                "fix": "Ask for delisting.",
                "faults": [],
                "looks": [LOOK],
                "evidence": [EVIDENCE],
            },
        }
        return incidents.begin(connection, values)


def said(capsys: pytest.CaptureFixture[str], *arguments: str, ends: Exit = Exit.CLEAN) -> str:
    assert run(list(arguments)) == ends
    out, err = capsys.readouterr()
    return out if ends is not Exit.USAGE else err


def test_an_incident_is_listed_and_its_story_told(incident: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"{incident}  open  critical" in said(capsys, "incident", "list", ends=Exit.FINDINGS)
    story = said(capsys, "incident", "show", str(incident))
    assert "25.2.0.192.zen.dnsbl.example A: 127.0.0.2 (192.0.2.53, 2026-11-23T11:58:00+00:00)" in story
    assert "2026-11-23 11:58:00 fault, past every cache" in story
    assert "Ask for delisting." in story


def test_who_takes_it_on_stands_beside_it(incident: int, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "alert", "ack", str(incident), "--for", "2h", "--by", "ada", "--comment", "on it")
    assert f"Incident {incident} is ada's until" in told
    shown = json.loads(said(capsys, "incident", "show", str(incident), "--json"))
    assert (shown["acknowledged"]["owner"], shown["acknowledged"]["comment"]) == ("ada", "on it")


def test_a_silence_says_what_it_covers_and_ends_when_told(
    incident: int, capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(
        capsys, "alert", "silence", "--code", "bl-*", "--for", "1d", "--comment", "known", "--by", "ada"
    )
    assert f"fitting: {incident}." in told
    (silence,) = json.loads(said(capsys, "alert", "silences", "--json"))["silences"]
    assert (silence["matchers"], silence["comment"]) == ({"code": "bl-*"}, "known")
    said(capsys, "alert", "unsilence", str(silence["id"]))
    assert said(capsys, "alert", "silences") == "Nothing is silenced.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ack", "99"], "incident 99 is not open"),
        (["silence", "--for", "1h", "--comment", "x"], "say what to be silent about"),
        (["silence", "--for", "1h", "--comment", " ", "--code", "*"], "say why"),
        (["silence", "--for", "7 weeks", "--comment", "x", "--code", "*"], "write 90s, 15m, 6h or 1d"),
        (["silence", "--for", "400d", "--comment", "x", "--code", "*"], "between a second and 90 days"),
        (["unsilence", "3"], "no silence 3 lasts"),
    ],
)
def test_what_cannot_be_gets_its_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_app():
        pass
    assert sentence in said(capsys, "alert", *arguments, ends=Exit.USAGE)
