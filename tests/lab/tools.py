"""Where the lab's programs are: under `.lab/`, or installed on the host."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

LAB = Path(__file__).resolve().parents[2] / ".lab"
ROOT = LAB / "root"
POSTGRESQL = "usr/lib/postgresql/*/bin"
FOLDERS = ("usr/sbin", "usr/bin", "sbin", "bin", "usr/lib/chromium", POSTGRESQL)
PRIVATE_LIBRARIES = ("", "pulseaudio", "rspamd", "dovecot", "postfix")
WRAPPERS = {"chromium": "usr/lib/chromium/chromium"}
"""Programs whose file in `bin` is a script with host paths in it: start what it starts."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program and the environment it needs to find its own libraries."""

    path: Path
    environment: dict[str, str]


def find(program: str) -> Tool | None:
    """The program under `.lab/` first, else the host's, else None."""
    if (unpacked := _unpacked(program)) is not None:
        return Tool(unpacked, _environment())
    places = [os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *map(str, Path("/").glob(POSTGRESQL))]
    installed = shutil.which(program, path=":".join(places))
    return Tool(Path(installed), dict(os.environ)) if installed else None


def _unpacked(program: str) -> Path | None:
    patterns = [WRAPPERS[program]] if program in WRAPPERS else [f"{folder}/{program}" for folder in FOLDERS]
    candidates = [path for pattern in patterns for path in ROOT.glob(pattern)]
    return next((path for path in candidates if path.is_file() and os.access(path, os.X_OK)), None)


def _environment() -> dict[str, str]:
    folders = [*ROOT.glob("usr/lib/*-linux-gnu*"), *ROOT.glob("lib/*-linux-gnu*"), ROOT / "usr/lib"]
    libraries = [str(f / p) for f in folders for p in PRIVATE_LIBRARIES if (f / p).is_dir()]
    data = [str(ROOT / "usr/share"), os.environ.get("XDG_DATA_DIRS", "/usr/local/share:/usr/share")]
    environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(libraries), "XDG_DATA_DIRS": ":".join(data)}
    if (fonts := LAB / "fonts.conf").exists():
        environment["FONTCONFIG_FILE"] = str(fonts)
    return environment
