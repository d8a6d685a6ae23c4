"""`homing contact import|imports|undo`: people come in, and an import goes again."""

import functools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from data import imports
from data.imports import Import
from monitor.app import App, open_app
from monitor.cli import options, persons
from monitor.cli.importing import document, lines, progress
from monitor.cli.list import named
from monitor.cli.main import complain
from monitor.cli.shell import application, exits, run_typer
from monitor.cli.tables import told
from monitor.problem import Problem
from monitor.senses import open_senses
from sender.audience.hygiene.reach import Reaching
from sender.audience.importing.archive import tables_in
from sender.audience.importing.columns import MappingError
from sender.audience.importing.job import File, Job, Outcome, Refused
from sender.audience.importing.judging import Screen
from sender.audience.importing.opening import open_file
from sender.audience.importing.people import Unfit, read_moment
from sender.audience.importing.plan import Terms
from sender.audience.importing.undo import touched, undo

EXAMPLES = """
homing contact import people.csv --list news --source "shop sign-up form" --wording "Yes, send me the news" --consented-at 2026-03-01 --dry-run
homing contact imports
homing contact undo 3
homing contact export ada@example.com --output ada.json
homing contact erase ada@example.com
"""  # noqa: E501 - an example is one line

app = application("People: bring them in, look at one, let one go (docs/audience.md).", EXAMPLES)


@dataclass(frozen=True, slots=True)
class Done:
    """One table that was brought in; None: a dry run writes no rejected rows."""

    file: File
    outcome: Outcome
    rejected: Path | None


@app.command("import")
@exits
def bring_in(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV or TSV, in any usual encoding, or a ZIP of them.")
    ],
    into: Annotated[str, typer.Option("--list", help="The list that they agreed to.")],
    source: Annotated[str, typer.Option("--source", help="Where they agreed: a form, a shop, a fair.")],
    wording: Annotated[str, typer.Option("--wording", help="What they read and agreed to.")] = "",
    consented_at: Annotated[
        str, typer.Option("--consented-at", metavar="TIME", help="When, for rows that do not say it.")
    ] = "",
    form: Annotated[str, typer.Option("--form", help="Which version of the wording it was.")] = "",
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="They confirmed by double opt-in there.")
    ] = False,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="COLUMN=MEANING", help="email, an attribute, attribute:number, :date, tags, - …"
        ),
    ] = None,
    encoding: Annotated[str, typer.Option(help="Instead of the one that is found.")] = "",
    delimiter: Annotated[str, typer.Option(help="Instead of the one that is found.")] = "",
    reject_roles: Annotated[bool, typer.Option("--reject-roles", help="Leave out info@, sales@ …")] = False,
    reject_disposable: Annotated[
        bool, typer.Option("--reject-disposable", help="Leave out throw-away addresses.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask DNS about the domains.")] = False,
    rejected: Annotated[
        Path | None, typer.Option(help="Where rejected rows go; default: beside FILE.")
    ] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Say what would be, and store nothing.")] = False,
    as_json: options.Json = False,
) -> int:
    """Bring people in from a file: your own table, or an export of Mailchimp (its ZIP) or Meta lead ads.

    Stopped or killed, the same command goes on where it was. It never brings back who left, complained or
    bounced. `homing contact undo` takes an import back.

    Example: `homing contact import leads.csv --list news --source "lead ad" --wording "Yes" --dry-run`
    """
    with ExitStack() as stack:
        instance = stack.enter_context(open_app())
        senses = stack.enter_context(open_senses(instance.config))
        audience = named(instance, into)
        paths = stack.enter_context(_tables(file))
        found = [_open(path, mapping or [], encoding, delimiter) for path in paths]
        terms = Terms(
            audience.id, audience.double_opt_in, _said(source, "--source"), wording.strip(), form,
            _moment(consented_at, instance), confirmed,
        )  # fmt: skip
        for each in found:
            _check_wording(each, terms)
        reaching = Reaching(None if offline else senses.dns)
        screen = Screen(reaching, instance.fingerprint, reject_roles, reject_disposable)
        done: list[Done] = []
        for each in found:
            beside = None if dry else _beside(file, each, rejected)
            with progress(each.looked.size) as tell:
                job = Job(instance.store, each, terms, screen, instance.now, beside, tell)
                done.append(Done(each, _run(job, dry), beside))
    if reaching.cut_off:
        complain("homing: DNS does not answer, so the domains were not looked at.", 0)
    return _told(file, done, as_json)


