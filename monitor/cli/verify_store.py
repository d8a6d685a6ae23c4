"""`homing verify-store [FILE]`: hold a store, or a backup of one, against what it promises."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from data.invariants.table import Result
from data.store import sqlite_url
from monitor.cli.main import Exit
from monitor.cli.shell import single
from monitor.config import load_config
from monitor.home import locate
from monitor.problem import Problem
from monitor.storecheck import verify
from monitor.storeplace import reach, store_url

EXAMPLES = """
homing verify-store
homing verify-store --deep --json
homing verify-store backups/homing-20261123-120000.db
"""


def verify_store(
    file: Annotated[
        Path | None, typer.Argument(help="A backup of an SQLite store.", show_default=False)
    ] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Compare every index of an SQLite store, too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> int:
    """Check from outside what a store promises: one row a recipient, consent, nothing finished too early.

    Reads only, and may run while Homing works. Exit code 1 if anything is broken.
    """
    home = locate()
    store = reach(_place(file), read_only=True)
    try:
        results = list(verify(store, home, datetime.now(UTC), deep=deep))
        name = store.name if file is None else str(file)
    finally:
        store.close()
    _print_json(name, results) if as_json else _print(name, results)
    return Exit.FINDINGS if any(each.broken for each in results) else Exit.CLEAN


def _place(file: Path | None) -> str:
    """The URL of the store that is meant. Raises Problem when there is none."""
    home = locate()
    if file is None and load_config(home.config_path).store.url.get_secret_value():
        return store_url(home, load_config(home.config_path))
    path = file.absolute() if file else home.store_path
    if not path.is_file():
        hint = "" if file else " Start Homing there with `homing up`, or name its home in HOMING_HOME."
        raise Problem(f"There is no store at {path}.{hint}")
    return sqlite_url(path)


def _print_json(name: str, results: Sequence[Result]) -> None:
    rows = [
        {"key": r.key, "holds": r.holds, "broken": r.broken, "examples": [*r.examples], "mend": r.mend}
        for r in results
    ]
    whole = not any(each.broken for each in results)
    document = {"schema_version": 1, "store": name, "whole": whole, "invariants": rows}
    typer.echo(json.dumps(document, ensure_ascii=False))


def _print(name: str, results: Sequence[Result]) -> None:
    for each in results:
        typer.echo(f"{'ok      ' if not each.broken else 'BROKEN  '}{each.holds}")
        if each.broken:
            typer.echo(f"        {each.broken}: {', '.join(each.examples)}{_more(each)}")
            typer.echo(f"        {each.mend}")
    broken = sum(1 for each in results if each.broken)
    typer.echo(f"{name}: {f'{broken} of {len(results)} promises broken' if broken else 'everything holds'}.")


def _more(result: Result) -> str:
    return " …" if result.broken > len(result.examples) else ""


run = single("verify-store", verify_store, EXAMPLES)
