"""What the commands over the audience share: one document for programs or lines for people."""

import json
from collections.abc import Mapping
from typing import Any

from monitor.cli.main import Exit, say


def told(document: Mapping[str, Any], as_json: bool, text: str) -> Exit:
    """Print the document as JSON or the text, on stdout; returns success."""
    if as_json:
        say(json.dumps({"schema_version": 1, **document}, ensure_ascii=False, indent=2))
    else:
        say(text)
    return Exit.CLEAN
