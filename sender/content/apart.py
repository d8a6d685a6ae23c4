"""Runs a conversion where it can be killed: a child process with little time and memory.

The libraries that read HTML, CSS and MJML recurse and some of their work grows with the square of what they
are given; a hostile template costs its child and nothing else.
"""

import multiprocessing
import os
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe

from sender.content.problem import ContentError

SECONDS = 10.0
MEMORY = 1_500_000_000


def apart(convert: Callable[[str], str], source: str, seconds: float = SECONDS) -> str:
    """`convert(source)`; raises `ContentError` for what it refuses, and when it hangs or crashes.

    `convert` is a function of a module (it is found by name in the child).
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_convert, args=(convert, source, theirs), name="converter", daemon=True)
    child.start()
    theirs.close()
    try:
        if ours.poll(seconds):
            fine, said = ours.recv()
            if fine:
                return str(said)
            raise ContentError(said)
    except (EOFError, OSError):
        pass
    finally:
        ours.close()
        child.kill()
        child.join()
    raise ContentError("The template is nested too deeply or is too complex. Make it simpler.")


def _convert(convert: Callable[[str], str], source: str, pipe: Pipe) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where a library that aborts writes its backtrace
    try:
        answer = (True, convert(source))
    except ContentError as error:
        answer = (False, str(error))
    except Exception as error:  # a library's panic or MemoryError: the parent says it in its own words
        answer = (False, f"The template cannot be read ({type(error).__name__}).")
    pipe.send(answer)
