"""`homing backup [FILE]`: a copy of the store, taken while Homing works."""

import json
from pathlib import Path
from typing import Annotated

import typer

from monitor.app import open_app
from monitor.cli.main import Exit
from monitor.cli.shell import single
from monitor.restoring import backup_path, save

EXAMPLES = """
homing backup
homing backup /mnt/safe/homing.db
homing backup --with-key --json
"""


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to; default: `backups/` in the home.", show_default=False)
    ] = None,
    with_key: Annotated[bool, typer.Option("--with-key", help="Put the key file beside it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> int:
    """Copy the store into one file, while Homing works on it or not.

    SQLite is copied by its online backup, PostgreSQL by pg_dump. The key file that opens the store's
    secrets is not in it: keep it elsewhere, or ask for it with --with-key. homing.toml is not in it either.
    """
    with open_app() as app:
        now = app.now()
        target = (file or backup_path(app.home, app.store, now)).absolute()
        key = save(app.home, app.store, target, now, with_key=with_key)
        size = target.stat().st_size
    if as_json:
        document = {
            "schema_version": 1,
            "file": str(target),
            "bytes": size,
            "key_file": str(key) if key else None,
        }
        typer.echo(json.dumps(document))
        return Exit.CLEAN
    typer.echo(f"{target}: {size:,} bytes")
    if key is None:
        typer.echo(
            f"The key file {app.home.key_file} is not in it; without it the secrets stay closed.", err=True
        )
    else:
        typer.echo(f"{key}: the key to its secrets. Do not keep the two in one place.", err=True)
    return Exit.CLEAN


run = single("backup", backup, EXAMPLES)
