"""Knot with literal zones, rbldnsd with blocklists, and unbound in front of both, on loopback."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from tests.lab.daemon import free_port, running, unprivileged

SOA = "@ 300 SOA ns.lab.test. hostmaster.lab.test. 1 3600 600 86400 60\n@ 300 NS ns.lab.test.\n"


@dataclass(frozen=True, slots=True)
class Blocklist:
    """An rbldnsd zone: `kind` is ip4set, ip6trie or dnset; `entries` in rbldnsd's own format."""

    zone: str
    kind: str
    entries: Sequence[str]


@dataclass(frozen=True, slots=True)
class NameServers:
    """Where they listen."""

    resolver: tuple[str, int]
    authoritative: tuple[str, int]
    folder: Path = field(compare=False)


@contextmanager
def name_servers(zones: Mapping[str, str], blocklists: Sequence[Blocklist] = ()) -> Iterator[NameServers]:
    """Serve `zones` (apex -> records in zone-file form, below a SOA of ours) and `blocklists`."""
    with tempfile.TemporaryDirectory(prefix="homing-dns-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)  # rbldnsd reads its zones after it has dropped root
        authority = free_port()
        stack.enter_context(_knot(folder, zones, authority))
        forwards = dict.fromkeys(zones, authority)
        if blocklists:
            listing = free_port()
            stack.enter_context(_rbldnsd(folder, blocklists, listing))
            forwards |= {blocklist.zone: listing for blocklist in blocklists}
        front = free_port()
        stack.enter_context(_unbound(folder, forwards, front))
        yield NameServers(("127.0.0.1", front), ("127.0.0.1", authority), folder)


@contextmanager
def _knot(folder: Path, zones: Mapping[str, str], port: int) -> Iterator[None]:
    (folder / "run").mkdir()
    for apex, records in zones.items():
        (folder / f"{apex}.zone").write_text(f"$ORIGIN {apex}.\n{SOA}{records}\n")
    listed = "\n".join(f'  - domain: "{apex}."\n    file: "{apex}.zone"' for apex in zones)
    (folder / "knot.conf").write_text(f"""
server:
    rundir: "{folder}/run"
    listen: [127.0.0.1@{port}]
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: warning
template:
  - id: default
    storage: "{folder}"
    zonefile-load: whole
    zonefile-sync: -1
    journal-content: none
    semantic-checks: off
zone:
{listed}
""")
    arguments = ["-c", str(folder / "knot.conf")]
    with running("knotd", arguments, log=folder / "knot.log", ready=lambda: answers(port, next(iter(zones)))):
        yield


@contextmanager
def _rbldnsd(folder: Path, blocklists: Sequence[Blocklist], port: int) -> Iterator[None]:
    sets = []
    for number, blocklist in enumerate(blocklists):
        head = f"$SOA 300 ns.{blocklist.zone} hostmaster.{blocklist.zone} 1 600 300 86400 60\n"
        file = folder / f"blocklist-{number}"
        file.write_text(head + f"$NS 300 ns.{blocklist.zone}\n" + "\n".join(blocklist.entries) + "\n")
        sets.append(f"{blocklist.zone}:{blocklist.kind}:{file.name}")
    user, group = unprivileged()
    dropping = ["-u", f"{user}:{group}"] if user else []
    arguments = ["-n", "-q", *dropping, "-b", f"127.0.0.1/{port}", "-w", str(folder), *sets]
    with running(
        "rbldnsd", arguments, log=folder / "rbldnsd.log", ready=lambda: answers(port, blocklists[0].zone)
    ):
        yield


@contextmanager
def _unbound(folder: Path, forwards: Mapping[str, int], port: int) -> Iterator[None]:
    # Forward zones, not stub zones: with those unbound follows the NS records to port 53.
    zones = "\n".join(
        f'forward-zone:\n  name: "{apex}."\n  forward-addr: 127.0.0.1@{to}' for apex, to in forwards.items()
    )
    local = "\n".join(
        f'  local-zone: "{apex}." nodefault' for apex in ("test", "127.in-addr.arpa", *forwards)
    )
    (folder / "unbound.conf").write_text(f"""
server:
  interface: 127.0.0.1@{port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  do-not-query-localhost: no
  module-config: "iterator"
  so-rcvbuf: 0
  so-sndbuf: 0
{local}
remote-control:
  control-enable: no
{zones}
""")
    arguments = ["-d", "-p", "-c", str(folder / "unbound.conf")]
    with running(
        "unbound", arguments, log=folder / "unbound.log", ready=lambda: answers(port, next(iter(forwards)))
    ):
        yield


def answers(port: int, name: str) -> bool:
    """Whether a server answers for the SOA of `name` (any answer counts)."""
    query = dns.message.make_query(f"{name}.", "SOA")
    try:
        dns.query.udp(query, "127.0.0.1", timeout=0.3, port=port)
    except (OSError, dns.exception.DNSException):
        return False
    return True
