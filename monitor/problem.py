"""What a person must change before Homing can go on."""


class Problem(Exception):
    """Wrong use, configuration or surroundings. `str(problem)` is the whole sentence to show; exit code 2.

    Not for facts about mail (those are findings) and not for our own mistakes (those are bugs).
    """
