"""`homing domain` and `homing keys`, against a real name server on loopback."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data.placement import Seed, save_seed
from data.sending_domains import find_sending_domain
from data.servers import save_server
from data.tables import recipient
from monitor.app import open_app
from monitor.cli.main import Exit, run
from monitor.home import locate
from monitor.sandbox.truth import rewritten
from monitor.sandbox.zone import Zone
from monitor.sending import open_engine
from monitor.senses import open_senses
from tests.fakes.nameserver import Served, serving

pytestmark = pytest.mark.sockets
ADD = ("domain", "add", "brand.test", "--ip", "192.0.2.25", "--helo", "mail.brand.test")
HERE = "--by-resolver"
Say = Callable[..., tuple[int, str, str]]


def soa(name: str) -> list[Any]:
    return [["ns1.brand.test", f"h.{name}", 1, 3600, 600, 86400, 60]]


EMPTY: dict[str, Any] = {
    "brand.test": {"SOA": soa("brand.test")},
    "2.0.192.in-addr.arpa": {"SOA": soa("rir.test")},
}


@pytest.fixture
def dns() -> Iterator[Served]:
    with serving(Zone(EMPTY), ttl=0) as served:
        yield served


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], dns: Served) -> Say:
    """Run a command line; (exit code, stdout, stderr)."""
    with open_app() as app, app.store.write() as connection:
        save_server(connection, "sink", "sink", {}, app.now())
    config = f'[resolver]\nnameservers = ["127.0.0.1:{dns.port}"]\n[checks]\nhttps = false\nsmtp = false\n'
    locate().config_path.write_text(config)

    def said(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        return (code, *capsys.readouterr())

    return said


def told(say: Say, *arguments: str) -> tuple[int, Any]:
    code, out, err = say(*arguments, "--json")
    assert out, err
    return code, json.loads(out)


def publish(dns: Served, records: list[dict[str, Any]]) -> None:
    """What a person does: put every record into the zone."""
    names: dict[str, Any] = {name: dict(types) for name, types in EMPTY.items()}
    for record in records:
        there = names.setdefault(record["name"], {})
        there.setdefault(record["type"], []).append(rdata(record["type"], record["value"]))
    for name, types in names.items():
        dns.live.change(rewritten(name, types))


def rdata(kind: str, value: str) -> Any:
    match kind:
        case "TXT":
            return [value[at : at + 255] for at in range(0, len(value), 255)]
        case "MX":
            preference, host = value.rstrip(".").split()
            return [int(preference), host]
    return value.rstrip(".")


def test_a_domain_is_added_published_and_ready(say: Say, dns: Served) -> None:
    code, added = told(say, *ADD)
    assert code == Exit.CLEAN
    assert added["domain"]["return_path_domain"] == "bounce.brand.test"
    assert {record["what"] for record in added["records"]} == {
        *("SPF", "DKIM", "DMARC", "return path", "SPF of the return path", "tracking", "HELO", "PTR")
    }
    code, seen = told(say, "domain", "verify", "brand.test", HERE, "--no-test")
    assert (code, seen["ready"]) == (Exit.FINDINGS, False)
    assert {record["state"] for record in seen["records"]} == {"absent"}
    publish(dns, added["records"])
    code, seen = told(say, "domain", "verify", "brand.test", HERE, "--no-test")
    assert (code, seen["ready"]) == (Exit.CLEAN, True), seen
    assert say("domain", "list")[1].splitlines()[1].split()[:2] == ["brand.test", "since"]
    with open_app() as app, app.store.read() as connection:
        found = find_sending_domain(connection, "brand.test")
    assert found is not None
    assert found.ready_at is not None
    code, seen = told(say, "domain", "add", "brand.test", "--ip", "192.0.2.26")
    assert seen["domain"]["ready_at"] is None, "what is to be published changed"
    assert seen["domain"]["helo"] == "mail.brand.test"


@pytest.mark.parametrize("syntax", ["bind", "route53", "cloudflare", "terraform", "octodns"])
def test_the_records_come_in_every_syntax(say: Say, syntax: str) -> None:
    code, out, err = say(*ADD, "--syntax", syntax)
    assert code == Exit.CLEAN
    assert out.count("\n# ") + out.startswith("# ") >= 8
    assert "v=spf1 ip4:192.0.2.25 ~all" in out
    assert "ask the owner of the address" in out
    assert "homing domain verify brand.test --watch" in err


def test_watching_ends_when_all_is_live_and_a_test_message_follows(
    say: Say, dns: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = told(say, *ADD)[1]["records"]
    say("own", "add", "ann@x.test")
    monkeypatch.setattr(time, "sleep", lambda _seconds: publish(dns, records))
    code, out, _ = say("domain", "verify", "brand.test", HERE, "--watch", "--wait", "0")
    assert code == Exit.CLEAN
    assert out.count("– DKIM: absent") == 1
    assert "brand.test is ready to send." in out
    assert "Test message to ann@x.test: pending" in out
    assert "As a receiver sees it: SPF pass, DKIM pass, DMARC pass" in out
    assert "Score: " in out


def test_a_seed_s_mailbox_is_read_back(
    say: Say, dns: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(dns, told(say, *ADD)[1]["records"])
    (tmp_path / "mail" / "new").mkdir(parents=True)
    with open_app() as app, app.store.write() as connection:
        where = {"path": str(tmp_path / "mail")}
        save_seed(connection, Seed(0, "mine", "seed@x.test", "x", "maildir", where), app.now())
    _, seen = told(say, "domain", "verify", "brand.test", HERE, "--wait", "0")
    assert (seen["test"]["address"], seen["test"]["state"], seen["test"]["folder"]) == (
        "seed@x.test",
        "pending",
        None,
    )


def test_a_key_is_rotated_only_once_it_is_published(say: Say, dns: Served) -> None:
    records = told(say, *ADD)[1]["records"]
    publish(dns, records)
    say("domain", "verify", "brand.test", HERE, "--no-test")
    code, made = told(say, "keys", "rotate", "brand.test")
    [new] = made["keys"]
    assert (code, new["state"]) == (Exit.CLEAN, "made")
    code, waiting = told(say, "keys", "rotate", "brand.test", HERE)
    assert (code, waiting["keys"][0]["published"]) == (Exit.FINDINGS, "absent")
    both = [*records, {"name": new["name"], "type": "TXT", "value": new["record"]}]
    publish(dns, both)
    code, switched = told(say, "keys", "rotate", "brand.test", HERE, "--keep-days", "3")
    assert (code, switched["signing"]) == (Exit.CLEAN, new["selector"])
    states = {key["selector"]: key["state"] for key in told(say, "keys", "list")[1]["keys"]}
    assert states == {new["selector"]: "signing", switched["retired"]: "retired"}
    assert told(say, "keys", "publish-check", "brand.test", HERE)[0] == Exit.CLEAN
    code, _, err = say("keys", "revoke", "brand.test", switched["retired"])
    assert (code, "may be under way" in err) == (Exit.USAGE, True)
    assert '"v=DKIM1; p="' in say("keys", "revoke", "brand.test", switched["retired"], "--early")[1]


def test_the_second_signature_needs_a_published_key(say: Say, dns: Served) -> None:
    publish(dns, told(say, *ADD)[1]["records"])
    assert "keys generate brand.test --ed25519" in say("keys", "second", "brand.test", "--on", HERE)[2]
    [new] = told(say, "keys", "generate", "brand.test", "--ed25519")[1]["keys"]
    assert "not every name server has" in say("keys", "second", "brand.test", "--on", HERE)[2]
    publish(dns, [{"name": new["name"], "type": "TXT", "value": new["record"]}])
    assert told(say, "keys", "second", "brand.test", "--on", HERE)[1]["second_signature"] is True
    assert told(say, "domain", "show", "brand.test")[1]["domain"]["second_signature"] is True


def test_what_is_not_there_gets_its_sentence(say: Say) -> None:
    assert (
        "is no sending domain. There is none yet. Add it: homing domain add"
        in say("domain", "show", "x.test")[2]
    )
    assert "there is no sending server nobody" in say(*ADD, "--server", "nobody")[2]
    assert say("domain", "add", "https://x.test/")[0] == Exit.USAGE


def deliver(letter: Path) -> None:
    """A worker sends into the sink, and the message's head turns up in the seed's mailbox."""
    with open_app() as app, open_senses(app.config) as senses:
        open_engine(app, senses).work_once()
        with app.store.read() as connection:
            message_id = connection.scalars(select(recipient.c.message_id)).one()
    letter.write_text(f"Message-ID: <{message_id}>\n\n")
