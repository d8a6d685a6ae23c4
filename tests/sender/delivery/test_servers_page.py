"""docs/servers.md tells of each way out what it declares of itself."""

from pathlib import Path

from sender.delivery.transports import TRANSPORTS, Kind

PAGE = Path(__file__).parents[3] / "docs" / "servers.md"


def row(name: str, kind: Kind) -> str:
    can = kind.can
    ours = ["ours" if mine else "theirs" for mine in (can.own_dkim, can.own_return_path, can.own_message_id)]
    more = ["yes" if able else "no" for able in (can.smtputf8, can.raw)]
    return f"| `{name}` | {kind.title} | {' | '.join(ours + more)} | {f'{can.size:,}' if can.size else ''} |"


def test_the_table_of_the_page_is_the_table_of_the_code() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    wanted = [row(name, kind) for name, kind in TRANSPORTS.items()]

    assert [line for line in rows if line in wanted] == wanted, "\n".join(wanted)
