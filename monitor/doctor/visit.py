"""The whole visit: the configuration, the machine, and each name server by itself."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from checks.blocklists.zone import Zone
from checks.check import graded
from checks.doctor import examine as resolver
from checks.model import Finding, Severity, State
from checks.mx import mx_servers
from checks.net.dns import Resolver
from checks.ports import Dns
from data.sqlite import library_version
from monitor.config import Config, load_config
from monitor.config.schema import span_text
from monitor.doctor import facts, machine
from monitor.home import Home
from monitor.problem import Problem

LEVELS = {**resolver.LEVELS, **machine.LEVELS}
WELL_KNOWN = "gmail.com"
"""Whose mail servers port 25 is tried on while there is no target of one's own."""
TRIED = 3


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined. `servers`: the name servers, each looked at alone."""

    home: Home
    servers: Sequence[tuple[str, int]]
    zones: Sequence[Zone]
    timeout: float


def severity(finding: Finding) -> Severity:
    return graded(LEVELS[finding.code], finding.state)


def configuration(home: Home) -> tuple[Config, Finding]:
    """The configuration, or the defaults where it is wrong; and which of the two it is."""
    try:
        config = load_config(home.config_path)
    except Problem as problem:
        args = {"fault": str(problem)}
        return Config(), Finding("DOC-016", State.FAIL, str(home.config_path), args)
    state = State.PASS if home.config_path.exists() else State.NOT_APPLICABLE
    return config, Finding("DOC-016", state, str(home.config_path))


def examine_machine(home: Home, config: Config) -> Iterator[Finding]:
    """Everything but the resolver and the way out."""
    yield machine.clock(facts.clock())
    yield machine.disk(facts.disk(home))
    yield from machine.python(facts.python_version(), facts.python_faults())
    yield machine.sqlite(library_version())
    yield _heartbeat(config)
    listening = (("web", config.web), ("dashboard", config.dashboard), ("inbound", config.inbound))
    ports = [facts.port(name, section.host, section.port) for name, section in listening]
    yield from machine.ports(ports, running=facts.running(home))


def _heartbeat(config: Config) -> Finding:
    """Whether anybody outside would notice that we are gone."""
    settings = config.heartbeat
    state = State.PASS if settings.url.get_secret_value() else State.WARN
    return Finding("DOC-017", state, "heartbeat", {"every": span_text(settings.every)})


def examine_resolvers(patient: Patient) -> Iterator[Finding]:
    """Each name server alone, all of them side by side."""
    with ThreadPoolExecutor(max(1, len(patient.servers))) as pool:
        for found in pool.map(lambda server: _alone(server, patient), patient.servers):
            yield from found


def _alone(server: tuple[str, int], patient: Patient) -> list[Finding]:
    with Resolver([server], patient.timeout) as alone:
        [address] = alone.nameservers
        return list(resolver.examine(alone, str(address), patient.zones, datetime.now(UTC)))


def examine_way_out(dns: Dns, config: Config) -> Iterator[Finding]:
    """DOC-015, unless the configuration switches SMTP off."""
    if not config.checks.smtp:
        return
    domains = [target.domain for target in config.targets][:TRIED] or [WELL_KNOWN]
    servers = [ip for domain in domains for _, ip in mx_servers(dns, domain)[:1]]
    yield machine.smtp_out(facts.connections((ip, config.delivery.mx_port) for ip in servers))
