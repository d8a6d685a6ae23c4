"""Luck that is the same in every run: drawn from the sandbox's seed and what it is about."""

from hashlib import blake2b


def draw(seed: int, *about: str) -> float:
    """A number from 0 up to 1, always the same for the same `seed` and `about`."""
    digest = blake2b("\0".join((str(seed), *about)).encode(), digest_size=7).digest()
    return int.from_bytes(digest, "big") / 2**56
