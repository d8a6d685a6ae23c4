"""In which encoding a file is written, found from all of its bytes in one pass, which also hashes them."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 20
SAMPLE = 1 << 18
"""Bytes beyond ASCII that are kept to judge an old encoding by."""
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MOSTLY = 0.95
"""Of the signs beyond ASCII: so many valid ones, and the rest are damaged rows of a UTF-8 file."""


@dataclass(frozen=True, slots=True)
class Looked:
    """`certain` is False where the encoding is an old one, which can only be guessed."""

    sha256: str
    size: int
    encoding: str
    certain: bool


def look_at(path: Path) -> Looked:
    """Read the file once, in bounded memory. Raises OSError."""
    digest, size, head = hashlib.sha256(), 0, b""
    strict, high = codecs.getincrementaldecoder("utf-8")(), bytearray()
    valid = True
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            head = head or block[:SAMPLE]
            digest.update(block)
            size += len(block)
            valid = valid and _decodes(strict, block)
            if len(high) < SAMPLE and not block.isascii():
                high += block[: SAMPLE - len(high)]
    encoding, certain = _encoding(head, bytes(high), valid and _decodes(strict, b"", final=True))
    return Looked(digest.hexdigest(), size, encoding, certain)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _encoding(head: bytes, high: bytes, valid_utf8: bool) -> tuple[str, bool]:
    for bom, name in BOMS:
        if head.startswith(bom):
            return name, True
    if wide := _utf16(head):
        return wide, True
    if valid_utf8 or _mostly_utf8(high):
        return "utf-8", True
    if _korean(high):
        return "cp949", False
    return ("latin-1" if any(high.count(byte) for byte in b"\x81\x8d\x8f\x90\x9d") else "cp1252"), False


def _utf16(head: bytes) -> str:
    """Without a mark: Latin text in UTF-16 has a zero in every other byte."""
    pairs = len(head) // 2
    if pairs < 4:
        return ""
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if odd > pairs * 0.4 and even < pairs * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > pairs * 0.4 and odd < pairs * 0.05 else ""


def _mostly_utf8(high: bytes) -> bool:
    text = high.decode("utf-8", "replace")
    beyond = [sign for sign in text if sign > "\x7f"]
    return bool(beyond) and beyond.count("�") <= len(beyond) * (1 - MOSTLY)


def _korean(high: bytes) -> bool:
    """Hangul comes in pairs of bytes; in Western text a letter with an accent stands mostly alone."""
    runs, length = [], 0
    for byte in high:
        if byte > 0x7F:
            length += 1
        elif length:
            runs.append(length)
            length = 0
    if length:
        runs.append(length)
    if not runs or sum(run for run in runs if run % 2 == 0) < sum(runs) * 0.9:
        return False
    text = high.decode("cp949", "replace")
    beyond = [sign for sign in text if sign > "\x7f"]
    return sum("가" <= sign <= "힣" for sign in beyond) >= len(beyond) * 0.8
