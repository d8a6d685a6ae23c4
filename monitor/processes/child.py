"""What every child of `homing up` does, also one that opens no store: log, and end with its parent."""

import ctypes
import logging
import os
import signal
import sys
from pathlib import Path

SUPERVISOR = "HOMING_SUPERVISOR"
"""The process id of the `homing up` that started this process."""
PR_SET_PDEATHSIG = 1  # prctl(2)


def log_to_stderr() -> None:
    """A child's stderr is its log: `homing up` leads it to a file, systemd to the journal."""
    _log(logging.StreamHandler(sys.stderr))


def log_to_file(path: Path) -> None:
    """What `homing up` itself logs, beside the calm screen."""
    _log(logging.FileHandler(path, encoding="utf-8"))


def _log(handler: logging.Handler) -> None:
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(handlers=[handler], level=logging.INFO, format=form)
    for noisy in ("apscheduler", "alembic", "procrastinate", "mail.log"):  # the last is aiosmtpd's
        logging.getLogger(noisy).setLevel(logging.WARNING)


def die_with_supervisor() -> None:
    """Ask the kernel for SIGTERM when `homing up` is killed, so that no orphan holds a port or a lane."""
    supervisor = os.environ.get(SUPERVISOR)
    if supervisor is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(supervisor):  # it died before we could ask
        sys.exit(0)
