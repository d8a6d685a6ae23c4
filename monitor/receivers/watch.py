"""Looks every hour at what receivers report of each domain, and carries it into incidents."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from checks.names import parents
from data import incidents, reports, sources, targets
from data.sending_domains import all_sending_domains
from data.slots import Slot
from monitor.app import App
from monitor.incidents.follow import follow
from monitor.incidents.matter import Matter
from monitor.receivers import failing, overdue, strangers
from monitor.receivers.matters import over
from monitor.receivers.naming import name_sources
from monitor.senses import Senses

WATCH_REPORTS = "reports"
"""The kind of slot; its subject is the instance."""
KINDS = (strangers.KIND, overdue.KIND, failing.FAILING, failing.TLS)


def watch_reports(app: App, senses: Senses, slot: Slot) -> str:
    """Returns a note for the slot's row."""
    del slot
    now = app.now()
    named = name_sources(app, senses.dns)
    with app.store.read() as connection:
        found = {matter.fingerprint: matter for matter in matters(connection, now)}
        known = {
            each.fingerprint: each for kind in KINDS for each in incidents.alive_of_kind(connection, kind)
        }
    ended = [over(each.fingerprint, each.subject) for each in known.values() if each.fingerprint not in found]
    if found or ended:
        with app.store.write() as connection:
            for matter in (*found.values(), *ended):
                entry = incidents.find_alive(connection, matter.fingerprint)
                follow(connection, app.config, matter, entry, now)
    return f"{named} sources asked for their names, {len(found)} matters"


def matters(connection: Connection, now: datetime) -> Iterator[Matter]:
    """What is out of order by the reports that are kept."""
    since = now - failing.LATELY - failing.BEFORE
    ours = _ours(connection)
    for domain in filter(ours, reports.reported_domains(connection)):
        rows = list(reports.rows_since(connection, domain, since))
        new = [row for row, _, end in rows if end > now - strangers.NEW]
        known = sources.known_sources(connection, domain) if new else {}
        yield from strangers.strangers(domain, new, known, sources.first_report(connection, domain), now)
        yield from overdue.overdue(domain, sources.arrivals(connection, domain, since), now)
        yield from failing.failing(domain, rows, now)
    for domain in filter(ours, reports.tls_domains(connection, now - failing.LATELY)):
        yield from failing.tls(domain, reports.tls_since(connection, domain, now - failing.LATELY))


def _ours(connection: Connection) -> Callable[[str], bool]:
    """Whether a domain is watched or sent from, or below one that is: anybody may report on others to us."""
    domains = {each.target.domain for each in targets.watched(connection)}
    domains |= {each.domain for each in all_sending_domains(connection)}
    return lambda domain: any(parent in domains for parent in (domain, *parents(domain)))
