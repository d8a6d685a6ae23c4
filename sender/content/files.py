"""Files that go with a template: their media type, and how many and how large they may be."""

import mimetypes
from collections.abc import Mapping

from sender.content.mime import CID, Attachment
from sender.content.problem import ContentError

MOST_FILES = 20
MOST_BYTES = 10_000_000
"""All of them together. Base64 makes it a third more, and 25 MB is what Gmail takes at most."""


def attachments_of(files: Mapping[str, bytes], html: str) -> tuple[Attachment, ...]:
    """By name. A file whose name the HTML shows (`src="cid:NAME"`) is an inline image.

    Raises `ContentError` when they are too many or too large.
    """
    total = sum(map(len, files.values()))
    if len(files) > MOST_FILES:
        raise ContentError(f"{len(files)} files are too many; {MOST_FILES} is the most.")
    if total > MOST_BYTES:
        raise ContentError(
            f"The files have {total:,} bytes; {MOST_BYTES:,} is the most. Link to them instead."
        )
    return tuple(_attachment(name, content, html) for name, content in sorted(files.items()))


def _attachment(name: str, content: bytes, html: str) -> Attachment:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    shown = f"cid:{name}" in html
    if shown and not CID.match(name):
        raise ContentError(
            f"{name!r} cannot be shown inside the message. Use letters, digits, . _ - in its name."
        )
    return Attachment(name, kind, content, name if shown else "")
