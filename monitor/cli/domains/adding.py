"""`homing domain add`, `show` and `list`: one object, and every record that it needs."""

from typing import Annotated, Any

import typer

from data.sending_domains import SendingDomain, all_sending_domains
from data.servers import Server as SendingServer
from monitor.app import App
from monitor.cli.asking import address_of, domain_of
from monitor.cli.campaigns.shared import Json, columns, opened, tell
from monitor.cli.domains.shared import Name, Server, Syntaxes, app, known, plain, written
from monitor.cli.main import Exit
from monitor.cli.options import Syntax
from monitor.cli.shell import exits
from monitor.domains.adding import Wishes, add_domain
from monitor.domains.planning import beside, plan_of, server_of
from monitor.ports import place_of
from monitor.senses import open_senses
from sender.domains.plan import Plan
from sender.domains.snippets import SNIPPETS

Text = str | None


def _option(flag: str, metavar: str, text: str) -> Any:
    return typer.Option(flag, metavar=metavar, help=text, show_default=False)


@app.command("add")
@exits
def add(
    domain: Name,
    ip: Annotated[list[str] | None, _option("--ip", "IP", "Its mail leaves from here; repeatable.")] = None,
    helo: Annotated[
        Text, _option("--helo", "HOST", "What the server says in HELO. Default: mail.DOMAIN.")
    ] = None,
    return_path: Annotated[
        Text, _option("--return-path", "DOMAIN", "Where bounces go. Default: bounce.DOMAIN.")
    ] = None,
    inbound: Annotated[
        Text, _option("--inbound", "HOST", "The host that takes bounces in. Default: the HELO name.")
    ] = None,
    tracking: Annotated[
        Text, _option("--tracking", "HOST", "The host in its links. Default: track.DOMAIN.")
    ] = None,
    tracking_target: Annotated[
        Text,
        _option("--tracking-target", "HOST", "Where that host leads. Default: the one in web.public_url."),
    ] = None,
    feedback: Annotated[
        Text, _option("--feedback", "ADDRESS", "Where receivers may send complaints (CFBL, RFC 9477).")
    ] = None,
    server: Annotated[
        list[str] | None, _option("--server", "SERVER", "Only these may send for it; repeatable.")
    ] = None,
    selector: Annotated[Text, _option("--selector", "NAME", "Of its first DKIM key.")] = None,
    by: Server = "",
    syntax: Syntaxes = Syntax.BIND,
    as_json: Json = False,
) -> int:
    """Add a sending domain with a new DKIM key, or change it, and print every record to publish."""
    name = domain_of(domain)
    wishes = Wishes(
        domain=name,
        ips=None if ip is None else [address_of(one) for one in ip],
        helo=helo and domain_of(helo),
        return_path=return_path and domain_of(return_path),
        inbound_host=inbound and domain_of(inbound),
        tracking_url=tracking and f"https://{domain_of(tracking)}",
        tracking_target=tracking_target and domain_of(tracking_target),
        feedback_address=feedback,
        servers=server,
        selector=selector,
    )
    with opened() as instance:
        return _tell(instance, add_domain(instance, wishes), by, syntax, as_json)


@app.command("show")
@exits
def show(domain: Name, by: Server = "", syntax: Syntaxes = Syntax.BIND, as_json: Json = False) -> int:
    """The object, and the records that it needs."""
    with opened() as instance:
        return _tell(instance, known(instance, domain), by, syntax, as_json)


def _tell(instance: App, domain: SendingDomain, by: str, syntax: Syntax, as_json: bool) -> int:
    server = server_of(instance, domain, by)
    with open_senses(instance.config) as senses:
        plan = beside(plan_of(instance, domain, server), senses.world(instance.now()))
    snippet = _snippet(instance, domain, server)
    if as_json:
        tell({"domain": plain(domain), "records": _records(plan), "snippet": snippet})
        return Exit.CLEAN
    typer.echo("\n\n".join(written(wanted, syntax.value) for wanted in plan.records()))
    if snippet:
        typer.echo(f"\n# for the server {server.name if server else ''}\n{snippet}")
    typer.echo(f"\nPublish these, then: homing domain verify {domain.domain} --watch", err=True)
    return Exit.CLEAN


def _snippet(instance: App, domain: SendingDomain, server: SendingServer | None) -> str:
    make = SNIPPETS.get(server.kind) if server else None
    return make(domain, place_of("inbound", instance.home, instance.config).port) if make else ""


def _records(plan: Plan) -> list[dict[str, Any]]:
    names = ("what", "name", "type", "value", "before", "required", "note")
    return [{name: getattr(wanted, name) for name in names} for wanted in plan.records()]


@app.command("list")
@exits
def show_all(as_json: Json = False) -> int:
    """All sending domains, and which are ready."""
    with opened() as instance, instance.store.read() as connection:
        found = all_sending_domains(connection)
    if as_json:
        tell({"domains": [plain(each) for each in found]})
        return Exit.CLEAN
    rows = [["DOMAIN", "READY", "SELECTOR", "RETURN PATH", "TRACKING", "SERVERS"], *map(_row, found)]
    typer.echo(columns(rows) if found else "There is no sending domain yet. `homing domain add` adds one.")
    return Exit.CLEAN


def _row(one: SendingDomain) -> list[str]:
    ready = f"since {one.ready_at:%Y-%m-%d %H:%M}" if one.ready_at else "no"
    servers = ", ".join(one.servers) or "any"
    return [one.domain, ready, one.selector, one.return_path_domain, one.tracking_url, servers]
