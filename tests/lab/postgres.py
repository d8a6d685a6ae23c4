"""A PostgreSQL of its own for the tests: in a temporary folder, on a loopback port, no systemd."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.lab.daemon import ServerBroken, free_port
from tests.lab.tools import Tool, find

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",  # the tests kill the worker, not the machine
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
}


@dataclass
class Server:
    """One PostgreSQL; `url` is that of its database `postgres`, whose owner may make others."""

    url: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, stdout=log, stderr=log)
        _wait(self.url, self.process, self.log)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: whoever is connected is turned away; SIGQUIT: as in a crash."""
        assert self.process
        self.process.send_signal(how)
        self.process.wait(20)


@contextmanager
def server() -> Iterator[Server]:
    """A running server in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="homing-pg-") as name:
        folder, port = Path(name), free_port()
        _run("initdb", folder, ["-D", f"{folder}/data", "-U", "homing", "-E", "UTF8", "--locale=C",
                                "--auth=trust", "--no-sync"])  # fmt: skip
        settings = {**SETTINGS, "port": str(port), "unix_socket_directories": name}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        command, tool = _command("postgres", folder)
        url = f"postgresql+psycopg://homing@127.0.0.1:{port}/postgres"
        made = Server(url, [*command, "-D", f"{folder}/data", *options], tool.environment, folder / "log")
        made.start()
        try:
            yield made
        finally:
            made.stop()


@contextmanager
def postgres() -> Iterator[str]:
    """A running server; yields the URL of its database `postgres`, whose owner may make others."""
    with server() as made:
        yield made.url


def new_database(url: str, name: str, template: str = "template0") -> str:
    """Make a database, as a copy of `template`; returns its URL."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()
    return url.rsplit("/", 1)[0] + f"/{name}"


def drop_database(url: str) -> None:
    """Remove the database that this URL names, whoever is still connected."""
    base, _, name = url.rpartition("/")
    engine = create_engine(f"{base}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


def _command(program: str, folder: Path) -> tuple[list[str], Tool]:
    """PostgreSQL refuses root. In a user namespace it is somebody else who may still read our files."""
    tool = find(program)
    if tool is None:
        raise ServerBroken(f"{program} is not there: python -m tests.lab.setup")
    if os.geteuid() != 0:
        return [str(tool.path)], tool
    namespace = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
    if subprocess.run([*namespace, "true"], capture_output=True).returncode == 0:
        return [*namespace, str(tool.path)], tool
    shutil.chown(folder, "nobody")
    return ["setpriv", "--reuid=nobody", "--clear-groups", str(tool.path)], tool


def _run(program: str, folder: Path, arguments: list[str]) -> None:
    command, tool = _command(program, folder)
    done = subprocess.run([*command, *arguments], env=tool.environment, capture_output=True, text=True)
    if done.returncode:
        raise ServerBroken(f"{program}: {done.stderr.strip() or done.stdout.strip()}")


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    address = url.replace("postgresql+psycopg", "postgresql")
    for _ in range(400):
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise ServerBroken(f"postgres did not come up: {log.read_text('utf-8', 'replace')[-2000:]}")
