"""One example a code: a world that raises it and one that does not. The pages of docs/checks show them.

To add one: an entry in the module of its family; the modules are listed in `MODULES`.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from tests.checks.examples.scene import Example

MODULES = ("spf", "dmarc", "dkim", "rdns", "blocklists", "hygiene", "transport", "tls", "bimi")


@cache
def examples() -> Mapping[str, Example]:
    """code -> its example."""
    found: dict[str, Example] = {}
    for name in MODULES:
        found |= import_module(f"tests.checks.examples.{name}").EXAMPLES
    return found
