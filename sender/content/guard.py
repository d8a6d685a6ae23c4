"""Nobody's value becomes a header. Our own guard, on every Python version (CVE-2024-6923, CVE-2026-1299).

The standard library has let `=?utf-8?q?hi=0D=0ABcc:_evil?=` out as a real Bcc header. Homing encodes its
headers itself and still refuses a value that holds a control character before or after its encoded-words
are decoded, because a receiver, a relay or an archive may decode them once more than we do.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from quopri import decodestring

CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
ENCODED_WORD = re.compile(r"=\?[^?\s]{1,40}\?([bBqQ])\?([^?\s]*)\?=")
DECODINGS = 4
"""An encoded-word may hide another one; deeper than this is refused."""


class HeaderInjection(ValueError):
    """A value that must not enter a header; the message names the header, not the value."""


def check_value(header: str, value: str) -> str:
    """The value if it may stand in a header; raises `HeaderInjection` if it may not."""
    text = value
    for _ in range(DECODINGS):
        if CONTROLS.search(text):
            raise HeaderInjection(f"A control character or line break in {header} was refused.")
        decoded = ENCODED_WORD.sub(_decoded, text)
        if decoded == text:
            return value
        text = decoded
    raise HeaderInjection(f"Encoded-words inside encoded-words in {header} were refused.")


def _decoded(word: re.Match[str]) -> str:
    """As latin-1, whatever the charset: control characters are the same bytes in all that matter."""
    how, payload = word.groups()
    try:
        raw = decodestring(payload.encode(), header=True) if how in "qQ" else _base64(payload)
    except (binascii.Error, ValueError):
        return ""
    return raw.decode("latin-1").translate(HARMLESS_C1)


HARMLESS_C1 = dict.fromkeys(range(0x80, 0x100), "?")
"""Bytes of UTF-8 text look like C1 controls in latin-1; only C0 can end a line."""


def _base64(payload: str) -> bytes:
    return base64.b64decode(payload.rstrip("=") + "=" * (-len(payload.rstrip("=")) % 4))


WELL_FORMED = re.compile(rb"(?:[!-9;-~]+:[^\r\n\0]*\r\n(?:[ \t]+[^\r\n\0 \t][^\r\n\0]*\r\n)*)+\Z")
FIELD_NAME = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)


def header_names(message: bytes) -> list[str]:
    """The header names of a message in order, by the strictest reading: what any receiver could see as one.

    Raises `HeaderInjection` for a bare CR, a bare LF, a NUL or a line that is no header and no continuation.
    """
    head, _, _ = message.partition(b"\r\n\r\n")
    if WELL_FORMED.match(head + b"\r\n"):
        return [name.decode() for name in FIELD_NAME.findall(head)]
    if re.search(rb"\r(?!\n)|(?<!\r)\n|\x00", head):
        raise HeaderInjection("The header block holds a bare CR, a bare LF or a NUL.")
    names: list[str] = []
    for line in head.split(b"\r\n"):
        if line[:1] in (b" ", b"\t"):
            if not names or not line.strip():
                raise HeaderInjection("The header block holds an empty continuation line.")
            continue
        match = re.match(rb"([!-9;-~]+):", line)
        if not match:
            raise HeaderInjection("The header block holds a line that is no header.")
        names.append(match[1].decode())
    return names


def check_message(message: bytes, expected: Sequence[str]) -> None:
    """Raises `HeaderInjection` unless the message has exactly these headers, in this order."""
    if header_names(message) != list(expected):
        raise HeaderInjection("The message has other headers than it was given.")
