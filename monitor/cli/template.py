"""`homing template add|list|show|preview|check|delete`: what campaigns say."""

import functools
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from data.contacts import find_contact
from data.files import File, files_of_template, set_template_files
from data.templates import Template, all_templates, find_template, remove_template, save_template
from monitor.app import App, open_app
from monitor.cli.main import Exit, say
from monitor.cli.options import Json
from monitor.cli.shell import application, exits, run_typer
from monitor.cli.templates.checking import checked
from monitor.cli.templates.looking import Shown, shown
from monitor.cli.templates.reading import read_files, read_template
from monitor.problem import Problem
from sender.campaigns.renderer import content_of, source_of
from sender.content.compile import Source
from sender.content.formats import Format, Ready, Written, ready
from sender.content.merge import fields_of
from sender.content.review import Level, review

EXAMPLES = """
homing template add friday letter.mjml --subject "News for {{first_name|you}}" --attach logo.png
homing template preview friday --to text --set first_name=Ada
homing template check friday --list news
homing template list --json
"""

app = application("Store, look at and check what campaigns say.", EXAMPLES)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The template's name.")]


@app.command()
@exits
def add(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="HTML, MJML, Markdown or text; - is stdin.")],
    subject: Annotated[str, typer.Option(help="Default: the file's subject: line or its title.")] = "",
    preheader: Annotated[str, typer.Option(help="What inboxes show after the subject.")] = "",
    text: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The plain text part. Default: made from the HTML.")
    ] = None,
    attach: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help='Goes with the message; shown inside it where src="cid:FILE" is.'),
    ] = None,
    kind: Annotated[
        Format | None, typer.Option("--format", help="Default: by the file's suffix and first words.")
    ] = None,
    inline: Annotated[bool, typer.Option(help="Write the rules of <style> into style attributes.")] = True,
    as_json: Json = False,
) -> int:
    """Store a template, or put a new version in the place of the old one."""
    written = read_template(file, kind, text)
    written = Written(written.source, written.format, subject, preheader, written.text, inline)
    try:
        made = ready(written)
        files = read_files(attach or [], made.html)
        with open_app() as instance:
            _keep(instance, name, written, made, files)
    except ValueError as error:
        raise Problem(f"{file}: {error}") from None
    if as_json:
        return say(_json({"template": name, "format": written.format, "subject": made.subject,
                          "files": [each.name for each in files]}))  # fmt: skip
    return say(f"{name} is stored. `homing template check {name}` looks it over.")


def _keep(instance: App, name: str, written: Written, made: Ready, files: list[File]) -> None:
    now = instance.now()
    content = {"subject": made.subject, "html": made.html, "text": made.text, "preheader": made.preheader}
    review(source_of(content, files), {}, now)  # raises what would keep it from being sent at all
    with instance.store.write() as connection:
        template_id = save_template(
            connection, name, now, **content, format=written.format, source=written.source
        )
        set_template_files(connection, template_id, files, now)


@app.command("list")
@exits
def list_(as_json: Json = False) -> int:
    """The templates by name."""
    with open_app() as instance, instance.store.read() as connection:
        found = all_templates(connection)
    if as_json:
        return say(_json({"templates": [
            {"name": each.name, "format": each.format, "subject": each.subject} for each in found
        ]}))  # fmt: skip
    width = max((len(each.name) for each in found), default=0)
    lines = [f"{each.name:{width}}  {each.format:8}  {each.subject}" for each in found]
    return say("\n".join(lines) or "There is no template yet. `homing template add NAME FILE` stores one.")


@app.command()
@exits
def show(
    name: Name,
    as_json: Json = False,
) -> int:
    """The template as its author wrote it."""
    with open_app() as instance, instance.store.read() as connection:
        found = _template(connection, name)
        files = files_of_template(connection, found.id)
    source = found.source or found.html or found.text
    if not as_json:
        return say(source)
    return say(_json({
        "name": found.name, "format": found.format, "subject": found.subject, "preheader": found.preheader,
        "source": source, "html": found.html, "text": found.text,
        "files": [{"name": file.name, "type": file.kind, "bytes": len(file.content), "cid": file.cid}
                  for file in files],
    }))  # fmt: skip


