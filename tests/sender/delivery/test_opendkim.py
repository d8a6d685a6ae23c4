"""OpenDKIM as a second judge of the signatures, beside dkimpy: another reading of RFC 6376."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sender.delivery.dkim import Signer
from tests.lab.tools import find
from tests.sender.delivery.test_dkim import BODY, EDWARDS, FIELD, MESSAGE, NOW, RSA, published

BOTH = Signer((RSA, EDWARDS))
PASSED = [("pass", "rsa-sha256"), ("pass", "ed25519-sha256")]
FAILED = [("fail", "rsa-sha256"), ("fail", "ed25519-sha256")]
C_ONLY_BLANKS = str.maketrans("", "", "\v\f")
"""OpenDKIM takes them for blanks in a field; RFC 6376 section 2.8 knows space and tab only."""
FIELDS = st.lists(FIELD.map(lambda field: field.translate(C_ONLY_BLANKS)), max_size=8)
MESSAGES = st.tuples(FIELDS, BODY).map(
    lambda parts: (
        "From: a@example.com\r\n" + "".join(f"{field}\r\n" for field in parts[0]) + "\r\n" + parts[1]
    ).encode()
)
REPORT = re.compile(r"^opendkim: .*/(\d+)\.eml: (?:verification|message not signed).*$", re.MULTILINE)
RESULT = re.compile(r"\bdkim=(\w+)[^;]*?header\.a=([\w-]+)")


def judged(messages: Sequence[bytes], folder: Path) -> list[list[tuple[str, str]]]:
    """For each message OpenDKIM's result and algorithm of each signature, in one run and without DNS."""
    tool = find("opendkim")
    assert tool is not None
    keys = [f"{key.selector}._domainkey.example.com {published(key).decode()}\n" for key in (RSA, EDWARDS)]
    (folder / "keys").write_text("".join(keys))
    (folder / "conf").write_text(f"Mode v\nSyslog no\nTestDNSData file:{folder / 'keys'}\n")
    files = [folder / f"{number}.eml" for number in range(len(messages))]
    for file, message in zip(files, messages, strict=True):
        file.write_bytes(message)
    command = [str(tool.path), "-vv", "-x", str(folder / "conf"), "-t", ",".join(map(str, files))]
    done = subprocess.run(command, env=tool.environment, capture_output=True, timeout=60, check=True)
    before, *rest = REPORT.split(done.stdout.decode("utf-8", "replace"))
    numbers, texts = rest[::2], [before, *rest[1::2]]
    assert numbers == [str(number) for number in range(len(messages))], done.stderr[-500:]
    return [RESULT.findall(text) for text in texts[:-1]]


def drawn(count: int) -> list[bytes]:
    """The same messages every time: a failure is found again, and OpenDKIM starts once for all."""
    found: list[bytes] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(MESSAGES)
    def draw(message: bytes) -> None:
        found.append(message)

    draw()
    return found


@pytest.mark.lab("opendkim")
def test_opendkim_verifies_whatever_is_signed(tmp_path: Path) -> None:
    """Folding, repeated fields, odd blanks, empty bodies, bare LF and CR, eight-bit text; by either key."""
    signed = [BOTH.sign(message, NOW) for message in drawn(100)]

    verdicts = judged(signed, tmp_path)

    assert len(set(signed)) >= 50
    assert [(m, said) for m, said in zip(signed, verdicts, strict=True) if said != PASSED] == []


@pytest.mark.lab("opendkim")
@pytest.mark.parametrize("line", [b"x" * 998, "ä".encode() * 499, b"a " * 499, b"." * 998, b" " * 998])
def test_opendkim_verifies_lines_as_long_as_may_be(line: bytes, tmp_path: Path) -> None:
    message = b"X-Long: " + line[:990] + b"\r\n" + MESSAGE + line + b"\r\n" + line + b"\n" + line

    assert judged([BOTH.sign(message, NOW)], tmp_path) == [PASSED]


@pytest.mark.lab("opendkim")
def test_opendkim_says_no_to_what_was_changed_after_signing(tmp_path: Path) -> None:
    signed = BOTH.sign(MESSAGE, NOW)
    changed = [
        signed.replace(b"Hello.", b"Jello."),
        signed.replace(b"Subject: Hello", b"Subject: Jello"),
        b"From: eve@example.org\r\n" + signed,
        b"Subject: Buy\r\n" + signed,
        b"Cc: x@example.org\r\n" + signed,
        signed + b"more\r\n",
    ]

    assert judged([*changed, signed, MESSAGE], tmp_path) == [*[FAILED] * len(changed), PASSED, []]
