"""Which Homing this is."""

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def running() -> str:
    """The version of the installed package; in a checkout that is not installed, of its pyproject.toml."""
    try:
        return version("homing")
    except PackageNotFoundError:
        project = Path(__file__).resolve().parents[1] / "pyproject.toml"
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])
