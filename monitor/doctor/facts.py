"""The facts about this machine and this interpreter. No opinion; `monitor/doctor/machine.py` has that."""

import ctypes
import ctypes.util
import email.errors
import io
import os
import shutil
import socket
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from monitor.doctor.machine import Clock, Disk, Port, Version
from monitor.home import Home

SECONDS = 3.0
_TIMEX_BYTES = 512  # struct timex has 208 on 64-bit Linux
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised


def clock() -> Clock:
    here = Path(__file__).resolve().parent
    newest = max(path.stat().st_mtime for path in here.glob("*.py"))
    return Clock(datetime.now(UTC), datetime.fromtimestamp(newest, UTC), _synchronised())


def _synchronised() -> bool | None:
    """What adjtimex(2) says; it only reads when no mode is set."""
    try:
        library = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
        state = library.adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _TIME_ERROR


def disk(home: Home) -> Disk:
    """Of the home, or of the folder that it would be made in."""
    there = next(path for path in (home.path, *home.path.parents) if path.exists())
    usage = shutil.disk_usage(there)
    return Disk(str(home.path), usage.free, usage.total, _unwritable(there))


def _unwritable(folder: Path) -> str:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def port(process: str, host: str, number: int) -> Port:
    """Try to listen; 0 is always free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
        except OSError as error:
            return Port(process, host, number, error.strerror or str(error))
    return Port(process, host, number)


def connections(servers: Iterable[tuple[str, int]]) -> Mapping[str, str]:
    """Each server with "" when a connection came about, else why not; side by side."""
    wanted = list(servers)
    with ThreadPoolExecutor(max(1, len(wanted))) as pool:
        return dict(zip((host for host, _ in wanted), pool.map(_connection, wanted), strict=True))


def _connection(server: tuple[str, int]) -> str:
    try:
        with socket.create_connection(server, timeout=SECONDS):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def python_version() -> Version:
    return tuple(sys.version_info[:3])


def python_faults() -> Mapping[str, str]:
    """The faults that this interpreter has, by trying: distributions mend them under old version numbers."""
    return {what: mended for what, (holds, mended) in _TRIALS.items() if not holds()}


def _knows_private_addresses() -> bool:
    return ip_address("64:ff9b:1::1").is_private


def _refuses_header_injection() -> bool:
    return hasattr(email.errors, "HeaderWriteError")  # came with the guard, `verify_generated_headers`


def _refuses_overlapping_archives() -> bool:
    """Entries of an archive that share their bytes are how a small file unpacks to gigabytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a", b"x")
        archive.writestr("b", b"y")
        archive.filelist[1].header_offset = archive.filelist[0].header_offset + 1
    try:
        with zipfile.ZipFile(made) as archive:
            archive.open(archive.filelist[0]).close()
    except zipfile.BadZipFile:
        return True
    return False


_TRIALS: Mapping[str, tuple[Callable[[], bool], str]] = {
    "takes some private addresses for public ones": (
        _knows_private_addresses,
        "CVE-2024-4032, mended in 3.11.10 and 3.12.4",
    ),
    "lets a line break in a header of a message write another header": (
        _refuses_header_injection,
        "CVE-2024-6923, mended in 3.11.10 and 3.12.5",
    ),
    "unpacks archives whose parts overlap, small files that become huge": (
        _refuses_overlapping_archives,
        "CVE-2024-0450, mended in 3.11.8 and 3.12.2",
    ),
}


def running(home: Home) -> bool:
    """Whether `homing up` runs on this home: it writes down its ports."""
    return home.ports_file.exists() and os.access(home.ports_file, os.R_OK)
