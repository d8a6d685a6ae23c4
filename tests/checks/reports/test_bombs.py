"""Archives and documents that are made to hurt: each is refused with its reason, in bounded memory."""

import gzip
import io
import tracemalloc
import zipfile

import pytest

from checks.reports import Unreadable, read_document
from checks.reports.unpack import LONGEST, unpack
from tests.checks.reports.test_aggregate import report


def zipped(*members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, member in enumerate(members):
            archive.writestr(f"{number}.xml", member)
    return target.getvalue()


def lying(archive: bytes) -> bytes:
    """An end record that tells of one member where there are many."""
    at = archive.rfind(b"PK\x05\x06")
    return archive[: at + 8] + b"\x01\x00\x01\x00" + archive[at + 12 :]


BOMBS = {
    "gzip 1000:1": (gzip.compress(b"a" * 30_000_000), "grows beyond"),
    "zip 1000:1": (zipped(b"a" * 30_000_000), "grows beyond"),
    "ten archives in each other": (zipped(zipped(zipped(zipped(report())))), "packed more than twice"),
    "a hundred thousand members": (zipped(*[b""] * 3_000), "more than 20 files"),
    "a directory that lies": (lying(zipped(*[b""] * 3_000)), "more than 20 files"),
    "a million elements deep": (b"<feedback>" + b"<a>" * 1_000_000, "nested too deep"),
    "an attribute without end": (b'<feedback x="' + b"a" * 5_000_000, "has no end"),
    "a text without end": (b"<feedback><error>" + b"a" * 5_000_000, "has no end"),
    "a billion laughs": (b'<!DOCTYPE a [<!ENTITY b "ha">]><feedback>&b;</feedback>', "DOCTYPE"),
    "longer than any report": (b"<" * (LONGEST + 1), "longer than"),
    "json a million deep": (b'{"policies":' + b"[" * 1_000_000, "not JSON"),
    "a gzip that was cut": (gzip.compress(report())[:-20], "cut off"),
    "a zip that was cut": (zipped(report())[:-30], "cut off"),
    "no gzip at all": (b"\x1f\x8bnot packed", "broken gzip"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_its_reason(name: str) -> None:
    bomb, why = BOMBS[name]
    found = read_document(bomb)
    assert isinstance(found, Unreadable)
    assert why in found.why


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_no_more_than_64_mb(name: str) -> None:
    tracemalloc.start()
    read_document(BOMBS[name][0])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64_000_000


@pytest.mark.parametrize(
    "packed", [gzip.compress(report()), zipped(report()), zipped(gzip.compress(report()))]
)
def test_what_receivers_pack_is_opened(packed: bytes) -> None:
    assert unpack(packed) == report()
