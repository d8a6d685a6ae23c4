"""`homing list` and `homing contact`: a person brings people in, tries before, and takes back."""

import json
import zipfile
from pathlib import Path

import pytest

from monitor.cli.main import Exit, run

TERMS = ["--list", "news", "--source", "shop form", "--wording", "Yes", "--offline"]


@pytest.fixture
def file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["list", "create", "news", "--title", "Brand News"]) == Exit.CLEAN
    capsys.readouterr()
    path = tmp_path / "people.csv"
    path.write_text("email,name\nada@example.com,Ada\nbob@gmial.com,Bob\nnobody,\n")
    return str(path)


def test_an_import_is_tried_done_repeated_listed_and_undone(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["contact", "import", file, *TERMS, "--consented-at", "2026-03-01", "--json"]
    assert run([*command, "--dry-run"]) == Exit.CLEAN
    dry = json.loads(capsys.readouterr().out)
    assert not (tmp_path / "people.csv.rejected.csv").exists()
    assert run(command) == Exit.CLEAN
    done = json.loads(capsys.readouterr().out)
    assert run(command) == Exit.CLEAN
    again = json.loads(capsys.readouterr().out)

    assert (dry["dry_run"], dry["import"]) == (True, None)
    assert dry["counts"] == done["counts"]
    assert (done["counts"]["rows"], done["counts"]["new"], done["counts"]["rejected"]) == (3, 2, 1)
    assert done["mistyped"] == [{"domain": "gmial.com", "meant": "gmail.com"}]
    assert again["already_done"]
    assert Path(done["rejected_rows"]).read_text("utf-8-sig").splitlines()[1].startswith("4,bad address")

    assert run(["contact", "imports", "--json"]) == Exit.CLEAN
    (listed,) = json.loads(capsys.readouterr().out)["imports"]
    assert (listed["id"], listed["state"], listed["source"]) == (done["import"], "done", "shop form")
    assert run(["contact", "undo", str(done["import"])]) == Exit.CLEAN
    assert "2 of them gone again" in capsys.readouterr().out
    assert run(["list", "show", "news", "--json"]) == Exit.CLEAN
    assert json.loads(capsys.readouterr().out)["lists"][0]["subscribed"] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--list", "news", "--source", " ", "--wording", "Yes"],
            "--source says where the consent comes from",
        ),
        (["--list", "news", "--source", "form"], "--wording says what they read and agreed to"),
        (["--list", "nowhere", "--source", "form"], "there is no list “nowhere”. There are: news."),
        ([*TERMS, "--consented-at", "soon"], "--consented-at is no date such as 2026-11-23: soon."),
        ([*TERMS, "--consented-at", "2199-01-01"], "--consented-at lies in the future."),
        ([*TERMS, "--map", "Mail=email"], "There is no column “Mail”. There are: email, name."),
        ([*TERMS, "--map", "email"], "--map “email” cannot be read: write COLUMN=MEANING"),
        ([*TERMS, "--encoding", "klingon"], "There is no encoding “klingon”."),
        ([*TERMS, "--delimiter", "::"], "The delimiter is one sign."),
    ],
)
def test_what_is_missing_or_wrong_is_said(
    file: str, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["contact", "import", file, *arguments]) == Exit.USAGE
    assert sentence in capsys.readouterr().err


def test_a_file_that_is_not_there_and_one_that_is_empty_are_said(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["contact", "import", str(tmp_path / "no.csv"), *TERMS]) == Exit.USAGE
    assert "cannot be read: No such file" in capsys.readouterr().err
    Path(file).write_text("")
    assert run(["contact", "import", file, *TERMS]) == Exit.USAGE
    assert "There is no table in people.csv." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["create", "News"], "“News” cannot be the name of a list"),
        (["create", "news"], "There is a list “news” already."),
        (["show", "gone"], "there is no list “gone”."),
    ],
)
@pytest.mark.usefixtures("file")
def test_a_list_needs_a_name_that_can_stand_in_a_header(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["list", *arguments]) == Exit.USAGE
    assert sentence in capsys.readouterr().err


