"""Domains a second, each answer 20 ms away: a whole audit of ours beside checkdmarc's own, smaller set.

Ours is everything that `homing check` asks DNS, blocklists included. checkdmarc runs as its command does:
one `check_domains` over the list, without its HTTPS and SMTP parts, as ours here.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench.slowly import further_away
from bench.table import Row, Table
from checks.audit import audit
from checks.blocklists.choice import choose
from checks.model import Scope, Target
from checks.net.dns import Resolver
from checks.ports import World
from monitor.cli.lines import in_order
from tests.fakes.lists import healthy
from tests.lab.nameservers import name_servers

DISTANCE = 0.02
DOMAINS = 500
PEER_DOMAINS = 10
RUNS = 3

RECORDS = """\
d{n} 60 MX 10 mx1.d{n}
d{n} 60 MX 20 mx2.d{n}
d{n} 60 TXT "v=spf1 mx ip4:127.10.0.1 include:spf.esp.bench.test -all"
mx1.d{n} 60 A 127.10.0.1
mx2.d{n} 60 A 127.10.0.2
_dmarc.d{n} 60 TXT "v=DMARC1; p=reject; rua=mailto:dmarc@d{n}.bench.test"
s1._domainkey.d{n} 60 TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_smtp._tls.d{n} 60 TXT "v=TLSRPTv1; rua=mailto:tls@d{n}.bench.test"
"""
ESP = """\
spf.esp 60 TXT "v=spf1 include:a.spf.esp.bench.test include:b.spf.esp.bench.test ~all"
a.spf.esp 60 TXT "v=spf1 ip4:127.20.0.0/24 ~all"
b.spf.esp 60 TXT "v=spf1 ip4:127.21.0.0/24 ~all"
"""
PEER = """\
import sys, time
import checkdmarc, dns.nameserver
server = [dns.nameserver.Do53Nameserver("127.0.0.1", int(sys.argv[1]))]
began = time.perf_counter()
cpu = time.process_time()
checkdmarc.check_domains(sys.argv[2:], nameservers=server, timeout=2.0, bimi_selector=None)
print(time.perf_counter() - began, time.process_time() - cpu)
"""


def zones() -> dict[str, str]:
    """The domains, and the blocklists with their test entries."""
    found = {"bench.test": ESP + "".join(RECORDS.format(n=n) for n in range(DOMAINS * RUNS))}
    for name, types in healthy().items():
        _, _, apex = name.partition(".") if name.startswith("test.") else ("", "", name.split(".", 4)[-1])
        found[apex] = f"{name}. 60 A {types['A'][0]}\n"
    found["10.127.in-addr.arpa"] = "1.0 60 PTR mx1.d0.bench.test.\n2.0 60 PTR mx2.d0.bench.test.\n"
    return found


def measure() -> Table:
    """Three runs of each, every time over domains that were not asked for before."""
    with name_servers(zones()) as servers, further_away(servers.resolver, DISTANCE) as far:
        rows = [_row("homing, all checks", DOMAINS, _ours, far), _row("checkdmarc", PEER_DOMAINS, _peer, far)]
    return Table(f"Audit: domains a second, {DISTANCE * 1000:.0f} ms from DNS", "domains/s", rows)


Contender = Callable[[tuple[str, int], list[str]], tuple[float, float]]


def _row(name: str, domains: int, contender: Contender, server: tuple[str, int]) -> Row:
    rates, cpu = [], 0.0
    for run in range(RUNS):
        names = [f"d{n}.bench.test" for n in range(run * domains, (run + 1) * domains)]
        seconds, spent = contender(server, names)
        rates.append(domains / seconds)
        cpu += spent
    return Row(name, rates, cpu / (RUNS * domains) * 1e6)


def _ours(server: tuple[str, int], names: list[str]) -> tuple[float, float]:
    now = datetime.now(UTC)
    began, cpu = time.perf_counter(), time.process_time()
    with Resolver([server], 2.5) as resolver:
        for report in in_order(
            lambda name: audit(Target(name), World(resolver, now, blocklists=choose(())), Scope.AUDIT), names
        ):
            if not report.findings:
                raise RuntimeError(f"nothing was found about {report.target.domain}")
    return time.perf_counter() - began, time.process_time() - cpu


def _peer(server: tuple[str, int], names: list[str]) -> tuple[float, float]:
    command = [sys.executable, "-c", PEER, str(server[1]), *names]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(told[-2]), float(told[-1])
