"""Where a command gets a key from: a file, stdin, the environment or a hidden question.

Never from its arguments, where everybody on the machine can read it.
"""

import os
import sys
from getpass import getpass
from pathlib import Path

from monitor.problem import Problem


def secret_from(path: Path | None, variable: str, *, wanted: bool, what: str) -> str:
    """The key; "" if none was given and none is wanted. Raises Problem."""
    if path is not None:
        return _of_file(path)
    if variable:
        if not os.environ.get(variable):
            raise Problem(f"the environment has no variable {variable}.")
        return os.environ[variable].strip()
    if not wanted:
        return ""
    if not sys.stdin.isatty():
        raise Problem(
            f"{what} needs a key: give it with --secret-file PATH (- is stdin) or --secret-env NAME."
        )
    return getpass(f"Key or password of {what} (it is not shown): ").strip()


def _of_file(path: Path) -> str:
    try:
        given = sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'not text'}.") from None
    if not given.strip():
        raise Problem(f"{path} is empty.")
    return given.strip()
