"""What is wrong with a template, for its author."""


class ContentError(ValueError):
    """A template that cannot be read or used; the message says where and what to do."""
