"""An IMAP server whose mailbox is written down, with TLS on a loopback port: what a seed's provider
says, word by word.

It knows what reading a seed takes and nothing else: LIST, EXAMINE, UID SEARCH, UID FETCH. It never
changes anything, and a command that would is a fault of ours (`offences`).
"""

import asyncio
import base64
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.fakes.background import background
from tests.sender.delivery.smtp.certificates import certificate

USER, PASSWORD = "finch@example.test", "s3cret"


@dataclass
class Mail:
    """One message in a folder. `category` is Gmail's."""

    head: bytes
    arrived: datetime
    category: str = ""


@dataclass
class Box:
    """`folders`: name as on the wire (modified UTF-7) -> messages; `uses`: name -> special use.

    `drops`: how many commands each connection to come lives for; `token`: what XOAUTH2 must bring.
    """

    folders: dict[str, list[Mail]] = field(default_factory=lambda: {"INBOX": []})
    uses: dict[str, str] = field(default_factory=dict)
    gmail: bool = False
    password: str = PASSWORD
    token: str = ""
    drops: list[int] = field(default_factory=list)
    offences: list[str] = field(default_factory=list)
    visits: int = 0
    port: int = 0
    authority: Path = Path()


class _Talk:
    def __init__(self, box: Box, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.box, self.reader, self.writer = box, reader, writer
        self.folder = ""
        self.left = box.drops.pop(0) if box.drops else None
        box.visits += 1

    async def run(self) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            self.say("* OK ready")
            while line := (await self.reader.readline()).decode("latin-1").rstrip("\r\n"):
                if self.left is not None:
                    self.left -= 1
                    if self.left < 0:
                        break
                tag, _, rest = line.partition(" ")
                if not await self.command(tag, rest):
                    break
                await self.writer.drain()
        self.writer.transport.abort()

    def say(self, text: str) -> None:
        self.writer.write(text.encode("utf-8") + b"\r\n")

    async def command(self, tag: str, text: str) -> bool:
        verb = text.split(maxsplit=1)[0].upper() if text else ""
        if verb == "CAPABILITY":
            self.say(
                "* CAPABILITY IMAP4rev1 SPECIAL-USE AUTH=XOAUTH2" + (" X-GM-EXT-1" if self.box.gmail else "")
            )
        elif verb == "LOGIN":
            good = f'"{self.box.password}"' in text or text.endswith(self.box.password)
            return self.end(tag, good and not self.box.token, "[AUTHENTICATIONFAILED] no")
        elif verb == "AUTHENTICATE":
            return await self.token(tag)
        elif verb == "LIST":
            for name in self.box.folders:
                use = self.box.uses.get(name, "")
                self.say(f'* LIST (\\HasNoChildren{f" {chr(92)}{use}" if use else ""}) "/" "{name}"')
        elif verb == "EXAMINE":
            self.folder = text.partition(" ")[2].strip('"').replace('\\"', '"')
            self.say(f"* {len(self.box.folders.get(self.folder, ()))} EXISTS")
            self.say("* OK [UIDVALIDITY 1] ok")
        elif verb == "UID":
            self.uid(text)
        elif verb == "LOGOUT":
            self.say("* BYE")
        else:
            self.box.offences.append(text)
        self.say(f"{tag} OK done")
        return verb != "LOGOUT"

    def end(self, tag: str, good: bool, why: str) -> bool:
        self.say(f"{tag} {'OK' if good else 'NO'} {'in' if good else why}")
        return True

    async def token(self, tag: str) -> bool:
        self.say("+ ")
        await self.writer.drain()
        said = base64.b64decode((await self.reader.readline()).strip()).decode()
        return self.end(
            tag,
            bool(self.box.token) and f"Bearer {self.box.token}\1" in said,
            "[AUTHENTICATIONFAILED] expired",
        )

    def uid(self, text: str) -> None:
        mails = list(enumerate(self.box.folders.get(self.folder, ()), 1))
        if found := re.match(r'UID SEARCH HEADER Message-ID "(.+)"', text, re.IGNORECASE):
            hits = [
                uid
                for uid, mail in mails
                if f"message-id: {found[1]}".lower() in mail.head.decode("latin-1").lower()
            ]
            self.say(f"* SEARCH {' '.join(map(str, hits))}".rstrip())
        elif found := re.match(
            r'UID SEARCH X-GM-RAW "category:(\w+) rfc822msgid:(\S+)"', text, re.IGNORECASE
        ):
            hits = [
                uid
                for uid, mail in mails
                if mail.category == found[1] and found[2] in mail.head.decode("latin-1")
            ]
            self.say(f"* SEARCH {' '.join(map(str, hits))}".rstrip())
        elif found := re.match(r"UID FETCH (\d+) \(INTERNALDATE BODY\.PEEK\[HEADER\]", text, re.IGNORECASE):
            mail = dict(mails)[int(found[1])]
            date = mail.arrived.strftime("%d-%b-%Y %H:%M:%S +0000")
            told = f'UID {found[1]} INTERNALDATE "{date}" BODY[HEADER]<0> {{{len(mail.head)}}}'
            self.writer.write(f"* {found[1]} FETCH ({told}\r\n".encode() + mail.head + b")\r\n")
        else:
            self.box.offences.append(text)


@contextmanager
def serving(box: Box, folder: Path) -> Iterator[Box]:
    """The mailbox on a port of loopback, behind a certificate that `box.authority` vouches for."""
    shown = certificate(folder, "localhost", "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown.chain, shown.key)

    async def listen() -> asyncio.Server:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _Talk(box, reader, writer).run()

        return await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)

    with background() as behind:
        server = behind.do(listen())
        box.port, box.authority = server.sockets[0].getsockname()[1], shown.chain
        yield box
        behind.loop.call_soon_threadsafe(server.close)
