"""`homing webhook`: the address to enter, a secret that is never shown again, and what came."""

import io
import json
import os
from pathlib import Path

import pytest

from data.hook_tally import Tally, tally
from monitor.app import open_app
from monitor.cli.main import Exit, run
from sender.returns.hooks.book import find_secrets
from tests.fakes.esps import SendGrid


@pytest.fixture(autouse=True)
def home() -> Path:
    path = Path(os.environ["HOMING_HOME"])
    path.mkdir()
    (path / "homing.toml").write_text('[web]\npublic_url = "https://t.brand.test/"\n')
    return path


def test_the_address_is_that_of_the_public_url(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["webhook", "url", "mailgun", "--server", "eu"]) == Exit.CLEAN
    assert capsys.readouterr().out == "https://t.brand.test/hooks/mailgun/eu\n"


def test_a_login_is_made_up_shown_once_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["webhook", "secret", "postmark", "--new-login"]) == Exit.CLEAN
    address = capsys.readouterr().out.strip()
    login = address.removeprefix("https://").removesuffix("@t.brand.test/hooks/postmark")
    with open_app() as app, app.store.read() as connection:
        kept = find_secrets(connection, app.keys, "postmark")
    assert kept is not None
    assert kept.logins == [login]
    assert run(["webhook", "list"]) == Exit.CLEAN
    assert login not in capsys.readouterr().out


def test_a_key_is_read_from_stdin_or_from_a_pem_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("sesame\n"))
    assert run(["webhook", "secret", "mandrill", "--key", "-"]) == Exit.CLEAN
    key = SendGrid().secrets.key
    (home / "key.pem").write_text(f"-----BEGIN PUBLIC KEY-----\n{key}\n-----END PUBLIC KEY-----\n")
    assert run(["webhook", "secret", "sendgrid", "--key-file", str(home / "key.pem")]) == Exit.CLEAN
    assert "sesame" not in "".join(capsys.readouterr())
    with open_app() as app, app.store.read() as connection:
        found = [find_secrets(connection, app.keys, hook) for hook in ("mandrill", "sendgrid")]
    assert [each.key for each in found if each] == ["sesame", key]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["url", "gmail"], "there is no provider “gmail”. There are: mailgun"),
        (["secret", "mailgun"], "mailgun: give its signing key: --key."),
        (["secret", "sendgrid", "--key", "abc"], "sendgrid: give the verification key"),
        (["secret", "ses", "--topic", "bounces"], "“bounces” is not the ARN of an SNS topic."),
        (["secret", "postmark"], "postmark: it signs nothing: --new-login, --login or --header."),
        (["secret", "mailgun", "--remove"], "no secret is stored for mailgun."),
    ],
)
def test_what_is_lacking_is_said_with_the_option(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["webhook", *arguments]) == Exit.USAGE
    assert sentence in capsys.readouterr().err


def test_what_came_is_listed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    run(["webhook", "secret", "mailgun", "--key", "k"])
    with open_app() as app, app.store.write() as connection:
        for _ in range(2):
            tally(connection, Tally("mailgun", "recorded", "delivered", 1, app.now()))
    capsys.readouterr()
    assert run(["webhook", "list", "--json"]) == Exit.CLEAN
    hook = json.loads(capsys.readouterr().out)["hooks"][0]
    assert (hook["hook"], hook["open"], hook["counts"][0]["count"]) == ("mailgun", True, 2)
    assert run(["webhook", "secret", "mailgun", "--remove"]) == Exit.CLEAN
