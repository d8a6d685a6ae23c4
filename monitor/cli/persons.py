"""`homing contact show|export|erase`: one person."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.app import App, open_app
from monitor.cli import options
from monitor.cli.main import Exit, complain
from monitor.cli.shell import exits
from monitor.cli.tables import told
from monitor.problem import Problem
from sender.audience.addresses import AddressError
from sender.audience.persons import Busy, erase, hold, kept

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The person's address.")]


def add_to(app: typer.Typer) -> None:
    """The commands, as part of `homing contact`."""
    app.command("show")(exits(show))
    app.command("export")(exits(export))
    app.command("erase")(exits(let_go))


def show(address: Address, as_json: options.Json = False) -> int:
    """Attributes, tags, lists, consent and suppression of one person.

    Example: `homing contact show ada@example.com`
    """
    with open_app() as instance:
        held = _held(instance, address)
    if not held.get("contact") and not held["suppression"]:
        raise Problem(f"nothing is known of {held['address']}.")
    short = {name: held.get(name, []) for name in ("contact", "tags", "lists", "consent", "suppression")}
    return told({"address": held["address"], **short}, as_json, "\n".join(_lines(held)))


def export(
    address: Address,
    output: Annotated[Path | None, typer.Option(help="A file instead of stdout.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="It always is one JSON document.")] = True,
) -> int:
    """Everything held about a person, as one JSON document: what they may ask for (GDPR articles 15 and 20).

    Example: `homing contact export ada@example.com --output ada.json`
    """
    del as_json
    with open_app() as instance:
        held = {"exported_at": instance.now().isoformat(), **_held(instance, address)}
    if output is None:
        return told(held, True, "")
    document = {"schema_version": 1, **held}
    try:
        output.write_text(json.dumps(document, ensure_ascii=False, indent=2), encoding="utf-8")
    except OSError as error:
        raise Problem(f"{output} cannot be written: {error.strerror}.") from error
    return complain(f"homing: everything about {held['address']} is in {output}.", Exit.CLEAN)


def let_go(address: Address, as_json: options.Json = False) -> int:
    """Remove a person from every table, and keep a keyed hash so that no import brings them back.

    Says what was removed, and what is kept and why. There is no way back: export first what you have to keep.

    Example: `homing contact erase ada@example.com`
    """
    with open_app() as instance:
        try:
            erased = erase(instance.store, address, instance.fingerprint, instance.now())
        except (AddressError, Busy) as error:
            raise Problem(str(error)) from error
    words = kept(erased)
    lines = [f"{name}: {erased.rows.get(name, 0)} rows {what}" for name, what in words.items()]
    lines += [f"seed {name}: stays, because it is a mailbox of your own" for name in erased.seeds]
    lines.append(
        "Not reached: backups, and mail that lies in mailboxes or waits to be read (docs/audience.md)."
    )
    said = {"rows": dict(erased.rows), "became": dict(words), "seeds": list(erased.seeds)}
    return told(said, as_json, "\n".join(lines))


def _held(instance: App, address: str) -> Mapping[str, Any]:
    try:
        return hold(instance.store, address, instance.fingerprint)
    except AddressError as error:
        raise Problem(str(error)) from error


def _lines(held: Mapping[str, Any]) -> list[str]:
    lines = [str(held["address"])]
    for person in held.get("contact", ()):
        lines += [f"  {name}: {value}" for name, value in person["attributes"].items()]
    if held.get("tags"):
        lines.append("  tagged " + ", ".join(row["tag"] for row in held["tags"]))
    lines += [f"  {row['list']}: {row['state']} since {row['at'][:10]}" for row in held.get("lists", ())]
    for row in held.get("consent", ()):
        lines.append(f"  {row['at'][:10]} {row['act']} ({row['list'] or 'everything'}), {row['source']}")
    lines += [
        f"  suppressed since {row['at'][:10]}: {row['reason']} {row['detail']}".rstrip()
        for row in held["suppression"]
    ]
    return lines
