"""The house plan of docs/design.md, held by reading the source."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("checks", "data", "sender", "monitor", "dashboards")
SOURCES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _floor(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def test_imports_go_down_only() -> None:
    """A floor knows the floors below it and nothing of those above."""
    upward = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in SOURCES
        for module in _imports(path)
        if (head := module.partition(".")[0]) in FLOORS and FLOORS.index(head) > FLOORS.index(_floor(path))
    ]

    assert upward == []


@pytest.mark.parametrize(
    ("rooms", "banned"),
    [
        (["checks"], {"sqlalchemy", "logging", "time", "apscheduler", "streamlit"}),
        (["sender/content"], {"sqlalchemy", "data", "socket", "asyncio"}),
        (["sender/campaigns"], {"socket", "aiosmtpd"}),
        (["sender/web"], {"streamlit"}),
        (["dashboards"], {"sqlalchemy", "socket", "dns", "httpx"}),
    ],
)
def test_a_room_never_touches_what_is_not_its_own(rooms: list[str], banned: set[str]) -> None:
    """The table of rooms in docs/design.md: `checks` has no store, clock or log; pages have no SQL."""
    adapters = ROOT / "checks" / "net"
    trespassing = [
        f"{path.relative_to(ROOT)} imports {module}"
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if adapters not in path.parents
        for module in _imports(path)
        if module.partition(".")[0] in banned
    ]

    assert trespassing == []


def test_only_the_adapters_open_sockets_on_the_floor_of_facts() -> None:
    """Everything else in `checks` asks through a port."""
    networked = {"socket", "ssl", "asyncio", "httpx", "smtplib", "imaplib", "urllib", "requests", "aiodns"}
    found = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sorted((ROOT / "checks").rglob("*.py"))
        if ROOT / "checks" / "net" not in path.parents
        for module in _imports(path)
        if module.partition(".")[0] in networked and module != "urllib.parse"
    ]

    assert found == []


def test_only_the_data_floor_speaks_sql() -> None:
    """Every statement is a function in `data/` named after what it does."""
    found = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in SOURCES
        if _floor(path) != "data"
        for module in _imports(path)
        if module in ("sqlite3", "data.tables", "sqlalchemy.sql") or module.startswith("psycopg")
    ]

    assert found == []


def test_only_the_front_door_changes_the_import_path() -> None:
    found = [str(p.relative_to(ROOT)) for p in SOURCES if "sys.path" in p.read_text(encoding="utf-8")]

    assert found == []


def test_every_module_of_the_floors_has_a_docstring_that_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if "versions" not in path.parts and not ast.get_docstring(ast.parse(path.read_bytes()))
    ]

    assert silent == []


def test_the_front_door_prints_help_for_a_newcomer() -> None:
    """`python homing.py --help` works from any folder, in a plain environment."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "homing.py"), "--help"], capture_output=True, text=True, cwd="/"
    )

    assert done.returncode == 0, done.stderr
    assert "check" in done.stdout