def _told(file: Path, done: list[Done], as_json: bool) -> int:
    """One file's document, or those of all files of an archive."""
    said = [document(each.file, each.outcome, each.rejected) for each in done]
    text = "\n\n".join(
        "\n".join(lines(each.file, each.outcome, its)) for each, its in zip(done, said, strict=True)
    )
    archived = done[0].file.path != file
    return told({"archive": file.name, "imports": said} if archived else said[0], as_json, text)


def _beside(file: Path, table: File, wanted: Path | None) -> Path:
    """Where a table's rejected rows go: each table of an archive has a file of its own."""
    if table.path == file:
        return wanted or file.with_name(f"{file.name}.rejected.csv")
    beside = wanted or file.with_name(f"{file.name}.rejected.csv")
    return beside.with_name(f"{beside.stem}.{table.path.stem}{beside.suffix}")


@contextmanager
def _tables(path: Path) -> Iterator[Sequence[Path]]:
    try:
        with tables_in(path) as found:
            yield found
    except MappingError as error:
        raise Problem(str(error)) from error
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from error


def _open(path: Path, mapping: list[str], encoding: str, delimiter: str) -> File:
    wishes: dict[str, str] = {}
    for wish in mapping:
        column, sign, meaning = wish.rpartition("=")
        if not sign:
            raise Problem(f"--map “{wish}” cannot be read: write COLUMN=MEANING, such as Mail=email.")
        wishes[column] = meaning
    try:
        return open_file(path, wishes, encoding=encoding, delimiter="\t" if delimiter == "\\t" else delimiter)
    except MappingError as error:
        raise Problem(str(error)) from error
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from error


def _run(job: Job, dry: bool) -> Outcome:
    try:
        return job.dry() if dry else job.run()
    except Refused as error:
        raise Problem(str(error)) from error
    except OSError as error:
        raise Problem(f"{error.filename or job.rejected}: {error.strerror}.") from error


def _said(text: str, option: str) -> str:
    if not text.strip():
        raise Problem(f"{option} says where the consent comes from; without it nobody can be written to.")
    return text.strip()


def _check_wording(found: File, terms: Terms) -> None:
    """People who are asked to be written to have agreed to words; those who left need none."""
    if found.mapped.joins and not terms.wording:
        raise Problem("--wording says what they read and agreed to; without it the consent proves nothing.")


def _moment(text: str, instance: App) -> Any:
    if not text:
        return None
    try:
        moment = read_moment(text, "--consented-at")
    except Unfit as error:
        raise Problem(f"{error}.") from error
    if moment > instance.now():
        raise Problem("--consented-at lies in the future.")
    return moment


@app.command("imports")
@exits
def list_imports(
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20, as_json: options.Json = False
) -> int:
    """The latest imports, the newest first.

    Example: `homing contact imports --json`
    """
    with open_app() as instance, instance.store.read() as connection:
        found = imports.all_imports(connection, limit)
    text = [_line(each) for each in found] or ["Nothing was imported yet."]
    return told({"imports": [*map(_import, found)]}, as_json, "\n".join(text))


@app.command("undo")
@exits
def take_back(
    number: Annotated[int, typer.Argument(metavar="IMPORT", help="Its number.")],
    as_json: options.Json = False,
) -> int:
    """Take an import back: what was before is again, and what people did since stays.

    Example: `homing contact undo 3`
    """
    with open_app() as instance, progress(touched(instance.store, number)) as tell:
        try:
            undone = undo(instance.store, number, instance.now, lambda people: tell(people, people))
        except Refused as error:
            raise Problem(str(error)) from error
    said = {"import": number, "people": undone.people, "removed": undone.removed, "lifted": undone.lifted}
    text = (
        f"Import {number} is taken back: {undone.people} people as they were before, "
        f"{undone.removed} of them gone again; {undone.lifted} suppressions lifted."
    )
    return told(said, as_json, text)


def _line(each: Import) -> str:
    counts = each.counts
    return (
        f"{each.id}  {each.at:%Y-%m-%d %H:%M}  {each.state:8}  {each.file}: {each.rows_done} rows, "
        f"{counts.get('new', 0)} new, {counts.get('rejected', 0)} rejected ({each.source})"
    )


def _import(each: Import) -> dict[str, Any]:
    counts = {name: number for name, number in each.counts.items() if name != "rejected_bytes"}
    return {
        "id": each.id, "file": each.file, "sha256": each.sha256, "state": each.state.value,
        "source": each.source, "wording": each.wording, "rows": each.rows_done, "counts": counts,
        "at": each.at.isoformat(), "ended_at": each.ended_at.isoformat() if each.ended_at else None,
    }  # fmt: skip


persons.add_to(app)
run = functools.partial(run_typer, app, "contact")
