"""`homing segment create|show|count|list|remove`: filters over people, kept by name."""

import functools
from typing import Annotated, Any

import typer
from sqlalchemy.exc import IntegrityError

from data import lists, recipients, segments
from data.segments import Segment
from monitor.app import App, open_app
from monitor.cli import options
from monitor.cli.shell import application, exits, run_typer
from monitor.cli.tables import told
from monitor.problem import Problem
from sender.audience.segmenting import create_segment
from sender.audience.segments import SegmentError, read_rule

EXAMPLES = """
homing segment create vips 'country is DE and (tagged vip or clicked within 90 days)'
homing segment count vips --list news
homing segment show vips --limit 20 --json
"""

app = application("Filters over people, kept by name (docs/audience.md).", EXAMPLES)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The segment's name.")]


@app.command("create")
@exits
def create(
    name: Name,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Such as: country is DE and tagged vip.")],
    as_json: options.Json = False,
) -> int:
    """Keep a rule under a name; one that was there before is changed.

    Example: `homing segment create awake 'opened within 90 days or clicked within 90 days'`
    """
    with open_app() as instance:
        try:
            made = create_segment(instance.store, name, rule, instance.now())
        except SegmentError as error:
            raise Problem(str(error)) from error
        number = _count(instance, made, "")
    return told(_document(made) | {"contacts": number}, as_json, f"{name}: {number} contacts fit.")


@app.command("count")
@exits
def count(
    name: Name,
    of: Annotated[str, typer.Option("--list", help="Only who may be written to on this list.")] = "",
    as_json: options.Json = False,
) -> int:
    """How many people fit now; with `--list` how many a campaign to that list and segment would reach.

    Example: `homing segment count vips --list news`
    """
    with open_app() as instance:
        found = _named(instance, name)
        number = _count(instance, found, of)
    return told(_document(found) | {"list": of or None, "contacts": number}, as_json, str(number))


@app.command("show")
@exits
def show(
    name: Name,
    limit: Annotated[int, typer.Option(min=0, help="How many addresses to show.")] = 10,
    as_json: options.Json = False,
) -> int:
    """The rule, how many fit, and the first of them.

    Example: `homing segment show vips --json`
    """
    with open_app() as instance:
        found = _named(instance, name)
        number = _count(instance, found, "")
        with instance.store.read() as connection:
            rule = read_rule(found.rule)
            some = segments.addresses_matching(connection, rule, instance.now(), limit)
    lines = [f"{found.name}: {found.rule}", f"{number} contacts fit", *some]
    return told(_document(found) | {"contacts": number, "addresses": [*some]}, as_json, "\n".join(lines))


@app.command("list")
@exits
def list_segments(as_json: options.Json = False) -> int:
    """All segments with their rules.

    Example: `homing segment list`
    """
    with open_app() as instance, instance.store.read() as connection:
        found = segments.all_segments(connection)
    lines = [f"{each.name}: {each.rule}" for each in found] or ["There is no segment yet."]
    return told({"segments": [*map(_document, found)]}, as_json, "\n".join(lines))


@app.command("remove")
@exits
def remove(name: Name, as_json: options.Json = False) -> int:
    """Remove a segment; the people stay as they are.

    Example: `homing segment remove vips`
    """
    with open_app() as instance:
        found = _named(instance, name)
        try:
            with instance.store.write() as connection:
                segments.remove_segment(connection, name)
        except IntegrityError:
            raise Problem(f"the segment “{name}” belongs to a campaign, and stays for its record.") from None
    return told(_document(found), as_json, f"{name} is removed.")


def _named(instance: App, name: str) -> Segment:
    with instance.store.read() as connection:
        found = segments.find_segment(connection, name)
        known = [each.name for each in segments.all_segments(connection)]
    if found is None:
        raise Problem(f"there is no segment “{name}”. There are: {', '.join(known) or 'none'}.")
    return found


def _count(instance: App, segment: Segment, of: str) -> int:
    rule, now = read_rule(segment.rule), instance.now()
    with instance.store.read() as connection:
        if not of:
            return segments.count_matching(connection, rule, now)
        audience = lists.find_list(connection, of)
        if audience is None:
            raise Problem(f"there is no list “{of}”.")
        return recipients.count_mailable(connection, audience.id, now, rule=rule)


def _document(segment: Segment) -> dict[str, Any]:
    return {"name": segment.name, "rule": segment.rule, "at": segment.at.isoformat()}


run = functools.partial(run_typer, app, "segment")
