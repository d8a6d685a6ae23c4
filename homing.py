"""The front door: puts the house on the path and hands over to the command line.

In a checkout the house is this folder; in an installed wheel it is `homing-app/` beside this file, a
folder that cannot be imported, so that Homing's `checks` never collides with another package's.
Only this file touches `sys.path` (docs/design.md, Packaging).
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOXED = HERE / "homing-app"
HOUSE = BOXED if BOXED.is_dir() else HERE


def open_house() -> None:
    """Put the house first on the import path, for this process and for the Python processes it starts."""
    house = str(HOUSE)
    if house in sys.path:
        sys.path.remove(house)
    sys.path.insert(0, house)
    inherited = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    os.environ["PYTHONPATH"] = os.pathsep.join([house, *(part for part in inherited if part != house)])


def main() -> int:
    """Run the command line; the return value is the exit code (docs/commands.md)."""
    open_house()
    from monitor.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
