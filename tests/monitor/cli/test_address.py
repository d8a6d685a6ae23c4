"""`homing address verify`: every level in one answer, for people and for programs."""

import io
import json

import pytest

from monitor.cli.main import Exit, run
from monitor.home import locate, prepare
from tests.fakes.served import served

pytestmark = pytest.mark.sockets
ZONE = {
    "brand.test": {"MX": [[10, "mx.brand.test"]]},
    "null.test": {"MX": [[0, "."]]},
    "gmial.com": {"MX": [[10, "mx.brand.test"]]},
}
Out = pytest.CaptureFixture[str]


def verified(out: Out, *arguments: str, code: int) -> list[dict[str, object]]:
    with served(ZONE) as server:
        home = prepare(locate())
        home.config_path.write_text(f'[resolver]\nnameservers = ["{server}"]\n')
        assert run(["address", "verify", "--json", *arguments]) == code
    found: list[dict[str, object]] = json.loads(out.readouterr().out)["addresses"]
    return found


def test_each_address_gets_its_verdict_and_the_reasons(capsys: Out) -> None:
    assert run(["suppression", "add", "gone@brand.test", "--reason", "hard_bounce"]) == Exit.CLEAN
    capsys.readouterr()
    wanted = {
        "Ada@Brand.test": ("ok", "mx", []),
        "info@brand.test": ("risky", "mx", ["an office, not a person"]),
        "ada@null.test": ("reject", "null_mx", ["the domain says that it takes no mail (null MX)"]),
        "ada@gone.test": ("reject", "no_domain", ["the domain does not exist"]),
        "not an address": ("reject", "not_asked", ["There is no @ in the address."]),
    }
    found = verified(capsys, *wanted, "bob@gmial.com", "gone@brand.test", code=Exit.FINDINGS)

    told = {each["address"]: (each["verdict"], each["domain"], each["reasons"]) for each in found}
    assert {address: told[address] for address in wanted} == wanted
    assert (found[5]["suggestion"], found[5]["verdict"]) == ("bob@gmail.com", "risky")
    assert (found[6]["suppressed"], found[6]["verdict"]) == ("hard_bounce", "reject")
    assert found[0]["mailbox"] == "Ada@brand.test"


def test_lines_are_answered_in_their_order_and_bad_ones_are_said(
    capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(json.dumps({"address": f"p{n}@brand.test"}) + "\n" for n in range(450))
    monkeypatch.setattr("sys.stdin", io.StringIO(lines + "no json\n"))
    assert run(["address", "verify", "--jsonl", "--offline"]) == Exit.USAGE
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert [each["address"] for each in told[:-1]] == [f"p{n}@brand.test" for n in range(450)]
    assert "error" in told[-1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "name an address, or give --jsonl"),
        (["a@b.test", "--smtp-probe"], "--smtp-probe needs --helo NAME, and cannot be --offline."),
        (["a@b.test", "--smtp-probe", "--helo", "x.test", "--offline"], "--smtp-probe needs --helo NAME"),
    ],
)
def test_what_is_missing_is_said(arguments: list[str], sentence: str, capsys: Out) -> None:
    assert run(["address", "verify", *arguments]) == Exit.USAGE
    assert sentence in capsys.readouterr().err


def test_the_help_tells_the_dangers_of_asking_servers(capsys: Out) -> None:
    assert run(["address", "verify", "--help"]) == Exit.CLEAN
    assert "DANGEROUS" in capsys.readouterr().out
