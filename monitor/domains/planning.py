"""The plan of a domain's records as things stand: its server, its key, and what DNS says now."""

from collections.abc import Sequence
from dataclasses import replace

from checks.dmarc.record import is_dmarc
from checks.ports import Question, World
from checks.spf.record import select
from data.sending_domains import SendingDomain
from data.servers import Server, all_servers, find_server
from monitor.app import App
from monitor.problem import Problem
from sender.domains.keys import current
from sender.domains.plan import OWN, WAYS, Plan, Present

DEFAULT_REGION = "us-east-1"


def plan_of(app: App, domain: SendingDomain, server: Server | None) -> Plan:
    """What it needs for this server; for none that is known, what own addresses need."""
    with app.store.write() as connection:
        key = current(connection, app.keys, domain.domain)
    settings = server.settings if server else {}
    return Plan(
        domain,
        WAYS.get(server.kind, OWN) if server else OWN,
        key.name if key else "",
        key.record if key else "",
        region=str(settings.get("region", DEFAULT_REGION)),
    )


def beside(plan: Plan, world: World) -> Plan:
    """The plan with what stands in DNS now, so that new terms are put into the records that are there.

    A look-up that failed counts as nothing there: what is printed then is a record to begin with.
    """
    name = plan.domain.domain
    spf, dmarc = world.dns.ask_all([Question(name, "TXT"), Question(f"_dmarc.{name}", "TXT")])
    texts = select(spf.records)
    passes = bool(texts) and plan.passes(name)(spf, world) is True
    policies = [text for text in dmarc.texts if is_dmarc(text)]
    return replace(plan, present=Present(_first(texts), _first(policies), passes))


def _first(texts: Sequence[str]) -> str:
    return texts[0] if texts else ""


def server_of(app: App, domain: SendingDomain, name: str = "") -> Server | None:
    """The server of that name, else the only one that the domain allows. Raises Problem."""
    with app.store.read() as connection:
        if name:
            found = find_server(connection, name)
            if found is None:
                raise Problem(f"there is no sending server “{name}”.")
            return found
        allowed = [each for each in all_servers(connection) if domain.allows(each.name)]
    return allowed[0] if len(allowed) == 1 else None