@pytest.mark.usefixtures("file")
def test_a_confirmation_is_asked_for_by_a_person_only(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["list", "confirm", "news", "--from", "Brand <news@brand.test>"]
    assert run([*command, "--dry-run", "--json"]) == Exit.CLEAN
    assert json.loads(capsys.readouterr().out)["people"] == 0
    assert run(command) == Exit.USAGE
    assert "is in no sending domain" in capsys.readouterr().err


def test_a_list_goes_out_harmless_and_comes_in_again(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(file).write_text("email,name,age\nada@example.com,=1+1,36\n=x@example.com,Bob,\n")
    command = ["contact", "import", file, *TERMS, "--consented-at", "2026-03-01", "--map", "age=age:number"]
    assert run(command) == Exit.CLEAN
    out = tmp_path / "out.csv"
    capsys.readouterr()
    assert run(["list", "export", "news", "--output", str(out), "--json"]) == Exit.CLEAN
    assert json.loads(capsys.readouterr().out)["rows"] == 2
    lines = out.read_text("utf-8-sig").splitlines()

    assert lines[0] == "email,status,since,age,name"
    assert lines[1].startswith("ada@example.com,subscribed,")
    assert lines[1].endswith(",36,'=1+1")
    assert lines[2].startswith("'=x@example.com,")
    assert run(["list", "export", "news"]) == Exit.CLEAN
    assert capsys.readouterr().out.splitlines() == lines
    assert run(["list", "export", "news", "--json"]) == Exit.USAGE
    assert run(["list", "create", "again"]) == Exit.CLEAN
    again = ["contact", "import", str(out), *TERMS, "--consented-at", "2026-03-01", "--map", "since=-"]
    again[again.index("news")] = "again"
    assert run(again) == Exit.CLEAN
    capsys.readouterr()
    assert run(["list", "show", "again", "--json"]) == Exit.CLEAN
    assert json.loads(capsys.readouterr().out)["lists"][0]["subscribed"] == 2
    assert run(["contact", "show", "=x@example.com"]) == Exit.CLEAN
    assert run(["contact", "show", "'=x@example.com"]) == Exit.USAGE


MAILCHIMP = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,LEID,EUID"


def export_of_mailchimp(folder: Path, **members: str) -> str:
    """As Mailchimp packs it: a file for each status, in a folder of the archive."""
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("audience/readme.pdf", b"%PDF")
        for name, rows in members.items():
            archive.writestr(f"audience/{name}_members_export_1.csv", f"{MAILCHIMP}\n{rows}\n")
    return str(path)


def row(address: str) -> str:
    return f"{address},Ada,2,2025-01-02 03:04:05,192.0.2.1,1,ab"


def test_the_zip_of_a_mailchimp_export_is_read_as_it_comes(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who is subscribed joins, who left stays away, who was cleaned is suppressed: one command."""
    path = export_of_mailchimp(
        tmp_path,
        subscribed=f"{row('ada@example.com')}\n{row('nobody')}",
        unsubscribed=row("bob@example.com"),
        cleaned=row("eve@example.com"),
    )
    assert run(["contact", "import", path, *TERMS, "--json"]) == Exit.CLEAN
    said = json.loads(capsys.readouterr().out)
    assert said["archive"] == "export.zip"
    by_status = {each["file"]["status"]: each["counts"] for each in said["imports"]}
    assert by_status["subscribed"]["new"] == 1
    assert by_status["unsubscribed"]["unsubscribed"] == 1
    assert by_status["cleaned"]["cleaned"] == 1
    assert (tmp_path / "export.zip.rejected.subscribed_members_export_1.csv").exists()
    assert run(["suppression", "check", "eve@example.com"]) == Exit.FINDINGS
    capsys.readouterr()
    assert run(["contact", "import", path, *TERMS, "--json"]) == Exit.CLEAN
    assert all(each["already_done"] for each in json.loads(capsys.readouterr().out)["imports"])


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"bomb.csv": b"0" * 400_000_000}, "grows to more than a table"),
        ({f"{number}.csv": b"email\n" for number in range(21)}, "21 files in it; 20 are read at most"),
        ({"letter.pdf": b"%PDF"}, "There is no table in export.zip"),
    ],
)
def test_a_zip_that_is_no_export_is_refused_in_a_sentence(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], members: dict[str, bytes], sentence: str
) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert run(["contact", "import", str(path), *TERMS]) == Exit.USAGE
    assert sentence in capsys.readouterr().err


def test_a_zip_that_is_cut_off_is_refused_in_a_sentence(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(export_of_mailchimp(tmp_path, subscribed=row("ada@example.com")))
    path.write_bytes(path.read_bytes()[:-30])
    assert run(["contact", "import", str(path), *TERMS]) == Exit.USAGE
    assert "is a ZIP that cannot be read" in capsys.readouterr().err
