"""How the dashboards are started: the argument list and the environment of the Streamlit process.

What never changes is in `.streamlit/config.toml` beside this file; here is what each start decides.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
HEALTH_PATH = "/_stcore/health"
"""Answers 200 "ok" as soon as pages can be served."""


def arguments(port: int, *, address: str = "127.0.0.1", hosts: Sequence[str] = ()) -> list[str]:
    """The command that serves the dashboards at `address:port` until it is sent SIGTERM or SIGINT.

    `hosts` are the names under which people reach it, beyond those of the loopback; a request under any
    other name is refused, so that no foreign page can reach it by rebinding its own name (DNS rebinding).
    """
    names = dict.fromkeys((*LOOPBACK_NAMES, address, *hosts))
    allowed = [f"--server.allowedHosts={name}" for name in names]
    return [
        *(sys.executable, "-m", "streamlit", "run", str(HERE / "home_app.py")),
        *(f"--server.port={port}", f"--server.address={address}", *allowed),
    ]


def environment(home: Path) -> dict[str, str]:
    """What the process must find in its environment, over what it inherits (`PYTHONPATH` names the house)."""
    return {"HOMING_HOME": str(home)}
