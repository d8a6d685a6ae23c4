"""`homing doctor` against a real name server on loopback."""

import json
from typing import Any

import pytest

from monitor.cli.main import Exit, run
from tests.lab.faultdns import FaultDns, Traits

pytestmark = pytest.mark.sockets

ZONE: dict[str, Any] = {"": {"NS": ["ns.test"]}, "gmail.com": {"MX": [[10, "mx.test"]]}}


@pytest.fixture(autouse=True)
def _no_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMING__CHECKS__SMTP", "false")


def doctor(
    capsys: pytest.CaptureFixture[str], server: FaultDns, *arguments: str
) -> tuple[int, list[dict[str, Any]]]:
    host, port = server.address
    code = run(["doctor", "--json", "--timeout", "1", "--nameserver", f"{host}:{port}", *arguments])
    return code, json.loads(capsys.readouterr().out)["findings"]


def test_the_resolver_and_the_machine_are_told_in_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    with FaultDns(ZONE) as server:
        code, findings = doctor(capsys, server)
    states = {finding["code"]: finding["state"] for finding in findings}
    assert code == Exit.CLEAN
    assert {states["DOC-001"], states["DOC-012"], states["RES-007"]} == {"pass"}
    assert states["DOC-005"] == "warn"  # no list is served here, so all are silently empty
    assert all(finding["sentence"] for finding in findings)


def test_a_resolver_that_rewrites_is_found_out(capsys: pytest.CaptureFixture[str]) -> None:
    with FaultDns(ZONE, Traits(rewrites=True)) as server:
        code, findings = doctor(capsys, server)
    [finding] = [each for each in findings if each["code"] == "RES-007"]
    assert (code, finding["state"]) == (Exit.FINDINGS, "fail")
    assert "203.0.113.5" in finding["sentence"]


def test_without_a_resolver_the_machine_is_still_examined(capsys: pytest.CaptureFixture[str]) -> None:
    with FaultDns(ZONE) as server:
        pass
    code, findings = doctor(capsys, server)
    assert code == Exit.COULD_NOT_TELL
    assert "unreachable" in next(f["sentence"] for f in findings if f["code"] == "DOC-001").lower()
    assert any(finding["code"] == "DOC-012" for finding in findings)


def test_people_get_lines_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with FaultDns(ZONE) as server:
        host, port = server.address
        run(["doctor", "--nameserver", f"{host}:{port}"])
    out = capsys.readouterr().out
    assert f"✓ The resolver {host}:{port} answers." in out
    assert "    → " in out


def test_a_wrong_configuration_is_a_finding_and_not_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMING__WEB__PORT", "eight")
    with FaultDns(ZONE) as server:
        code, findings = doctor(capsys, server)
    assert code == Exit.FINDINGS
    assert any(finding["code"] == "DOC-016" and finding["state"] == "fail" for finding in findings)
