"""Domains a second, each answer 20 ms away: a whole audit of ours beside checkdmarc's own, smaller set.

Ours is the command `homing check --jsonl` as anybody runs it: all checks, blocklists included, its start and
the writing of its reports counted. checkdmarc runs as its command does, one `check_domains` over the list,
without its HTTPS and SMTP parts (which nobody here serves) and without its start.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.slowly import further_away
from bench.table import Row, Table
from tests.fakes.lists import healthy
from tests.lab.nameservers import name_servers

ROOT = Path(__file__).resolve().parents[1]
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
    """The domains, the blocklists with their test entries, and empty zones above."""
    found = dict.fromkeys(("test", "com", "org"), "")  # so that what does not exist there is told at once
    found["bench.test"] = ESP + "".join(RECORDS.format(n=n) for n in range(DOMAINS * RUNS))
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
    lines = "".join(json.dumps({"domain": name}) + "\n" for name in names)
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as home:
        asking = ["--nameserver", f"{server[0]}:{server[1]}"]
        command = [sys.executable, "homing.py", "check", "--jsonl", *asking]
        environment = {**os.environ, "HOMING_HOME": home}
        done = subprocess.run(
            command, input=lines, capture_output=True, text=True, cwd=ROOT, env=environment, check=False
        )
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    _whole(done.stdout, names)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _whole(told: str, names: list[str]) -> None:
    """Raise unless every domain has its report, and SPF and a blocklist answered for each."""
    reports = [json.loads(line) for line in told.splitlines()]
    if [report["target"]["domain"] for report in reports] != names:
        raise RuntimeError("a domain has no report, or stands in the wrong place")
    for report in reports:
        answered = {found["code"] for found in report["findings"] if found["state"] != "unknown"}
        if not {"SPF-027", "BL-001"} <= answered:
            raise RuntimeError(f"{report['target']['domain']} was not answered")


def _peer(server: tuple[str, int], names: list[str]) -> tuple[float, float]:
    command = [sys.executable, "-c", PEER, str(server[1]), *names]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(told[-2]), float(told[-1])
