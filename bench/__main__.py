"""`python -m bench [NAME…]`: run the benches of the table, or those that are named."""

import sys
from collections.abc import Mapping
from importlib import import_module

BENCHES: Mapping[str, str] = {
    "dns": "bench.dns",
    "audit": "bench.audit",
    "memory": "bench.memory",
    "blocklists": "bench.blocklists",
    "content": "bench.content",
    "send": "bench.send",
    "freeze": "bench.freeze",
    "web": "bench.web",
}
"""name -> module with `measure()`, whose result is printed"""


def main(names: list[str]) -> int:
    if strange := set(names) - set(BENCHES):
        print(
            f"no bench called {', '.join(sorted(strange))}; there are: {', '.join(BENCHES)}", file=sys.stderr
        )
        return 2
    for name in names or BENCHES:
        print(import_module(BENCHES[name]).measure(), end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
