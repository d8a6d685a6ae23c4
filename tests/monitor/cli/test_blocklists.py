"""`homing blocklists` over a real name server on loopback."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from checks.blocklists.choice import Wish, choose
from checks.blocklists.table import DEFAULT, ZONES
from monitor.cli.main import Exit, run
from tests.fakes.lists import healthy, listing
from tests.fakes.served import served

pytestmark = pytest.mark.sockets

IP = "192.0.2.25"


def homing(capsys: pytest.CaptureFixture[str], names: dict[str, Any], *arguments: str) -> tuple[int, str]:
    with served({**healthy(), **names}) as at:
        code = run(["blocklists", *arguments, "--nameserver", at])
    return code, capsys.readouterr().out


def test_a_listed_address_is_told_with_the_way_off(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = homing(capsys, listing("zen.spamhaus.org", IP, reason="SBL1234"), IP)
    assert code == Exit.FINDINGS
    assert f"{IP} is on Spamhaus ZEN" in out
    assert "SBL1234" in out
    assert "https://check.spamhaus.org/" in out
    assert "Gmail" not in out, "cards need more than blocklists"


def test_the_document_is_that_of_check(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = homing(capsys, {}, IP, "--json")
    said = json.loads(out)
    assert code == Exit.CLEAN
    assert said["schema_version"] == 1
    assert said["target"]["ips"] == [{"ip": IP, "origin": "configured"}]
    assert {finding["code"].partition("-")[0] for finding in said["findings"]} == {"BL"}


def test_a_domain_comes_with_the_addresses_it_sends_from(capsys: pytest.CaptureFixture[str]) -> None:
    names = {
        "example.test": {"TXT": [[f"v=spf1 ip4:{IP} -all"]]},
        **listing("dbl.spamhaus.org", "example.test"),
    }
    code, out = homing(capsys, names, "example.test", "--json")
    said = json.loads(out)
    assert code == Exit.FINDINGS
    subjects = {finding["subject"] for finding in said["findings"]}
    assert {f"{IP} @ zen.spamhaus.org", "example.test @ dbl.spamhaus.org"} <= subjects


def test_many_are_answered_line_by_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [{"ip": IP}, {"domain": "example.test"}, {"zone": "x"}]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(map(json.dumps, lines))))
    code, out = homing(capsys, {"example.test": {}}, "--jsonl")
    said = [json.loads(line) for line in out.splitlines()]
    assert code == Exit.USAGE
    assert [each.get("target", {}).get("domain") for each in said] == ["", "example.test", None]
    assert "missing" in said[2]["error"]


def test_the_terms_name_every_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["blocklists", "--terms"]) == Exit.CLEAN
    out = capsys.readouterr().out
    assert all(zone.name in out for zone in ZONES)
    assert all(zone.terms in out for zone in DEFAULT)


def test_a_mistake_has_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["blocklists"]) == Exit.USAGE
    assert "no address or domain was given" in capsys.readouterr().err


KEY = "sEcReTkEy0123456789abcdefg"


@pytest.mark.parametrize("form", [(), ("--json",), ("--sarif",), ("--timing",)])
@pytest.mark.parametrize("answer", ["127.0.0.2", "127.255.255.251", "TIMEOUT"])
def test_the_key_of_a_keyed_list_is_neither_printed_nor_logged(
    form: tuple[str, ...], answer: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Golden vector L14: findings, exports and logs name the list without its key."""
    caplog.set_level("DEBUG")
    home = Path(os.environ["HOMING_HOME"])
    home.mkdir()
    (home / "homing.toml").write_text(f'[[blocklists]]\nzone = "zen.spamhaus.org"\nkey = "{KEY}"\n')
    zones = choose([Wish("zen.spamhaus.org", key=KEY)])
    keyed = next(zone for zone in zones if zone.name == "zen.spamhaus.org")
    names = {**healthy(zones), keyed.entry(IP): {"A": "TIMEOUT" if answer == "TIMEOUT" else [answer]}}
    with served(names) as at:
        run(["blocklists", IP, *form, "--nameserver", at])
    said = capsys.readouterr()
    assert "zen.spamhaus.org" in said.out.lower() or "Spamhaus ZEN" in said.out
    assert KEY.lower() not in (said.out + said.err + caplog.text).lower()
