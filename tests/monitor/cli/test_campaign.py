"""`homing campaign`, `send-test` and `own`: a campaign's life by commands alone, through the real queue."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from monitor.app import open_app
from monitor.cli.campaigns import following
from monitor.cli.main import Exit, run
from monitor.sending import open_engine
from monitor.senses import Senses
from tests.fakes.shop import FROM, OWN, stock
from tests.fakes.zone import ZoneDns

CREATE = ("campaign", "create", "spring", "--list", "news", "--template", "letter", "--from", FROM)
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command line; (exit code, stdout, stderr)."""
    with open_app() as app:
        stock(app)

    def said(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return said


def work() -> None:
    """What a worker does: send whatever is due."""
    with open_app() as app:
        senses = Senses(ZoneDns({}), app.config)
        open_engine(app, senses).work_once()


def told(say: Say, *arguments: str) -> Any:
    code, out, err = say(*arguments, "--json")
    assert code == Exit.CLEAN, err
    return json.loads(out)


def test_from_a_draft_to_its_results(say: Say) -> None:
    assert say(*CREATE)[0] == Exit.CLEAN
    code, out, _ = say("campaign", "start", "spring")
    assert (code, out) == (Exit.CLEAN, "“spring” is sending to 3 recipients.\n")
    assert say("campaign", "status", "spring")[1].startswith("“spring” is sending.")
    work()
    code, out, _ = say("campaign", "status", "spring")
    assert out.startswith("“spring” is finished.")
    assert told(say, "campaign", "status", "spring")["campaign"]["results"]["delivered"] == 3
    listed = told(say, "campaign", "recipients", "spring", "--state", "sent")
    assert (listed["total"], {row["state"] for row in listed["recipients"]}) == (3, {"sent"})
    assert "u0@x.test" in say("campaign", "recipients", "spring")[1]
    assert [each["name"] for each in told(say, "campaign", "list")["campaigns"]] == ["spring"]


def test_pause_resume_cancel_and_taking_up_what_was_left(say: Say) -> None:
    say(*CREATE)
    say("campaign", "start", "spring")
    assert told(say, "campaign", "pause", "spring", "--reason", "typo")["campaign"]["reason"] == "typo"
    work()
    assert told(say, "campaign", "status", "spring")["campaign"]["recipients"] == {"pending": 3}
    assert told(say, "campaign", "resume", "spring")["campaign"]["state"] == "sending"
    assert told(say, "campaign", "cancel", "spring")["campaign"]["recipients"] == {"skipped": 3}
    again = told(say, "campaign", "resend", "spring", "--unsent")
    assert (again["again"], again["campaign"]["state"]) == (3, "sending")
    work()
    assert told(say, "campaign", "status", "spring")["campaign"]["state"] == "finished"
    assert told(say, "campaign", "resend", "spring", "--failed")["again"] == 0


def test_following_ends_when_nothing_is_under_way(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_wait", work)
    say(*CREATE)
    code, out, _ = say("campaign", "start", "spring", "--follow")
    lines = out.splitlines()
    assert code == Exit.CLEAN
    assert lines[0].startswith("0 of 3 done")
    assert "No worker runs" in lines[0]
    assert lines[1].startswith("3 of 3 done")
    assert lines[-1] == "“spring” is finished."


def test_a_planned_start_can_be_taken_back(say: Say) -> None:
    say(*CREATE)
    planned = told(say, "campaign", "start", "spring", "--at", "2099-01-01T09:00Z")["campaign"]
    assert (planned["state"], planned["scheduled_at"]) == ("scheduled", "2099-01-01T09:00:00+00:00")
    assert told(say, "campaign", "unschedule", "spring")["campaign"]["state"] == "draft"


def test_a_letter_goes_to_an_own_address_and_nowhere_else(say: Say) -> None:
    letter = ("send-test", "letter", "--from", FROM, "--wait", "0")
    code, out, _ = say(*letter, "--to", OWN, "--set", "name=Ann")
    assert (code, out) == (Exit.COULD_NOT_TELL, f"{OWN}: pending\n")
    work()
    code, _, err = say(*letter, "--to", "stranger@x.test")
    assert (code, "Run: homing own add stranger@x.test" in err) == (Exit.USAGE, True)
    assert say("own", "add", "Stranger@X.test")[1] == "stranger@x.test: registered as your own.\n"
    assert say(*letter, "--to", "stranger@x.test")[0] == Exit.COULD_NOT_TELL
    assert [each["address"] for each in told(say, "own", "list")["own"]] == [OWN, "stranger@x.test"]
    assert say("own", "remove", "stranger@x.test")[0] == Exit.CLEAN
    work()
    states = [each["recipients"] for each in told(say, "campaign", "list")["campaigns"]]
    assert states == [{"skipped": 1}, {"sent": 1}], "asked again at the claim"


def test_a_campaign_s_own_letter_can_be_tried(say: Say) -> None:
    say(*CREATE)
    document = json.loads(say("campaign", "test", "spring", "--to", OWN, "--wait", "0", "--json")[1])
    assert document["campaign"].startswith("spring (test ")
    assert document["recipients"][0]["address"] == OWN
    assert told(say, "campaign", "status", "spring")["campaign"]["state"] == "draft"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("start", "spring"), "There is no campaign 'spring'."),
        (("create", "x", "--template", "letter", "--from", "nobody"), "“nobody” is no sender."),
        (("create", "x", "--template", "letter", "--from", "a@b.test"), "Run: homing domain add b.test"),
        (("resend", "spring"), "say to whom: --unsent, --failed or --unknown"),
        (("start", "spring", "--at", "yesterday"), "is no ISO 8601 time"),
    ],
)
def test_what_cannot_be_done_gets_its_sentence(say: Say, arguments: tuple[str, ...], sentence: str) -> None:
    code, _, err = say("campaign", *arguments)
    assert code == Exit.USAGE
    assert sentence in err
