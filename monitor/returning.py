"""Reads what came back, as long as the worker runs."""

from monitor.processes.life import Life
from sender.returns.processing import process
from sender.returns.reader import Reader

EVERY_SECONDS = 1.0


def read_returns(life: Life) -> None:
    """Carry out what bounces, reports and unsubscribing mails say, until asked to end."""
    app = life.app
    with Reader() as reader:
        life.every(EVERY_SECONDS, lambda: process(app.store, app.tokens, app.intake, reader, app.now))
