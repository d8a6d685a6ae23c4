"""`homing campaign create` and `list`."""

from email.utils import parseaddr
from typing import Annotated, Any

import typer

from data.campaigns import Campaign, MessageClass, OnUnknown, all_campaigns
from monitor.app import App
from monitor.campaigns.document import headline, overview
from monitor.campaigns.missing import missing_values
from monitor.cli.campaigns.shared import Json, Name, app, columns, opened, tell
from monitor.cli.main import Exit
from monitor.cli.shell import exits
from monitor.problem import Problem
from sender.campaigns.start import Draft
from sender.campaigns.start import create as create_draft
from sender.campaigns.trial import domain_for, server_for
from sender.content.compile import Tracking

CLASSES = (MessageClass.CAMPAIGN, MessageClass.TRANSACTIONAL)
From = Annotated[str, typer.Option("--from", metavar='"NAME <ADDRESS>"', help="Whom it comes from.")]
Server = Annotated[
    str,
    typer.Option("--server", metavar="SERVER", help="The sending server. Default: the only one."),
]


@app.command("create")
@exits
def create(
    name: Name,
    template: Annotated[str, typer.Option("--template", metavar="TEMPLATE", help="What is sent.")],
    sender: From,
    audience: Annotated[str, typer.Option("--list", metavar="LIST", help="Whom it goes to.")] = "",
    segment: Annotated[
        str, typer.Option("--segment", metavar="SEGMENT", help="Only those of the list who fit it.")
    ] = "",
    domain: Annotated[
        str, typer.Option("--domain", metavar="DOMAIN", help="The sending domain; that of the From address.")
    ] = "",
    server: Server = "",
    tracking: Annotated[
        Tracking, typer.Option("--tracking", help="What opens and clicks are counted of.")
    ] = Tracking.INDIVIDUAL,
    on_unknown: Annotated[
        OnUnknown | None,
        typer.Option("--on-unknown", help="A message of unknown fate: hold it for a person, or resend it."),
    ] = None,
    message_class: Annotated[
        str, typer.Option("--class", metavar="CLASS", help="campaign, or transactional.")
    ] = MessageClass.CAMPAIGN.value,
    as_json: Json = False,
) -> int:
    """Make a draft of a list, a template, a sending domain and a server."""
    if message_class not in CLASSES:
        raise Problem(f"there is no class “{message_class}” to make; there are: {', '.join(CLASSES)}")
    from_name, from_address = author(sender)
    with opened() as instance:
        with instance.store.read() as connection:
            found = domain_for(connection, from_address) if not domain else None
            chosen = server or (server_for(connection, found).name if found else "")
        draft = Draft(
            name=name,
            list=audience,
            template=template,
            domain=domain or (found.domain if found else ""),
            server=chosen,
            from_name=from_name,
            from_address=from_address,
            message_class=MessageClass(message_class),
            tracking=tracking,
            segment=segment,
            on_unknown=on_unknown,
        )
        made = create_draft(instance.store, draft, instance.now())
        document = _overview(instance, made)
        missing = missing_values(instance, made)
    if as_json:
        tell({"campaign": document, "missing": missing})
        return Exit.CLEAN
    for sentence in missing:
        typer.echo(f"warning: {sentence}", err=True)
    typer.echo(
        f"“{name}” is a draft: {template} to {audience or 'nobody yet'}, from {from_address}, by {chosen}."
    )
    typer.echo(
        f'Try it: homing campaign test "{name}" --to YOU. Send it: homing campaign start "{name}" --follow'
    )
    return Exit.CLEAN


def author(text: str) -> tuple[str, str]:
    """(name, address) of "Ann <ann@example.com>". Raises Problem."""
    name, address = parseaddr(text)
    if not address or "@" not in address:
        raise Problem(f"“{text}” is no sender. Write it as: Ann <ann@example.com>")
    return name, address


@app.command("list")
@exits
def show(as_json: Json = False) -> int:
    """All campaigns, the newest first."""
    with opened() as instance, instance.store.read() as connection:
        found = [overview(connection, campaign) for campaign in all_campaigns(connection)]
    if as_json:
        tell({"campaigns": found})
        return Exit.CLEAN
    rows = [["NAME", "STATE", "RECIPIENTS", "FROM", "SERVER"], *map(_row, found)]
    typer.echo(columns(rows, right=frozenset({2})) if found else "There is no campaign yet.")
    return Exit.CLEAN


def _row(told: Any) -> list[str]:
    recipients = sum(told["recipients"].values())
    return [told["name"], headline(told), f"{recipients:,}", told["from"]["address"], told["server"] or ""]


def _overview(instance: App, campaign: Campaign) -> Any:
    with instance.store.read() as connection:
        return overview(connection, campaign)
