"""Mail that came in, waiting to be read: one file each, on disk before the sender is told that we have it.

A message is read in a process that can be killed (`sender.returns.reading`); one that was begun three times
without an end is moved to `quarantine/`, where a person finds it, and never stops the others.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

TRIES = 3
QUARANTINE = "quarantine"
MAIL = ".mail"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message in the intake; `tries` counts how often reading it was begun.

    `hook` names the webhook that it came by ("" for mail), whose body is of the content type `kind`.
    """

    path: Path
    envelope_to: str
    tries: int
    hook: str = ""
    kind: str = ""

    def read(self) -> bytes:
        return self.path.read_bytes().partition(b"\n")[2]


def put(folder: Path, message: bytes, envelope_to: str, now: datetime) -> str:
    """Keep a message; on disk when it returns. Returns its name. Raises OSError."""
    return _keep(folder, message, {"to": envelope_to[:320]}, now)


def put_call(folder: Path, body: bytes, hook: str, kind: str, now: datetime) -> str:
    """Keep the body of a webhook's call, of the content type `kind`; on disk when it returns."""
    return _keep(folder, body, {"to": "", "hook": hook, "kind": kind[:200]}, now)


def _keep(folder: Path, message: bytes, head_of: Mapping[str, str], now: datetime) -> str:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now:%Y%m%dT%H%M%S}-{uuid4().hex}"
    head = json.dumps({**head_of, "at": now.isoformat()}).encode() + b"\n"
    draft = folder / f".{name}"
    with draft.open("xb") as file:
        file.write(head + message)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / f"{name}.0{MAIL}")
    _sync(folder)
    return name


def waiting(folder: Path) -> Iterator[Waiting]:
    """What is to be read, the oldest first."""
    for path in sorted(folder.glob(f"*{MAIL}")):
        try:
            with path.open("rb") as file:
                head = json.loads(file.readline())
            hook, kind = str(head.get("hook", "")), str(head.get("kind", ""))
            yield Waiting(path, str(head["to"]), int(path.suffixes[-2][1:]), hook, kind)
        except (ValueError, KeyError, IndexError, OSError):
            quarantine(path, "not written by us")


def begin(item: Waiting) -> Waiting | None:
    """Count one more try before it is made; None if it was the last one and the message is quarantined."""
    if item.tries >= TRIES:
        quarantine(item.path, f"reading it failed {TRIES} times")
        return None
    stem = item.path.name.removesuffix(f".{item.tries}{MAIL}")
    path = item.path.with_name(f"{stem}.{item.tries + 1}{MAIL}")
    item.path.rename(path)
    return replace(item, path=path, tries=item.tries + 1)


def done(item: Waiting) -> None:
    item.path.unlink(missing_ok=True)


def quarantine(path: Path, why: str) -> None:
    """Put a message aside with the reason beside it."""
    folder = path.parent / QUARANTINE
    folder.mkdir(mode=0o700, exist_ok=True)
    path.rename(folder / path.name)
    (folder / f"{path.name}.why").write_text(why + "\n", encoding="utf-8")


def quarantined(folder: Path) -> Iterator[tuple[Path, str]]:
    """What was put aside, and why; the oldest first."""
    for path in sorted((folder / QUARANTINE).glob(f"*{MAIL}")):
        reason = path.with_name(f"{path.name}.why")
        yield path, reason.read_text("utf-8").strip() if reason.exists() else ""


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
