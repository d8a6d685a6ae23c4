"""Alerts in a file: a line for programs, the same for people."""

import json
from datetime import UTC, datetime
from pathlib import Path

from checks.model import Again
from monitor.channels.contract import Notice
from monitor.channels.file import FileOutput

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOTICE = Notice("msg-1", NOON, {"type": "incident.fired", "text": "192.0.2.25 is listed.", "fix": "Ask."})


def test_each_notice_is_one_line_of_json_and_readable_beside_it(tmp_path: Path) -> None:
    output = FileOutput(tmp_path / "alerts.jsonl")

    assert all(output.tell(NOTICE, NOON).arrived for _ in range(2))

    lines = (tmp_path / "alerts.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["msg-1", "msg-1"]
    assert (tmp_path / "alerts.txt").read_text() == (
        "2026-11-23 12:00:00 FIRED     192.0.2.25 is listed.\n    Ask.\n" * 2
    )


def test_a_file_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    told = FileOutput(tmp_path / "no such folder" / "alerts.jsonl").tell(NOTICE, NOON)

    assert told.again is Again.LATER
    assert "No such file or directory" in told.why
