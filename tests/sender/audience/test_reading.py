"""Files as people have them: every encoding, delimiter and quote, and what is broken costs only itself."""

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sender.audience.importing.columns import (
    Column,
    Kind,
    MappingError,
    Means,
    Origin,
    Status,
    map_columns,
)
from sender.audience.importing.encoding import look_at
from sender.audience.importing.opening import open_file
from sender.audience.importing.people import Unfit, read_person
from sender.audience.importing.rows import Broken, Row, Rows
from sender.audience.importing.shape import Shape, shape_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WESTERN = "email;Stadt\nada@example.com;Zürich\nbob@example.com;Köln\n"
KOREAN = "이메일,이름,도시\nada@example.com,김민준,서울특별시\nbob@example.com,이서연,부산광역시\n"


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows_of(path: Path, shape: Shape | None = None) -> list[Row | Broken]:
    with Rows(path, shape or shape_of(path, look_at(path).encoding)) as rows:
        return [*rows]


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (WESTERN, "utf-8", "utf-8"),
        (WESTERN, "utf-8-sig", "utf-8-sig"),
        (WESTERN, "utf-16", "utf-16"),
        (WESTERN, "utf-16-le", "utf-16-le"),
        (WESTERN, "utf-16-be", "utf-16-be"),
        (WESTERN, "cp1252", "cp1252"),
        (KOREAN, "utf-8", "utf-8"),
        (KOREAN, "cp949", "cp949"),
        (KOREAN, "euc-kr", "cp949"),
        (KOREAN, "utf-16", "utf-16"),
        ("email\nada@example.com\n", "ascii", "utf-8"),
    ],
)
def test_an_encoding_is_found_from_the_bytes(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    path = written(tmp_path / "people.csv", text.encode(encoding))

    assert look_at(path).encoding == found
    assert [row.cells for row in rows_of(path) if isinstance(row, Row)] == [
        line.replace(";", ",").split(",") for line in text.splitlines()[1:]
    ]


def test_a_few_damaged_rows_do_not_change_the_encoding_of_all(tmp_path: Path) -> None:
    good = "".join(f"p{n}@example.com,Zürich\n" for n in range(100))
    path = written(tmp_path / "people.csv", f"email,city\n{good}".encode() + b"bad@example.com,Z\xfcrich\n")
    rows = rows_of(path)

    assert look_at(path).encoding == "utf-8"
    assert len(rows) == 101
    assert rows[-1] == Broken(102, "there are bytes in it that are no utf-8", "bad@example.com,Z�rich\n")


@pytest.mark.parametrize(
    "content",
    [
        "email,name\r\na@x.test,\"A, B\"\r\n",
        "email;name\na@x.test;A, B\n",
        "email\tname\na@x.test\tA, B\n",
        "email|name\na@x.test|A, B\n",
        "email,name\ra@x.test,\"A, B\"\r",
        "'email','name'\n'a@x.test','A, B'\n",
        "sep=;\r\nemail;name\r\na@x.test;A, B\r\n",
        "\n\nemail,name\n\na@x.test,\"A, B\"\n\n",
    ],
)  # fmt: skip
def test_delimiters_quotes_and_line_ends_are_found(tmp_path: Path, content: str) -> None:
    path = written(tmp_path / "people.csv", content)
    file = open_file(path, {})

    assert file.shape.names == ("email", "name")
    assert [row.cells for row in rows_of(path) if isinstance(row, Row)] == [["a@x.test", "A, B"]]


def test_quotes_escaped_with_a_backslash_are_found(tmp_path: Path) -> None:
    path = written(tmp_path / "people.csv", 'email,name\na@x.test,"A \\"B\\" C"\nb@x.test,"D \\"E\\" F"\n')

    assert [row.cells[1] for row in rows_of(path) if isinstance(row, Row)] == ['A "B" C', 'D "E" F']


def test_a_file_without_headings_shows_its_column_of_addresses(tmp_path: Path) -> None:
    file = open_file(written(tmp_path / "people.csv", "Ada,ada@x.test\nBob,bob@x.test\n"), {})

    assert [column.means for column in file.mapped.columns] == [Means.ATTRIBUTE, Means.EMAIL]
    assert len(rows_of(file.path)) == 2


def test_a_quote_that_is_never_closed_costs_its_own_line_only(tmp_path: Path) -> None:
    lines = [f"p{n}@x.test,ok" for n in range(500)]
    lines[100] = 'bad@x.test,"open'
    path = written(tmp_path / "people.csv", "email,name\n" + "\n".join(lines) + '\nlast@x.test,"open')
    rows = rows_of(path)

    assert [row.line for row in rows if isinstance(row, Broken)] == [102, 502]
    assert [row.line for row in rows] == list(range(2, 503))
    assert {len(row.cells) for row in rows if isinstance(row, Row)} == {2}


def test_line_breaks_in_quotes_are_part_of_a_cell(tmp_path: Path) -> None:
    path = written(tmp_path / "people.csv", 'email,note\na@x.test,"one\ntwo\n"\nb@x.test,x\n')

    assert rows_of(path) == [Row(2, ["a@x.test", "one\ntwo\n"]), Row(5, ["b@x.test", "x"])]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("a\x00@x.test,x", "there is a NUL in it"),
        ("y" * 70_000 + ",x", "the line is longer than 64000 signs"),
        ("y" * 3_000_000, "the line is longer than 64000 signs"),
        (
            '"' + "y" * 63_000 + "\n" + "z" * 90_000,
            "a quote is opened here, and a line that is too long follows",
        ),
    ],
)
def test_hostile_lines_are_rejected_by_themselves(tmp_path: Path, bad: str, why: str) -> None:
    path = written(tmp_path / "people.csv", f"email,name\na@x.test,x\n{bad}\nb@x.test,x\n")
    rows = rows_of(path, Shape("utf-8", ",", '"', None, 0, True, ("email", "name")))

    assert rows[0] == Row(2, ["a@x.test", "x"])
    assert isinstance(rows[1], Broken)
    assert rows[1].line == 3
    assert rows[1].why.startswith(why)
    assert isinstance(rows[-1], Row)
    assert rows[-1].cells == ["b@x.test", "x"]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with path.open("w") as file:
        file.write("email,name\n")
        file.write("z" * 30_000_000 + "\n")
        file.writelines(f'"p{n}@x.test,open\n' for n in range(3_000))
    tracemalloc.start()
    broken = sum(isinstance(row, Broken) for row in iter_rows(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert broken >= 1
    assert peak < 5_000_000


def iter_rows(path: Path) -> list[Row | Broken]:
    return rows_of(path, Shape("utf-8", ",", '"', None, 0, True, ("email", "name")))


MAILCHIMP = (
    "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,"
    "LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
)
META = (
    "id\tcreated_time\tad_id\tad_name\tadset_id\tadset_name\tcampaign_id\tcampaign_name\tform_id\tform_name\t"
    "is_organic\tplatform\temail\tfull_name\tphone_number"
)


def test_a_mailchimp_export_keeps_consent_and_what_a_template_needs(tmp_path: Path) -> None:
    row = (
        'ada@example.com,Ada,Byron,4,"2024-03-05 11:22:33",198.51.100.7,2024-03-05 11:25:00,198.51.100.7,'
        '52.5,13.4,1,2,Europe/Berlin,DE,BE,2025-01-01 00:00:00,1,abc,a note,"""vip"",""two words"""'
    )
    path = written(tmp_path / "subscribed_members_export_1.csv", f"{MAILCHIMP}\n{row}\n")
    file = open_file(path, {})
    (only,) = rows_of(path)
    assert isinstance(only, Row)
    person = read_person(only.cells, file.mapped, NOW)

    assert (file.mapped.origin, file.mapped.status) == (Origin.MAILCHIMP, Status.SUBSCRIBED)
    assert person.attributes == {
        "first_name": "Ada", "last_name": "Byron", "timezone": "Europe/Berlin", "country": "DE",
        "region": "BE",
    }  # fmt: skip
    assert person.tags == ("vip", "two words")
    assert person.consent_at == datetime(2024, 3, 5, 11, 22, 33, tzinfo=UTC)
    assert (person.confirmed_ip, person.confirmed_at) == (
        "198.51.100.7",
        datetime(2024, 3, 5, 11, 25, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("name", "extra", "status"),
    [
        ("export.csv", "UNSUB_TIME,UNSUB_REASON", Status.UNSUBSCRIBED),
        ("unsubscribed_members_1.csv", "X,Y", Status.UNSUBSCRIBED),
        ("export.csv", "CLEAN_TIME,CLEAN_CAMPAIGN_TITLE", Status.CLEANED),
        ("cleaned_members_1.csv", "X,Y", Status.CLEANED),
        ("subscribed_members_1.csv", "X,Y", Status.SUBSCRIBED),
    ],
)
def test_a_mailchimp_file_says_what_its_people_are(name: str, extra: str, status: Status) -> None:
    assert map_columns(f"{MAILCHIMP},{extra}".split(","), {}, file_name=name).status is status


def test_a_meta_export_is_read_without_its_prefixes(tmp_path: Path) -> None:
    row = (
        "l:1\t2026-05-01T10:20:30+0200\tag:1\tAd\tas:1\tSet\tc:1\tCamp\tf:77\tForm\tfalse\tig\tada@example.com\t"
        "Ada Byron\tp:+491701234"
    )
    path = written(tmp_path / "leads.csv", f"{META}\n{row}\n".encode("utf-16"))
    file = open_file(path, {})
    (only,) = rows_of(path)
    assert isinstance(only, Row)
    person = read_person(only.cells, file.mapped, NOW)

    assert (file.mapped.origin, file.shape.delimiter) == (Origin.META, "\t")
    assert person.attributes == {"full_name": "Ada Byron", "phone": "+491701234"}
    assert person.form == "77"
    assert person.consent_at == datetime(2026, 5, 1, 8, 20, 30, tzinfo=UTC)


def test_columns_mean_what_the_person_says(tmp_path: Path) -> None:
    wishes = {"Mail 2": "email", "Alter": "age:number", "Geb.": "birthday:date", "Mail": "-"}
    mapped = map_columns(["Mail", "Mail 2", "Alter", "Geb.", "Prénom"], wishes)

    assert mapped.columns == (
        Column(Means.NOTHING),
        Column(Means.EMAIL),
        Column(Means.ATTRIBUTE, "age", Kind.NUMBER),
        Column(Means.ATTRIBUTE, "birthday", Kind.DATE),
        Column(Means.ATTRIBUTE, "first_name"),
    )
    person = read_person(["x", "a@x.test", "34,5", "24.12.1990", "Zoë"], mapped, NOW)
    assert person.attributes == {"age": 34.5, "birthday": "1990-12-24", "first_name": "Zoë"}


@pytest.mark.parametrize(
    ("headings", "wishes", "sentence"),
    [
        (["name", "city"], {}, "There is no column of e-mail addresses among name, city. Name it: --map"),
        (["email"], {"Email": "email"}, "There is no column “Email”. There are: email."),
        (["email", "b"], {"b": "email"}, "There is more than one column of e-mail addresses"),
        (["email", "b"], {"b": "a b"}, "“b=a b” cannot be read"),
        (["email", "b"], {"b": "age:time"}, "“b=age:time” cannot be read"),
    ],
)
def test_columns_that_cannot_be_understood_get_a_sentence(
    headings: list[str], wishes: dict[str, str], sentence: str
) -> None:
    with pytest.raises(MappingError) as said:
        map_columns(headings, wishes)

    assert sentence in str(said.value)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["", "x"], "there is no address"),
        (["Ada <ada@x.test>"], "bad address"),
        (["ada@x.test\nBcc: eve@x.test"], "bad address"),
        (["ada@localhost"], "bad address"),
        (["a@x.test", "x", "", "", "", "y"], "6 cells where the header has 5"),
        (["a@x.test", "a\x07b"], "name has a control character in it"),
        (["a@x.test", "x" * 4_001], "name is longer than 4000 signs"),
        (["a@x.test", "", "dunno"], "the status “dunno” is not known"),
        (["a@x.test", "", "", "12/11/2026"], "consent_at is no date such as 2026-11-23: 12/11/2026"),
        (["a@x.test", "", "", "2027-01-01"], "consent_at cannot be: 2027-01-01"),
        (["a@x.test", "", "", "1970-01-01"], "consent_at cannot be: 1970-01-01"),
        (["a@x.test", "", "", "", "many"], "age is no number: many"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(cells: list[str], why: str) -> None:
    mapped = map_columns(["email", "name", "status", "consent_at", "age"], {"age": "age:number"})

    with pytest.raises(Unfit) as said:
        read_person(cells, mapped, NOW)

    assert why in str(said.value)


def test_an_address_is_trimmed_of_what_copying_leaves_and_never_mended() -> None:
    mapped = map_columns(["email"], {})

    assert read_person(["\u200b mailto:Ada@X.test\u00a0"], mapped, NOW).address.mailbox == "Ada@x.test"
    with pytest.raises(Unfit):
        read_person(["ada@x.test,"], mapped, NOW)
