"""Opens gzip and zip, one inside the other at most, and never further than a bomb's fuse.

Nothing is written to disk and nothing is trusted: sizes told by an archive are not believed, only counted.
"""

import io
import struct
import zipfile
import zlib

from checks.reports.model import Unreadable

LONGEST = 24_000_000
"""Octets of an opened report. The largest receivers' reports for busy domains stay below."""
PACKED = 8_000_000
"""Octets of a packed one."""
RATIO, FREE = 120, 1_000_000
"""XML of reports packs about 1:20; what grows more than RATIO beyond FREE octets is a bomb."""
MEMBERS, DIRECTORY = 20, 16_384
DEEPEST = 2
CHUNK = 65_536

GZIP, ZIP, END = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"


def unpack(data: bytes, depth: int = 0) -> bytes | Unreadable:
    """The document inside `data`, or `data` itself when it is not packed."""
    if not data.startswith((GZIP, ZIP)):
        return data if len(data) <= LONGEST else Unreadable(f"longer than {LONGEST:,} octets")
    if depth == DEEPEST:
        return Unreadable("packed more than twice")
    if len(data) > PACKED:
        return Unreadable(f"packed and longer than {PACKED:,} octets")
    opened = _gunzip(data) if data.startswith(GZIP) else _unzip(data)
    return opened if isinstance(opened, Unreadable) else unpack(opened, depth + 1)


def _gunzip(data: bytes) -> bytes | Unreadable:
    stream, opened, rest = zlib.decompressobj(31), bytearray(), data
    limit = _limit(len(data))
    try:
        while rest and not stream.eof:
            opened += stream.decompress(rest, CHUNK)
            rest = stream.unconsumed_tail
            if len(opened) > limit:
                return Unreadable(f"grows beyond {limit:,} octets when unpacked")
    except zlib.error as error:
        return Unreadable(f"broken gzip: {error}")
    return bytes(opened) if stream.eof else Unreadable("cut off: the gzip stream has no end")


def _unzip(data: bytes) -> bytes | Unreadable:
    """The first member that is a file."""
    if why := _distrust(data):
        return Unreadable(why)
    limit = _limit(len(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            member = next((each for each in archive.infolist() if not each.is_dir()), None)
            if member is None:
                return Unreadable("an archive without a file")
            with archive.open(member) as file:
                opened = file.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        return Unreadable(f"broken zip: {error}")
    return opened if len(opened) <= limit else Unreadable(f"grows beyond {limit:,} octets when unpacked")


def _distrust(data: bytes) -> str:
    """What the end of the archive tells, read before its directory is: it may name 100,000 members."""
    at = data.rfind(END, max(0, len(data) - 66_000))
    if at < 0 or len(data) < at + 22:
        return "cut off: the archive has no end"
    members, directory = (
        struct.unpack_from("<H", data, at + 10)[0],
        struct.unpack_from("<L", data, at + 12)[0],
    )
    if members > MEMBERS or directory > DIRECTORY:
        return f"an archive of more than {MEMBERS} files"
    return ""


def _limit(packed: int) -> int:
    return min(LONGEST, max(FREE, packed * RATIO))
