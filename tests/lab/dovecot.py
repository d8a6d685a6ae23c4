"""A real IMAP server: Dovecot's own on the Maildirs of a temporary folder, a process for each connection.

Unpacked under `.lab/`, Dovecot's master and its log-in do not find their modules, whose paths are built in.
So TLS and LOGIN are done here, and what answers afterwards is Dovecot. The front can also cut a connection
in the middle, as networks do.
"""

import asyncio
import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.background import background
from tests.lab.daemon import ServerBroken
from tests.lab.tools import ROOT, find
from tests.sender.delivery.smtp.certificates import certificate

USER, PASSWORD = "returns", "s3cret"
NOBODY = 65534
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
libexec_dir = {libraries}
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {user}
first_valid_uid = 0
first_valid_gid = 0
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


@dataclass
class Front:
    """`cuts`: for each connection to come, after how many octets of the server it is cut."""

    command: list[str]
    environment: dict[str, str]
    cuts: list[int] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = self.cuts.pop(0) if self.cuts else None
        with suppress(OSError, asyncio.IncompleteReadError):
            if await _logged_in(reader, writer):
                await self._connect(reader, writer, left)
        writer.transport.abort()

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int | None
    ) -> None:
        imap = await asyncio.create_subprocess_exec(
            *self.command, env=self.environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert imap.stdin is not None
        assert imap.stdout is not None
        await imap.stdout.readline()  # its own greeting: PREAUTH
        up = asyncio.ensure_future(_copy(reader, imap.stdin, None))
        await _copy(imap.stdout, writer, left)
        up.cancel()
        with suppress(ProcessLookupError):
            imap.kill()
        await imap.wait()


async def _logged_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    writer.write(b"* OK [CAPABILITY IMAP4rev1] Dovecot behind a front\r\n")
    while line := await reader.readline():
        tag, command, *rest = line.decode().split()
        if command == "LOGIN":
            good = rest == [USER, f'"{PASSWORD}"']
            writer.write(f"{tag} {'OK' if good else 'NO [AUTHENTICATIONFAILED]'} LOGIN\r\n".encode())
            if good:
                return True
        else:
            said = "* CAPABILITY IMAP4rev1\r\n" if command == "CAPABILITY" else ""
            writer.write(f"{said}{tag} OK {command}\r\n".encode())
    return False


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int | None) -> None:
    with suppress(OSError):
        while data := await reader.read(4096):
            if left is not None:
                if len(data) >= left:
                    writer.write(data[:left])
                    return
                left -= len(data)
            writer.write(data)
            await writer.drain()
        writer.close()


@dataclass(frozen=True, slots=True)
class Imap:
    """A running server. `authority` is the certificate that its clients must trust."""

    port: int
    authority: Path
    mail: Path
    front: Front

    def deliver(self, message: bytes, name: str) -> None:
        """Put a message into the inbox, as a delivery agent does."""
        (self.mail / "tmp" / name).write_bytes(message)
        (self.mail / "tmp" / name).rename(self.mail / "new" / name)

    def names(self, folder: str = "") -> list[str]:
        """The files of a folder, without the flags behind their names."""
        return sorted(path.name.partition(":")[0] for path in self._files(folder))

    def unread(self) -> list[str]:
        files = self._files("")
        return sorted(
            path.name.partition(":")[0] for path in files if "S" not in path.name.partition(":2,")[2]
        )

    def empty(self) -> None:
        """A mailbox made anew, with another UIDVALIDITY."""
        before = self.mail / "dovecot-uidlist"
        last = int(before.read_text().split("V")[1].split()[0]) if before.exists() else 1_000
        self.front.cuts.clear()
        shutil.rmtree(self.mail)
        for part in ("cur", "new", "tmp"):
            (self.mail / part).mkdir(parents=True)
        before.write_text(f"3 V{last + 1} N1\n")

    def _files(self, folder: str) -> list[Path]:
        home = self.mail / f".{folder}" if folder else self.mail
        return [path for part in ("cur", "new") for path in (home / part).glob("*")]


@contextmanager
def dovecot() -> Iterator[Imap]:
    """A server with the mailbox of USER, while the block runs."""
    with tempfile.TemporaryDirectory(prefix="homing-imap-") as name, background() as behind:
        folder = Path(name)
        shown = certificate(folder, "127.0.0.1")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(shown.chain, shown.key)
        front = _front(folder)
        server = behind.do(asyncio.start_server(front.serve, "127.0.0.1", 0, ssl=context))
        imap = Imap(int(server.sockets[0].getsockname()[1]), shown.chain, folder / "mail", front)
        (folder / "mail").mkdir()
        imap.empty()
        yield imap
        behind.loop.call_soon_threadsafe(server.close)


def _front(folder: Path) -> Front:
    """Dovecot reads its configuration through `doveconf`, and refuses to serve root."""
    conf, imap = find("doveconf"), find("dovecot")
    if conf is None or imap is None:
        raise ServerBroken("dovecot is not there: python -m tests.lab.setup")
    libraries = (ROOT if imap.path.is_relative_to(ROOT) else Path("/")) / "usr/lib/dovecot"
    user = NOBODY if os.geteuid() == 0 else os.geteuid()
    (folder / "dovecot.conf").write_text(CONFIG.format(folder=folder, libraries=libraries, user=user))
    command = [str(conf.path), "-c", str(folder / "dovecot.conf"), "-f", "service=imap", "-m", "imap",
               "-e", str(libraries / "imap")]  # fmt: skip
    namespace = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    if user == NOBODY:
        if subprocess.run([*namespace, "true"], capture_output=True).returncode:
            raise ServerBroken("Dovecot does not serve root, and there are no user namespaces here")
        command = [*namespace, *command]
    return Front(command, {**conf.environment, "HOME": str(folder), "USER": USER})