@app.command()
@exits
def preview(
    name: Name,
    to: Annotated[Shown, typer.Option(help="Which part; eml is the whole message.")] = Shown.TEXT,
    contact: Annotated[str, typer.Option(metavar="ADDRESS", help="Filled in with this contact.")] = "",
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="A sample value; repeatable.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there.")] = None,
    as_json: Json = False,
) -> int:
    """The message as one person would get it, without tracking."""
    with open_app() as instance, instance.store.read() as connection:
        source = _source(connection, _template(connection, name))
        fields = _contact(connection, contact) | _set(values or [])
        try:
            told = shown(source, to, fields, instance.now())
        except ValueError as error:
            raise Problem(f"{name} cannot be sent. {error}") from None
    if as_json:
        return say(_json({"template": name, "to": to, "content": told.decode().replace("\r\n", "\n")}))
    if out is None:
        return say(told.decode().replace("\r\n", "\n"))
    out.write_bytes(told)
    return say(f"{out} is written.")


@app.command()
@exits
def check(
    name: Name,
    audience: Annotated[
        str, typer.Option("--list", metavar="LIST", help="Count the subscribers that lack a value.")
    ] = "",
    as_json: Json = False,
) -> int:
    """What should be mended before it is sent: sizes, links, images, missing values."""
    with open_app() as instance, instance.store.read() as connection:
        template = _template(connection, name)
        source = _source(connection, template)
        remarks, missing = checked(connection, template, source, audience, instance.now())
    if as_json:
        say(_json({"template": name, "people": missing.people,
                   "missing": {field: gap.people for field, gap in missing.fields.items()},
                   "remarks": [{"level": each.level, "code": each.code, "sentence": each.sentence}
                               for each in remarks]}))  # fmt: skip
    else:
        say("\n".join(f"{each.level:5}  {each.sentence}" for each in remarks) or "Nothing to mend.")
    return Exit.FINDINGS if any(each.level is Level.BLOCK for each in remarks) else Exit.CLEAN


@app.command()
@exits
def delete(name: Name, as_json: Json = False) -> int:
    """Forget a template that no campaign is made from."""
    with open_app() as instance:
        try:
            with instance.store.write() as connection:
                _template(connection, name)
                remove_template(connection, name)
        except IntegrityError:
            raise Problem(f"{name} is what a campaign says, and stays with it.") from None
    return say(_json({"deleted": name}) if as_json else f"{name} is deleted.")


def _template(connection: Connection, name: str) -> Template:
    found = find_template(connection, name)
    if found is None:
        known = ", ".join(each.name for each in all_templates(connection)) or "none"
        raise Problem(f"there is no template {name}. There are: {known}.")
    return found


def _source(connection: Connection, template: Template) -> Source:
    return source_of(content_of(template), files_of_template(connection, template.id))


def _contact(connection: Connection, address: str) -> dict[str, str]:
    if not address:
        return {}
    found = find_contact(connection, address.strip().lower())
    if found is None:
        raise Problem(f"there is no contact {address}.")
    return {**fields_of(found.attributes), "email": found.email}


def _set(values: list[str]) -> dict[str, str]:
    if strange := [value for value in values if "=" not in value]:
        raise Problem(f"--set takes FIELD=VALUE, not {strange[0]!r}.")
    return {name.strip().lower(): value for name, _, value in (each.partition("=") for each in values)}


def _json(document: dict[str, Any]) -> str:
    return json.dumps({"schema_version": 1, **document}, ensure_ascii=False, indent=2)


run = functools.partial(run_typer, app, "template")
