"""Peak memory of `homing check --jsonl` over a thousand domains and over ten thousand."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.table import Row, Table
from tests.lab.nameservers import name_servers

SIZES = (1_000, 10_000)
RECORDS = """\
d{n} 60 MX 10 mx1.d{n}
d{n} 60 TXT "v=spf1 mx ip4:127.10.0.1 -all"
mx1.d{n} 60 A 127.10.0.1
_dmarc.d{n} 60 TXT "v=DMARC1; p=reject; rua=mailto:dmarc@d{n}.bench.test"
"""
ONLY = "spf,dmarc,mx,mta-sts,tls-rpt,bimi"
LAST = """\
import resource, subprocess, sys
with open(sys.argv[1]) as lines, open(sys.argv[1] + ".out", "w") as told:
    subprocess.run(sys.argv[2:], stdin=lines, stdout=told, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measure() -> Table:
    """The larger run must not need more than the smaller: what is kept does not grow with the domains."""
    zone = "".join(RECORDS.format(n=n) for n in range(max(SIZES)))
    with name_servers({"bench.test": zone}) as servers, tempfile.TemporaryDirectory() as folder:
        rows = [Row(f"{size:,} domains", [_peak(servers.resolver, size, Path(folder))], 0) for size in SIZES]
    return Table("Peak memory of homing check --jsonl", "MB", list(reversed(rows)))


def _peak(server: tuple[str, int], size: int, folder: Path) -> float:
    """MB that the process had at most. A parent of its own measures it, so that no other run counts."""
    lines = folder / f"{size}.jsonl"
    lines.write_text("".join(json.dumps({"domain": f"d{n}.bench.test"}) + "\n" for n in range(size)))
    check = ["homing.py", "check", "--jsonl", "--only", ONLY, "--nameserver", f"{server[0]}:{server[1]}"]
    command = [sys.executable, "-c", LAST, str(lines), sys.executable, *check]
    environment = {**os.environ, "HOMING_HOME": str(folder / "home")}
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    answered = sum(1 for _ in lines.with_suffix(".jsonl.out").open())
    if answered != size:
        raise RuntimeError(f"{answered} of {size} domains were answered")
    return int(told) / 1024
