"""`homing dmarc` over a real name server on loopback."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from monitor.cli.main import Exit, run
from tests.fakes.served import served

pytestmark = pytest.mark.sockets

WORLD: dict[str, Any] = {
    "_dmarc.example.test": {"TXT": [["v=DMARC1; p=reject; sp=quarantine"]]},
    "news.example.test": {"A": ["192.0.2.1"]},
    "_dmarc.both.test": {"TXT": [["v=DMARC1; p=reject"]]},
    "_dmarc.mail.both.test": {"TXT": [["v=DMARC1; p=none; psd=n"]]},
    "www.mail.both.test": {"A": ["192.0.2.1"]},
    "_dmarc.dead.test": {"TXT": "SERVFAIL"},
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served(WORLD) as at:
        yield at


def document(capsys: pytest.CaptureFixture[str], server: str, domain: str) -> tuple[int, dict[str, Any]]:
    code = run(["dmarc", domain, "--json", "--nameserver", server])
    return code, json.loads(capsys.readouterr().out)


def test_the_document_has_the_promised_keys(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = document(capsys, server, "news.example.test")

    assert code == Exit.CLEAN
    assert told["record"] == "v=DMARC1; p=reject; sp=quarantine"
    assert told["found_at"] == told["organizational_domain"] == "example.test"
    assert told["policy"] == told["rfc7489"]["policy"] == told["rfc9989"]["policy"] == "quarantine"


def test_the_two_ways_may_disagree(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    """psd=n makes mail.both.test an organization of its own, which the suffix list does not know."""
    _, told = document(capsys, server, "www.mail.both.test")

    assert (told["rfc9989"]["policy"], told["rfc9989"]["found_at"]) == ("none", "mail.both.test")
    assert (told["rfc7489"]["policy"], told["rfc7489"]["found_at"]) == ("reject", "both.test")
    run(["dmarc", "www.mail.both.test", "--nameserver", server])
    assert "disagree" in capsys.readouterr().out


def test_no_policy_ends_with_one(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = document(capsys, server, "none.test")

    assert (code, told["record"], told["policy"]) == (Exit.FINDINGS, None, None)


def test_a_dead_name_server_ends_with_three_and_claims_nothing(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = document(capsys, server, "dead.test")

    assert (code, told["policy"], told["organizational_domain"]) == (Exit.COULD_NOT_TELL, None, None)
    assert told["unanswered"]


def test_something_that_is_no_domain_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dmarc", "192.0.2.1"]) == Exit.USAGE
    assert "address" in capsys.readouterr().err
