"""Text from outside as both stores can keep it: PostgreSQL takes no NUL, nothing takes half a surrogate."""


def storable(text: str) -> str:
    """The text without NUL, with what is no character replaced by a question mark."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
