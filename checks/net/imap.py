"""One visit to a mailbox over IMAP (RFC 3501, RFC 6851), with implicit TLS and nothing else.

STARTTLS is not offered: what a server says before TLS can be forged, and Python's client has been fooled by
it (CVE-2026-115559). A message is asked for up to a length and without marking it as read.
"""

import base64
import imaplib
import re
import ssl
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from checks.model import Again

TIMEOUT_SECONDS = 30.0
WINDOW = 5_000
"""UIDs asked for at once: the answer is one line, and lines have a bound."""

GMAIL_TABS = ("promotions", "updates", "social", "forums")
"""What Gmail's search knows beside the primary tab."""
LIST_LINE = re.compile(rb'\(([^)]*)\) (?:"(?:[^"\\]|\\.)*"|NIL) (.+)$', re.DOTALL)
USES = frozenset({"all", "archive", "drafts", "flagged", "important", "junk", "sent", "trash"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """Where a mailbox is. `ca_file`: an authority of one's own, "" for the system's."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    ca_file: str = ""
    token: str = field(default="", repr=False)
    """An OAuth 2 access token in place of the password (XOAUTH2)."""


@dataclass(frozen=True, slots=True)
class Folder:
    """`name` in plain letters; `uses` its special uses (RFC 6154), such as "junk", in lower case."""

    name: str
    uses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Head:
    """A message's header fields, and when the server took it in."""

    fields: bytes
    arrived: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """The visit failed. `again` NEVER: a person must mend the account."""

    why: str
    again: Again


class _Refused(Exception):
    """The server said NO or BAD."""


class Session:
    """What may be done during a visit; a failure ends the visit (`visit`)."""

    def __init__(self, client: imaplib.IMAP4_SSL, capabilities: Collection[str]) -> None:
        self._client = client
        self._capabilities = capabilities
        self.validity = 0
        self._next = 1

    def select(self, folder: str) -> None:
        """Open a folder; `validity` says afterwards whether its UIDs are still those of the last visit."""
        self._ask("select", _quoted(folder))
        self.validity = int(self._untagged("UIDVALIDITY") or 0)
        self._next = int(self._untagged("UIDNEXT") or 1)

    def uids(self, after: int) -> list[int]:
        """The UIDs of the messages that are there, above `after`, in order; those of a window at most."""
        for start in range(after + 1, self._next, WINDOW):
            found = self._ask("uid", "SEARCH", "UID", f"{start}:{min(start + WINDOW, self._next) - 1}")
            if uids := sorted(int(word) for line in found if line for word in line.split()):
                return uids
        return []

    def fetch(self, uid: int, longest: int) -> bytes | None:
        """The first octets of a message; None if it is not there any more."""
        parts = self._ask("uid", "FETCH", str(uid), f"(BODY.PEEK[]<0.{longest}>)")
        return next((part[1][:longest] for part in parts if isinstance(part, tuple)), None)

    # ---- looking only: a folder is examined, nothing is marked --------------------------------------

    def folders(self) -> list[Folder]:
        """Every folder that can be opened."""
        return [found for line in self._ask("list") if (found := _folder(line)) is not None]

    def examine(self, folder: str) -> None:
        """Open a folder for reading only (RFC 3501 section 6.3.2)."""
        status, data = self._client.select(_quoted(folder), readonly=True)
        if status != "OK":
            raise _Refused(f"EXAMINE: {_text(data)}")

    def with_message_id(self, message_id: str) -> list[int]:
        """The UIDs of the messages in the open folder that carry this Message-ID (without brackets)."""
        found = self._ask("uid", "SEARCH", "HEADER", "Message-ID", f'"<{_plain_id(message_id)}>"')
        return sorted(int(word) for line in found if line for word in line.split())

    def head(self, uid: int, longest: int) -> Head | None:
        """Without marking it as read; None if it is gone."""
        parts = self._ask("uid", "FETCH", str(uid), f"(INTERNALDATE BODY.PEEK[HEADER]<0.{longest}>)")
        for part in parts:
            if isinstance(part, tuple):
                moment = imaplib.Internaldate2tuple(part[0])
                if moment is not None:
                    return Head(part[1][:longest], datetime.fromtimestamp(time.mktime(moment), UTC))
        return None

    def gmail_category(self, message_id: str) -> str:
        """The tab of Gmail that a message of the open folder lies in; "" for the first, or elsewhere."""
        if "X-GM-EXT-1" not in self._capabilities:
            return ""
        for category in GMAIL_TABS:
            query = f'"category:{category} rfc822msgid:{_plain_id(message_id)}"'
            if any(self._ask("uid", "SEARCH", "X-GM-RAW", query)):
                return category
        return ""

    def file_away(self, uid: int, folder: str) -> None:
        """Move a message; where the server cannot, copy it and mark the original as read. Never deletes."""
        if "MOVE" in self._capabilities:
            self._with_folder(folder, "MOVE", uid)
            return
        self._with_folder(folder, "COPY", uid)
        self._ask("uid", "STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _with_folder(self, folder: str, command: str, uid: int) -> None:
        try:
            self._ask("uid", command, str(uid), _quoted(folder))
        except _Refused:
            with suppress(_Refused):
                self._ask("create", _quoted(folder))
            self._ask("uid", command, str(uid), _quoted(folder))

    def _ask(self, method: str, *arguments: str) -> Sequence[Any]:
        status, data = getattr(self._client, method)(*arguments)
        if status != "OK":
            raise _Refused(f"{arguments[0]}: {_text(data)}")
        return list(data)

    def _untagged(self, name: str) -> bytes | None:
        _, data = self._client.response(name)
        return data[-1] if data and data[-1] else None


def visit(account: Account, work: Callable[[Session], T]) -> T | Fault:
    """Log in, do the work, leave. What the server or the network does wrong is a Fault, not an exception."""
    where = f"{account.host}:{account.port}"
    try:
        context = ssl.create_default_context(cafile=account.ca_file or None)
        client = imaplib.IMAP4_SSL(account.host, account.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    except ssl.SSLCertVerificationError as error:
        return Fault(f"the certificate of {where} does not hold: {error.verify_message}", Again.NEVER)
    except (OSError, imaplib.IMAP4.error) as error:
        return Fault(f"no connection to {where}: {error}", Again.LATER)
    try:
        return _logged_in(client, account, work)
    except _Refused as error:
        return Fault(f"{where} refused {error}", Again.LATER)
    except (OSError, EOFError, imaplib.IMAP4.error, ValueError) as error:
        return Fault(f"{where} broke off: {str(error)[:200]}", Again.LATER)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            client.shutdown()


def _logged_in(client: imaplib.IMAP4_SSL, account: Account, work: Callable[[Session], T]) -> T | Fault:
    try:
        if account.token:
            said = f"user={account.user}\1auth=Bearer {account.token}\1\1".encode()
            client.authenticate("XOAUTH2", lambda challenge: b"" if challenge else said)
        else:
            client.login(account.user, account.password)
    except client.abort:
        raise
    except client.error:
        return Fault(f"{account.host} does not let {account.user} in", Again.NEVER)
    _, able = client.capability()  # many servers tell only now what they can do
    done = work(Session(client, _text(able).upper().split()))
    with suppress(OSError, imaplib.IMAP4.error):
        client.logout()
    return done


def _quoted(folder: str) -> str:
    """A folder's name in modified UTF-7 (RFC 3501 section 5.1.3), quoted."""
    encoded = re.sub("[^ -~]+|&", _shifted, folder)
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(match: re.Match[str]) -> str:
    if match[0] == "&":
        return "&-"
    letters = base64.b64encode(match[0].encode("utf-16-be")).rstrip(b"=").decode().replace("/", ",")
    return f"&{letters}-"


def _plain_id(message_id: str) -> str:
    """What may stand in a quoted string."""
    return re.sub(r"[^!#-\[\]-~]", "", message_id)


def _folder(line: Any) -> Folder | None:
    """One answer to LIST; a name that came as a literal is the second part of a tuple."""
    head, literal = (line[0], line[1]) if isinstance(line, tuple) else (line, None)
    found = LIST_LINE.match(head) if isinstance(head, bytes) else None
    if found is None:
        return None
    flags = {flag.lstrip("\\").lower() for flag in found[1].decode("ascii", "replace").split()}
    if "noselect" in flags or "nonexistent" in flags:
        return None
    name = literal if literal is not None else _unquoted(found[2].strip())
    return Folder(decoded(name.decode("ascii", "replace")), frozenset(flags & USES))


def _unquoted(name: bytes) -> bytes:
    if name.startswith(b'"') and name.endswith(b'"'):
        return re.sub(rb"\\(.)", rb"\1", name[1:-1])
    return name


def decoded(name: str) -> str:
    """A name in modified UTF-7 (RFC 3501 section 5.1.3) in plain letters; what is none stays as it is."""
    return re.sub(r"&([A-Za-z0-9+,]*)-", _letters, name)


def _letters(match: re.Match[str]) -> str:
    if not match[1]:
        return "&"
    coded = match[1].replace(",", "/")
    try:
        return base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-16-be")
    except ValueError:
        return match[0]


def _text(data: Sequence[Any]) -> str:
    return " ".join(each.decode("utf-8", "replace") for each in data if isinstance(each, bytes))[:2_000]
