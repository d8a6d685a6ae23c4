"""The made-up world that `homing up --sandbox` opens on: real protocols, invented senders and receivers."""

from monitor.home import Home
from monitor.sandbox.place import Sandbox

CONTACTS = 5_000
"""How many people read the Friday letter; `HOMING_SANDBOX_CONTACTS` makes a smaller town."""


def prepare(home: Home, *, seed: int = 1, contacts: int = CONTACTS) -> Sandbox:
    """Make the sandbox of this home, or take up the one that is there. Raises Problem.

    After it, `homing.toml` names the ports that the sandbox's process will listen on.
    """
    from monitor.sandbox.making import make

    return make(home, seed=seed, contacts=contacts)
