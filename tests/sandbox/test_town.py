"""The sandbox as a whole: made in a home, run as a process, changed from outside, stopped without a trace."""

import asyncio
import json
import signal
import smtplib
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rcode
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

import monitor.sandbox
from checks.names import reverse_labels
from checks.net.clock import SystemClock
from data.secrets import secret_names
from data.store import Store, open_store
from monitor.config import load_config
from monitor.home import Home
from monitor.home import prepare as prepare_home
from monitor.problem import Problem
from monitor.sandbox import place, story
from monitor.sandbox.command import run
from monitor.sandbox.keys import public_half
from monitor.sandbox.place import Sandbox
from monitor.sandbox.serving import Town
from monitor.sandbox.world import DOMAINS
from monitor.vault import open_vault
from sender.delivery.keyring import Keyring, secret_name
from tests.fakes.background import background
from tests.sandbox.correspondence import HELO, NOW, RETURN_PATH, newsletter

FRONT_DOOR = Path(__file__).resolve().parents[2] / "homing.py"
PATIENCE_SECONDS = 20

Served = tuple[Home, Sandbox, "subprocess.Popen[bytes]"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv(place.ANYWHERE, "1")
    return prepare_home(Home(tmp_path / "sandbox"))


@contextmanager
def store_of(home: Home) -> Iterator[Store]:
    store = open_store(home.store_url)
    yield store
    store.close()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def code_of(sandbox: Sandbox, name: str) -> dns.rcode.Rcode | None:
    """The rcode of a look-up; None when there is no answer."""
    query = dns.message.make_query(name, "A")
    try:
        return dns.query.udp(query, "127.0.0.1", timeout=0.5, port=sandbox.ports["dns"]).rcode()
    except (dns.exception.Timeout, ConnectionRefusedError):
        return None


def test_a_prepared_home_is_a_valid_configuration_that_watches_every_domain(home: Home) -> None:
    sandbox = monitor.sandbox.prepare(home, contacts=200)
    config = load_config(home.config_path)

    assert home.is_sandbox
    assert [target.domain for target in config.targets] == [domain.name for domain in DOMAINS]
    assert config.resolver.nameservers == (sandbox.nameserver,)
    assert config.delivery.mx_port == sandbox.ports["smtp"]
    assert config.web.public_url == sandbox.web_url


def test_private_keys_are_sealed_in_the_store_and_nowhere_else(home: Home) -> None:
    monitor.sandbox.prepare(home, contacts=200)
    files = [path for path in home.path.rglob("*") if path.is_file()]

    assert [path.name for path in files if b"PRIVATE KEY" in path.read_bytes()] == ["providers.pem"]
    assert place.certificate_of(home).stat().st_mode & 0o777 == 0o600
    with store_of(home) as store, store.read() as connection:
        assert secret_name("harbour.test", "s1") in secret_names(connection)


def test_a_sandbox_that_was_killed_while_it_was_made_is_made_again(home: Home) -> None:
    """Its key must be the one that its DNS shows."""
    monitor.sandbox.prepare(home, contacts=200)
    place.file_of(home).unlink()
    sandbox = monitor.sandbox.prepare(home, contacts=200)

    with store_of(home) as store:
        signer = Keyring(store, open_vault(home, store), SystemClock())("harbour.test")
    assert signer is not None
    private = signer.keys[0].private
    assert isinstance(private, RSAPrivateKey)
    assert public_half(private) == sandbox.keys["harbour.test"]


def test_a_second_start_keeps_the_keys_and_moves_off_a_taken_port(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(place.ANYWHERE)
    first = monitor.sandbox.prepare(home, contacts=200)
    with background() as behind:
        server = behind.do(
            asyncio.start_server(lambda _reader, _writer: None, "127.0.1.3", first.ports["smtp"])
        )
        second = monitor.sandbox.prepare(home, seed=9, contacts=200)
        behind.loop.call_soon_threadsafe(server.close)

    assert second.keys == first.keys
    assert second.seed == first.seed
    assert second.ports["smtp"] != first.ports["smtp"]
    written = tomllib.loads(home.config_path.read_text())
    assert written["delivery"]["mx_port"] == second.ports["smtp"]


def test_a_folder_without_a_sandbox_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"There is no sandbox in .* `homing up --sandbox` makes one"):
        place.load(Home(tmp_path))


@pytest.fixture
def served(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Home, Sandbox, subprocess.Popen[bytes]]]:
    """The sandbox as `homing up` starts it."""
    sandbox = monitor.sandbox.prepare(home, contacts=200)
    monkeypatch.setenv("HOMING_HOME", str(home.path))
    with (home.log_dir / "sandbox.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, FRONT_DOOR, "sandbox"], stdout=log, stderr=log)
    until(lambda: place.ready_of(home).exists() or process.poll() is not None)
    yield home, sandbox, process
    process.kill()
    process.wait()


@pytest.mark.sockets
def test_the_process_answers_changes_at_a_word_and_stops_at_a_signal(
    served: Served,
) -> None:
    """What a visitor does: list an address, stop the DNS, start it again, Ctrl-C."""
    home, sandbox, process = served
    name = "10.2.0.192.zen.spamhaus.org"
    assert code_of(sandbox, name) == dns.rcode.NXDOMAIN

    assert run(["list", "192.0.2.10"]) == 0
    assert code_of(sandbox, name) == dns.rcode.NOERROR
    assert run(["delist", "192.0.2.10"]) == 0
    assert code_of(sandbox, name) == dns.rcode.NXDOMAIN

    assert run(["silence"]) == 0
    until(lambda: code_of(sandbox, name) is None)
    assert run(["answer"]) == 0
    until(lambda: code_of(sandbox, name) is not None)

    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_SECONDS) == 0
    assert not place.ready_of(home).exists()


@pytest.mark.sockets
def test_a_letter_is_taken_and_read_and_the_story_goes_on(home: Home) -> None:
    """Time runs a thousandfold: within a second somebody has opened, and Saltmarsh was listed and let go."""
    sandbox = monitor.sandbox.prepare(home, contacts=200)
    with store_of(home) as store:
        signer = Keyring(store, open_vault(home, store), SystemClock())("harbour.test")
    assert signer is not None
    with background() as behind:
        town = Town(home, sandbox, speed=1000)
        behind.do(town.open())
        with smtplib.SMTP("127.0.1.8", sandbox.ports["smtp"], local_hostname=HELO, timeout=5) as client:
            letter = newsletter("ann@corp.test", web=sandbox.web_url, signed=False)
            client.sendmail(RETURN_PATH, ["ann@corp.test"], signer.sign(letter, NOW))
        people = place.journal_of(home, "people")
        until(lambda: people.read_text().count("\n") >= 3)
        until(lambda: f"{reverse_labels(story.LISTED_IP)}.zen.spamhaus.org" in town.live.truth.changes)
        behind.do(town.close())

    (reply,) = [json.loads(line) for line in place.journal_of(home, "providers").read_text().splitlines()]
    assert (reply["provider"], reply["rcpt"], reply["reply"][:9]) == ("corp", "ann@corp.test", "250 2.0.0")
    visits = [json.loads(line) for line in people.read_text().splitlines()]
    assert {visit["deed"] for visit in visits[:3]} == {"follow-all"}
    assert {visit["status"] for visit in visits} == {0}, "nobody listens there, and that is no reason to stop"
