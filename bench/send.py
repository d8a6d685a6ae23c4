"""Messages a second into smtp-sink, and the CPU of each: Homing with every guarantee on, beside its peers.

Everybody sends the same personalised newsletter (20 KB of HTML, forty links), signed with RSA-2048, over 16
connections a process, two processes. Homing claims, asks for consent twice and writes every message down
before it goes and after; the others keep no record at all.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric import rsa

from bench.sending import letter
from bench.table import Row, Table
from data.campaigns import freeze_content
from data.migrate import migrate
from data.recipients import freeze, route, unrouted
from data.store import open_store, sqlite_url
from sender.delivery.dkim import Key
from tests.fakes.campaign import NOON, make_campaign, make_list
from tests.lab.daemon import free_port, running
from tests.lab.tools import LAB, find

ROOT = Path(__file__).resolve().parents[1]
NODEMAILER = "nodemailer@10.6.0"
PROCESSES = 2
CONNECTIONS = 16
RUNS = 3
MESSAGES = 4_000
SLOW_MESSAGES = 300
LETTER = {"subject": letter.SUBJECT, "html": letter.html("{{name}}"), "text": letter.text("{{name}}")}


class Report:
    """The table, and each goal with what was measured."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __str__(self) -> str:
        homing, node, obvious, _, signature = self._rows
        cpu, fast, far = homing.cpu_us / node.cpu_us, homing.rate / node.rate, homing.rate / obvious.rate
        goals = [
            ("CPU for a message, of nodemailer's", cpu, "at most 0.50, better 0.33", cpu <= 0.5),
            (
                "messages a second, of nodemailer's",
                fast,
                "at least 2",
                fast >= 2,
            ),
            ("… of the obvious stack's", far, "at least 10", far >= 10),
        ]
        said = [
            f"{what}: {value:.2f} ({wish}): {'reached' if reached else 'MISSED'}"
            for what, value, wish, reached in goals
        ]
        title = f"Sending: messages a second, {PROCESSES} processes, {CONNECTIONS} connections each"
        share = f"the signature is {signature.cpu_us / homing.cpu_us:.0%} of Homing's CPU"
        return "\n".join([str(Table(title, "messages/s", self._rows)), *said, share])


def measure() -> Report:
    """The two that are compared closely take turns, so that a busy machine troubles both alike."""
    with tempfile.TemporaryDirectory(prefix="homing-bench-") as name, _sink() as port:
        folder = Path(name)
        turns = [(_homing(folder / str(run), port), _nodemailer(folder, port)) for run in range(RUNS)]
        homing, node = _row("homing", [turn[0] for turn in turns]), _row("nodemailer", [t[1] for t in turns])
        obvious = _row("EmailMessage+dkimpy+aiosmtplib", [_obvious(port)])
        source = Row("smtp-source (the wire)", [_smtp_source(port)], 0.0)
    return Report([homing, node, obvious, source, _signature()])


def _row(name: str, found: Sequence[tuple[float, float]]) -> Row:
    """From (messages a second, CPU microseconds for a message) of each run."""
    return Row(name, [rate for rate, _ in found], median(cpu for _, cpu in found))


@contextmanager
def _sink() -> Iterator[int]:
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "log"
        arguments = ["-u", "nobody", f"127.0.0.1:{port}", "1000"]
        with running("smtp-sink", arguments, log=log, ready=lambda: _answers(port)):
            yield port


def _answers(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _together(
    commands: Sequence[list[str]], environment: dict[str, str] | None = None
) -> tuple[float, float]:
    """Start all, let them begin at once, and add up: (messages a second, CPU microseconds for a message)."""
    processes = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for command in commands
    ]
    for process in processes:
        assert process.stdout
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{commands[0]} did not start")
    began = time.perf_counter()
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [json.loads(process.communicate()[0]) for process in processes]
    seconds = time.perf_counter() - began
    messages = sum(each["messages"] for each in said)
    return messages / seconds, sum(each["cpu_seconds"] for each in said) / messages * 1e6


def _homing(folder: Path, port: int) -> tuple[float, float]:
    folder.mkdir()
    url = sqlite_url(folder / "homing.db")
    prepare(url, MESSAGES, {"host": "127.0.0.1", "port": port, "tls": "off",
                            "connections": CONNECTIONS * PROCESSES})  # fmt: skip
    return _together([[sys.executable, "-m", "bench.sending.homing", url]] * PROCESSES)


def prepare(url: str, people: int, settings: dict[str, object]) -> None:
    """A store with a campaign that is sending to so many people, frozen and looked up."""
    store = open_store(url)
    migrate(store)
    with store.write() as connection:
        list_id = make_list(connection, [f"p{n}@example.net" for n in range(people)])
        campaign_id = make_campaign(
            connection, list_id, kind="smtp", settings=settings, tracking="individual"
        )
        content = {
            "subject": letter.SUBJECT,
            "html": letter.html("{{name}}"),
            "text": letter.text("{{name}}"),
        }
        freeze_content(connection, campaign_id, content | {"preheader": ""})
        freeze(connection, campaign_id, list_id, NOON)
        route(connection, {"other": [row.id for row in unrouted(connection, people)]})
    store.close()


def _nodemailer(folder: Path, port: int) -> tuple[float, float]:
    node = find("node")
    npm = find("npm")
    if node is None or npm is None:
        raise RuntimeError("node and npm are not there: apt-get install nodejs npm")
    modules = LAB / "npm"
    if not (modules / "node_modules" / "nodemailer").exists():
        modules.mkdir(parents=True, exist_ok=True)
        install = [str(npm.path), "install", "--silent", "--prefix", str(modules), NODEMAILER]
        subprocess.run(install, check=True, capture_output=True)
    letter_file = folder / "letter.json"
    letter_file.write_text(json.dumps(LETTER))
    script = str(ROOT / "bench" / "sending" / "send.mjs")
    command = [str(node.path), script, str(port), str(MESSAGES // PROCESSES), str(letter_file)]
    return _together([command] * PROCESSES, {**node.environment, "NODE_PATH": str(modules / "node_modules")})


def _obvious(port: int) -> tuple[float, float]:
    numbers = [str(port), str(SLOW_MESSAGES // PROCESSES), str(CONNECTIONS)]
    return _together([[sys.executable, "-m", "bench.sending.obvious", *numbers]] * PROCESSES)


def _smtp_source(port: int) -> float:
    tool = find("smtp-source")
    assert tool is not None
    size = len(letter.html("Person")) + len(letter.text("Person"))
    options = ["-d", "-s", str(CONNECTIONS * PROCESSES), "-m", str(4 * MESSAGES), "-l", str(size)]
    began = time.perf_counter()
    subprocess.run(
        [str(tool.path), *options, f"127.0.0.1:{port}"], check=True, env=tool.environment, capture_output=True
    )
    return 4 * MESSAGES / (time.perf_counter() - began)


def _signature() -> Row:
    """The floor under everybody who signs with RSA-2048."""
    key = Key("example.com", "bench", rsa.generate_private_key(65537, 2048))
    began, spent = time.perf_counter(), time.process_time()
    for _ in range(500):
        key.sign(b"x" * 500)
    return Row(
        "the RSA-2048 signature alone",
        [500 / (time.perf_counter() - began)],
        (time.process_time() - spent) / 500 * 1e6,
    )
