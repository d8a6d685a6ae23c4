"""`python -m tests.lab.setup`: bring the lab's servers, changing nothing on the host.

Debian's packages are downloaded with an apt whose lists and cache live under `.lab/`, and unpacked there
with `dpkg -x`; that needs no root. With HOMING_LAB=apt (continuous integration) they are installed with
apt instead. Where neither works, what the host has is used, and what is missing is named.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.lab.packages import KITS, packages
from tests.lab.tools import LAB, ROOT, find

STAMP = LAB / ".unpacked"
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{root}/usr/share/fonts</dir><dir>/usr/share/fonts</dir><cachedir>{lab}/fontcache</cachedir></fontconfig>
"""


class SetupFailed(Exception):
    """What was tried and what came of it, in one line for a person."""


def main() -> int:
    """Set up the lab and say what is missing; the exit code is 1 only where a miss is a failure (CI)."""
    try:
        if os.environ.get("HOMING_LAB") == "apt":
            install()
        elif STAMP.exists() and STAMP.read_text() == _fingerprint():
            return 0
        else:
            unpack()
    except SetupFailed as failure:
        print(f"lab: {failure}", file=sys.stderr)
    missing = [kit for kit in KITS if not all(find(program) for program in kit.programs)]
    for kit in missing:
        print(f"lab: without {', '.join(kit.packages)} the tests of {kit.why} are skipped", file=sys.stderr)
    if missing:
        names = " ".join(package for kit in missing for package in kit.packages)
        print(f"lab: to run them: apt-get install --no-install-recommends {names}", file=sys.stderr)
    return 1 if missing and os.environ.get("CI") else 0


def install() -> None:
    """Install with apt; for machines that are ours to change."""
    if all(find(program) for kit in KITS for program in kit.programs):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    _run([*sudo, "apt-get", "-q", "update"], environment)
    _run([*sudo, "apt-get", "-q", "-y", "--no-install-recommends", "install", *packages()], environment)


def unpack() -> None:
    """Download the packages and all they need that the host lacks, and unpack them under `.lab/root`."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise SetupFailed("this is not a Debian or Ubuntu: no apt-get or dpkg")
    print("Setting up .lab (once; about 150 MB of Debian's packages, nothing on the host changes)")
    for folder in ("lists/partial", "cache/archives/partial"):
        (LAB / "apt" / folder).mkdir(parents=True, exist_ok=True)
    _run([*_apt(), "-qq", "update"])
    plan = _run([*_apt(), "--simulate", "--no-install-recommends", "install", *packages()])
    closure = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    installed_anyway = [name for name in packages() if name not in closure]
    archives = LAB / "apt" / "archives"
    archives.mkdir(exist_ok=True)
    _run([*_apt(), "-qq", "download", *closure, *installed_anyway], cwd=archives)
    ROOT.mkdir(exist_ok=True)
    for archive in sorted(archives.glob("*.deb")):
        _run(["dpkg", "-x", str(archive), str(ROOT)])
        archive.unlink()
    (LAB / "fonts.conf").write_text(FONTS.format(root=ROOT, lab=LAB))
    STAMP.write_text(_fingerprint())


def _fingerprint() -> str:
    return hashlib.sha256(" ".join(packages()).encode()).hexdigest()


def _apt() -> list[str]:
    """An apt that keeps its lists and cache under `.lab/` and reads the host's sources and package status."""
    apt = LAB / "apt"
    options = {"Dir::State::lists": apt / "lists", "Dir::Cache": apt / "cache", "APT::Sandbox::User": ""}
    return ["apt-get", *(part for key, value in options.items() for part in ("-o", f"{key}={value}"))]


def _run(command: list[str], environment: dict[str, str] | None = None, cwd: Path | None = None) -> str:
    done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise SetupFailed(f"{command[0]} failed ({' '.join(command[-3:])}): {' '.join(last)}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
