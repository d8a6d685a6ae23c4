"""Damage, seeded: what DNS and mail look like after a hostile or careless hand."""

import random
from collections.abc import Iterator, Sequence

# fmt: off
SPICE = (
    "", " ", "  ", "\t", "\r\n", "\n", "\0", "\x1b[31m", ";", ";;", "=", ":", "/", "\\", '"', "%", "%{", "}",
    "%{i", "%{d1r.}", "v=spf1", "v=DMARC1", "v=DKIM1", "p=", "rua=mailto:", "include:", "redirect=", "-all",
    "/33", "//129", "9" * 21, "-1", "é", "\u202e", "\ud800", "xn--", ".", "..", "a" * 64, "a" * 300, "<", ">",
)
# fmt: on


def mutated(seeds: Sequence[str], count: int, seed: int = 0) -> Iterator[str]:
    """`count` damaged versions of the seeds; the same for the same `seed`."""
    chance = random.Random(seed)
    for _ in range(count):
        text = chance.choice(seeds)
        for _ in range(chance.randint(1, 4)):
            text = _damage(text, seeds, chance)
        yield text


def _damage(text: str, seeds: Sequence[str], chance: random.Random) -> str:
    first, second = sorted(chance.randint(0, len(text)) for _ in range(2))
    match chance.randrange(6):
        case 0:
            return text[:first] + text[second:]
        case 1:
            return text[:first] + chance.choice(SPICE) + text[first:]
        case 2:
            return text[:second] + text[first:]
        case 3:
            return text[:first] + chance.choice(SPICE) + text[second:]
        case 4:
            other = chance.choice(seeds)
            return text[:first] + other[chance.randint(0, len(other)) :]
        case _:
            return text.swapcase() if chance.random() < 0.5 else text[::-1]
