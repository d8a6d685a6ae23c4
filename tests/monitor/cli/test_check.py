"""`homing check` over a real name server on loopback: what people and programs hold on to."""

import io
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from checks.names import reverse_name
from monitor.cli.main import Exit, run
from tests.fakes.lists import healthy, listing
from tests.fakes.served import served

pytestmark = pytest.mark.sockets

IP = "192.0.2.25"
SOA = ["ns.example.test", "host.example.test", 1, 3600, 600, 86400, 60]
WORLD: dict[str, Any] = {
    **healthy(),
    "example.test": {"SOA": [SOA], "TXT": [[f"v=spf1 ip4:{IP} -all"]], "MX": [[10, "mail.example.test"]]},
    "mail.example.test": {"A": [IP]},
    "open.example.test": {"TXT": [["v=spf1 +all"]]},
    reverse_name(IP): {"PTR": ["mail.example.test"]},
}


@pytest.fixture(autouse=True)
def _no_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but DNS: no greeting of mail servers, no HTTPS."""
    monkeypatch.setenv("HOMING__CHECKS__SMTP", "false")
    monkeypatch.setenv("HOMING__CHECKS__HTTPS", "false")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served(WORLD) as at:
        yield at


def homing(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["check", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_an_address_in_order_ends_with_zero(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = homing(capsys, "example.test", "--only", "rdns,blocklists", "--nameserver", server)
    assert (code, err) == (Exit.CLEAN, "")
    assert "in order" in out
    assert f"sends from {IP} (SPF ip4:{IP})" in out


def test_the_document_has_the_promised_keys(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = homing(
        capsys,
        "example.test",
        "--only",
        "rdns",
        "--nameserver",
        server,
        "--json",
        "--at",
        "2026-11-23T09:00Z",
    )
    said = json.loads(out)
    assert code == Exit.CLEAN
    assert {"schema_version", "target", "findings", "cards", "score"} <= set(said)
    assert said["schema_version"] == 1
    assert said["at"] == "2026-11-23T09:00:00+00:00"
    assert said["target"]["ips"] == [{"ip": IP, "origin": f"SPF ip4:{IP}"}]
    first = said["findings"][0]
    assert {"code", "state", "severity", "subject", "evidence", "sentence", "fix"} <= set(first)
    ptr = next(f for f in said["findings"] if f["code"] == "RDNS-001")
    assert ptr["evidence"][0]["answer"] == "mail.example.test"
    assert ptr["evidence"][0]["resolver"] == server


def test_findings_end_with_one_and_the_threshold_decides(capsys: pytest.CaptureFixture[str]) -> None:
    with served({**WORLD, **listing("psbl.surriel.com", IP)}) as at:
        base = ("example.test", "--only", "blocklists", "--nameserver", at)
        assert homing(capsys, *base)[0] == Exit.CLEAN
        code, out, _ = homing(capsys, *base, "--fail-on", "medium")
    assert code == Exit.FINDINGS
    assert "BL-003" in out
    assert "psbl.org/remove" in out


def test_an_unreachable_name_server_ends_with_three_and_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        at = f"127.0.0.1:{taken.getsockname()[1]}"
        code, out, err = homing(
            capsys, "example.test", "--only", "mx,rdns", "--nameserver", at, "--timeout", "0.4"
        )
        ignored, _, _ = homing(
            capsys,
            "example.test",
            "--only",
            "mx",
            "--nameserver",
            at,
            "--timeout",
            "0.4",
            "--unknown",
            "ignore",
        )
        failed, _, _ = homing(
            capsys,
            "example.test",
            "--only",
            "mx",
            "--nameserver",
            at,
            "--timeout",
            "0.4",
            "--unknown",
            "fail",
        )
    assert code == Exit.COULD_NOT_TELL
    assert f"no answer from {at}" in err
    assert "could not tell" in out
    assert (ignored, failed) == (Exit.CLEAN, Exit.FINDINGS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["192.0.2.25"], "is an address, not a domain"),
        (["user@example.test"], "is an e-mail address"),
        (["https://example.test/x"], "is a URL"),
        (["exa mple.test"], "has a space in it"),
        (["example.test", "--ip", "example.test"], "is not an IPv4 or IPv6 address"),
        (["example.test", "--only", "spff"], "There is no check called spff"),
        (["example.test", "--only", "relay"], "add --relay-probe"),
        (["example.test", "--nameserver", "127.0.0.1:x"], "the port must be a number"),
        ([], "no domain was given"),
    ],
)
def test_each_mistake_has_its_sentence_and_ends_with_two(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = homing(capsys, *arguments)
    assert (code, out) == (Exit.USAGE, "")
    assert sentence in err


def test_a_mistake_is_json_where_json_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = homing(capsys, "192.0.2.25", "--json")
    assert out == ""
    assert "is an address" in json.loads(err)["message"]


@pytest.mark.parametrize("given", ["EXAMPLE.test.", "example.test"])
def test_a_domain_may_be_written_as_people_write_it(
    given: str, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = homing(capsys, given, "--only", "rdns", "--nameserver", server, "--json")
    assert json.loads(out)["target"]["domain"] == "example.test"


def test_several_domains_give_a_list_and_the_gravest_exit(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = homing(
        capsys, "example.test", "bücher.test", "--only", "hygiene", "--nameserver", server, "--json"
    )
    assert [said["target"]["domain"] for said in json.loads(out)] == ["example.test", "xn--bcher-kva.test"]
    assert code == Exit.FINDINGS, "a domain that does not exist is a finding"


def test_everything_lists_what_is_in_order_too(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    base = ("example.test", "--only", "rdns", "--nameserver", server)
    assert "RDNS-004" not in homing(capsys, *base)[1]
    assert "RDNS-004" in homing(capsys, *base, "--all")[1]


def test_several_domains_come_in_the_order_they_were_given(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["mail.example.test", "example.test", "gone.example.test"]
    _, out, _ = homing(capsys, *names, "--only", "tls-rpt", "--nameserver", server, "--json")

    assert [each["target"]["domain"] for each in json.loads(out)] == names


def test_lines_in_are_lines_out_and_a_bad_line_keeps_its_place(
    server: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        {"domain": "example.test", "only": "tls-rpt", "ip": [IP]},
        {"domain": "not a domain"},
        {"domain": "example.test", "only": "no-such-check"},
        {"domain": "mail.example.test", "only": "tls-rpt", "profile": "corporate"},
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(json.dumps(line) + "\n" for line in lines)))
    code, out, _ = homing(capsys, "--jsonl", "--nameserver", server)
    told = [json.loads(line) for line in out.splitlines()]

    assert code == Exit.USAGE
    assert told[0]["target"]["ips"] == [{"ip": IP, "origin": "configured"}]
    assert "has a space" in told[1]["error"]
    assert "no check called no-such-check" in told[2]["error"]
    assert told[3]["target"]["profile"] == "corporate"


def test_a_run_that_was_stopped_goes_on_where_it_was(
    server: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [json.dumps({"domain": f"d{n}.example.test", "only": "tls-rpt"}) + "\n" for n in range(5)]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(lines)))
    _, out, _ = homing(capsys, "--jsonl", "--skip", "3", "--nameserver", server)

    told = [json.loads(line)["target"]["domain"] for line in out.splitlines()]
    assert told == ["d3.example.test", "d4.example.test"]


def test_sarif_names_each_fault_once_with_a_fingerprint_that_stays(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("gone.example.test", "--only", "mx,hygiene", "--nameserver", server, "--sarif")
    code, first, _ = homing(capsys, *arguments)
    _, second, _ = homing(capsys, *arguments)
    [run_] = json.loads(first)["runs"]
    levels = {result["ruleId"]: result["level"] for result in run_["results"]}

    assert code == Exit.FINDINGS
    assert levels["MX-001"] == "error"
    assert {rule["id"] for rule in run_["tool"]["driver"]["rules"]} == set(levels)
    prints = [
        [r["partialFingerprints"] for r in json.loads(text)["runs"][0]["results"]] for text in (first, second)
    ]
    assert prints[0] == prints[1]


def test_the_records_to_publish_are_printed_in_the_syntax_that_was_asked_for(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = homing(capsys, "open.example.test", "--only", "spf", "--fix", "bind", "--nameserver", server)
    assert "Records to publish" in out
    assert 'open.example.test. 3600 IN TXT "v=spf1 ' in out
    _, out, _ = homing(
        capsys, "open.example.test", "--only", "spf", "--fix", "octodns", "--nameserver", server, "--json"
    )
    assert any("type: TXT" in found["record"] for found in json.loads(out)["findings"])


def test_timing_names_the_longest_chain_on_stderr(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = homing(
        capsys, "example.test", "--only", "mx", "--ip", IP, "--timing", "--json", "--nameserver", server
    )

    assert json.loads(out)["schema_version"] == 1
    assert "the longest chain has 2" in err
    assert "example.test MX" in err


def test_nobody_is_asked_whether_it_relays_unless_the_option_is_given(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The MX has a documentation address, where nobody knocks: with the option the question stays open."""
    base = ("example.test", "--only", "smtp", "--nameserver", server, "--json")
    silent, out, _ = homing(capsys, *base)
    asked, told, _ = homing(capsys, *base, "--relay-probe")

    assert (silent, json.loads(out)["findings"]) == (Exit.CLEAN, [])
    [found] = json.loads(told)["findings"]
    assert (asked, found["code"], found["state"]) == (Exit.COULD_NOT_TELL, "SMTP-006", "unknown")


def test_the_help_says_what_the_relay_probe_may_bring(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = homing(capsys, "--help")
    assert "--relay-probe" in out
    assert "Danger" in out
