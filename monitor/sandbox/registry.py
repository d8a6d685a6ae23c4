"""Who has subscribed: made-up people at the eight providers. Some of their mailboxes are in trouble."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.sandbox.chance import draw
from monitor.sandbox.manners import RETURNED

SHARES: Mapping[str, float] = {
    "gmail": 0.34,
    "outlook": 0.18,
    "yahoo": 0.12,
    "icloud": 0.10,
    "gmx": 0.08,
    "web": 0.07,
    "corp": 0.06,
    "proton": 0.05,
}
"""Where a newsletter's readers have their mailboxes."""

TROUBLES: Mapping[str, float] = {"nobody": 0.015, "closed": 0.005, "full": 0.01, "busy": 0.03}
"""The words of monitor/sandbox/manners.py and how many mailboxes bear them."""
RETURNED_SHARE = 0.12
"""Of those at providers that return mail late."""
LATE_PROVIDERS = ("proton", "corp")

_FIRST_NAMES = """
Ada Alma Amir Anna Arlo Bea Ben Cara Clara Dario Dina Edda Elias Emil Enya Ezra Fay Finn Flora Frida Gus
Hana Hugo Ida Ines Iris Ivo Jana Joel Juno Kai Kira Lars Lena Levi Lina Lola Luca Mael Maja Mara Mika
Mina Nell Nico Nils Noa Nora Olga Otis Otto Paul Pia Quinn Rhea Rosa Sami Sara Sol Tess Theo Tilda Uma
Vera Vito Wanda Yara Yuri Zoe
"""
FIRST_NAMES = _FIRST_NAMES.split()
_LAST_NAMES = """
Abbott Acker Amsel Arden Baker Barlow Berg Birch Brook Calder Carver Cole Cooper Dahl Dale Decker Drake
Easton Elder Falk Farrow Field Fisher Ford Frost Gale Garner Glass Grove Hale Harper Hart Hazel Heath
Holm Hume Keller Kemp Kirk Lake Lane Larkin Linden Lowe Marsh Mason Meyer Miller Moor Nash North Oakes
Page Parker Penn Pike Quill Reed Ridge Rivers Rowe Sanders Shaw Stone Storm Swift Thorne Vale Walker
Ward Wells West Wilder Winter Wood Wren York
"""
LAST_NAMES = _LAST_NAMES.split()
GENRES = ("crime", "poetry", "travel", "history", "fiction")
CITIES = ("Bremen", "Cork", "Ghent", "Graz", "Hull", "Lyon", "Malmö", "Porto", "Turku", "Utrecht")
OLDEST_DAYS = 900


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody on the list. `age`: how long ago they signed up, from the made-up address `ip`."""

    email: str
    attributes: Mapping[str, str]
    age: timedelta
    ip: str


def subscribers(seed: int, count: int) -> Iterator[Subscriber]:
    """`count` people, each with another address; always the same for a seed, more only adds to them."""
    seen: set[str] = set()
    number = 0
    while len(seen) < count:
        made = _subscriber(seed, str(number))
        number += 1
        if made.email not in seen:
            seen.add(made.email)
            yield made


def _subscriber(seed: int, number: str) -> Subscriber:
    def pick(about: str, choices: Sequence[str]) -> str:
        return choices[int(draw(seed, about, number) * len(choices))]

    first, last = pick("first", FIRST_NAMES), pick("last", LAST_NAMES)
    provider = _by_share(draw(seed, "provider", number), SHARES) or "gmail"
    trouble = _trouble(draw(seed, "trouble", number), provider)
    local = f"{trouble}.{first}.{last}" if trouble else f"{first}.{last}"
    tail = int(draw(seed, "tail", number) * 90)
    attributes = {"first_name": first, "last_name": last, "city": pick("city", CITIES)}
    return Subscriber(
        f"{local.lower()}{tail or ''}@{provider}.test",
        attributes | {"genre": pick("genre", GENRES)},
        timedelta(days=1 + OLDEST_DAYS * draw(seed, "age", number)),
        f"203.0.113.{100 + int(draw(seed, 'home', number) * 150)}",
    )


def _trouble(luck: float, provider: str) -> str:
    """The word of a mailbox that is in trouble, "" for an ordinary one."""
    if provider in LATE_PROVIDERS and luck > 1 - RETURNED_SHARE:
        return RETURNED
    return _by_share(luck, TROUBLES)


def _by_share(luck: float, shares: Mapping[str, float]) -> str:
    """The one that `luck` falls on, "" beyond the last."""
    for name, share in shares.items():
        if luck < share:
            return name
        luck -= share
    return ""
