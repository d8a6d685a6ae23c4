"""`homing web`: the public endpoints and nothing else."""

import threading

import uvicorn

from checks.net.web import GuardedWeb
from monitor.cli.main import Exit
from monitor.cli.plain import plain
from monitor.ports import must_be_free, place_of
from monitor.problem import Problem
from monitor.processes.certificate import certificate_of
from monitor.processes.life import BEAT_SECONDS, Life, living
from monitor.senses import Senses, open_senses
from sender.returns.hooks.book import Book
from sender.web.app import create_app, loaded
from sender.web.client import networks
from sender.web.hookdesk import HookDesk
from sender.web.settings import Settings

GRACE_SECONDS = 5
"""For requests that are being answered when we are asked to end."""


def serve() -> int:
    """Answer opens, clicks, unsubscribes and hooks, until SIGTERM or Ctrl-C."""
    with living("web") as life, open_senses(life.app.config) as senses:
        place = place_of("web", life.app.home, life.app.config)
        must_be_free("web", place)
        certificate = certificate_of(life.app.config.web)
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(life.app.store, life.app.tokens, _settings(life, senses), life.app.now),
                host=place.host,
                port=place.port,
                proxy_headers=False,  # whom to believe is in trusted_proxies
                server_header=False,
                access_log=False,  # who opened what is nobody's log line
                log_config=None,
                timeout_graceful_shutdown=GRACE_SECONDS,
                ssl_context_factory=(lambda *_: certificate.context) if certificate else None,
            )
        )

        def beat() -> None:
            life.beat({"port": place.port})
            if certificate:
                certificate.renew()

        beating = threading.Thread(target=life.every, args=[BEAT_SECONDS, beat])
        beating.start()
        loaded()
        try:
            server.run()
        finally:
            life.stop.set()
            beating.join()
    return Exit.CLEAN


def _settings(life: Life, senses: Senses) -> Settings:
    app = life.app
    desk = HookDesk(Book(app.store, app.keys), GuardedWeb(senses.dns))
    try:
        trusted = networks(app.config.web.trusted_proxies)
    except ValueError as error:
        raise Problem(f'"web.trusted_proxies": {error}.') from error
    token = app.config.web.hook_token.get_secret_value()
    header = app.config.web.forwarding_header
    return Settings(app.spool, app.intake, token, trusted, header, desk, app.public_url)


run = plain("web", serve)
