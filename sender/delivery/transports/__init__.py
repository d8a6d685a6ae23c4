"""The ways out, as a table: one line adds one. A sending server in the store names its kind and settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from data.servers import Server
from sender.delivery.smtp.session import Login, Security
from sender.delivery.smtp.wire import Peer
from sender.delivery.transports.base import Can, Transport
from sender.delivery.transports.mailgun import CAN as MAILGUN_CAN
from sender.delivery.transports.mailgun import MailgunSettings, mailgun
from sender.delivery.transports.mandrill import CAN as MANDRILL_CAN
from sender.delivery.transports.mandrill import MandrillSettings, mandrill
from sender.delivery.transports.mx import Direct, DirectMx
from sender.delivery.transports.postmark import CAN as POSTMARK_CAN
from sender.delivery.transports.postmark import PostmarkSettings, postmark
from sender.delivery.transports.sendgrid import CAN as SENDGRID_CAN
from sender.delivery.transports.sendgrid import SendGridSettings, sendgrid
from sender.delivery.transports.ses import CAN as SES_CAN
from sender.delivery.transports.ses import SesSettings, ses
from sender.delivery.transports.settings import BadServer, Settings, World
from sender.delivery.transports.sink import Chaos, Sink
from sender.delivery.transports.smtp import Relay, SmtpRelay

__all__ = ["TRANSPORTS", "BadServer", "Kind", "Settings", "World", "open_transport", "settings_of"]


class RelaySettings(Settings):
    """`tls`: "implicit" (port 465), "required" (STARTTLS, certificate verified), "opportunistic" or "off"."""

    host: str
    port: int = 25
    tls: Literal["implicit", "required", "opportunistic", "off"] = "opportunistic"
    cafile: str | None = None
    user: str = ""
    secret: str = ""
    """The name under which the password is sealed in the store."""
    helo: str = "localhost"
    source: str | None = None
    per_connection: int = 1_000

    @model_validator(mode="after")
    def _password_is_safe(self) -> Self:
        if self.user and self.tls not in ("implicit", "required"):
            raise ValueError("a password goes over verified TLS only: set tls to required or implicit")
        return self


class MxSettings(Settings):
    """Direct delivery: `helo` is the name that the sending address resolves to and from."""

    helo: str
    port: int = 25
    source: str | None = None
    private: bool = False
    """Deliver to addresses that are not public, too: in a laboratory or a network of one's own."""
    cafile: str | None = None
    """Whom to trust instead of the system's authorities where MTA-STS wants a valid certificate."""


class SinkSettings(Settings):
    """Shares of all messages, which together are not more than all of them."""

    refuse: float = Field(0.0, ge=0, le=1)
    defer: float = Field(0.0, ge=0, le=1)
    lose: float = Field(0.0, ge=0, le=1)
    drop: float = Field(0.0, ge=0, le=1)
    seconds: float = Field(0.0, ge=0)
    seed: int = 0

    @model_validator(mode="after")
    def _no_more_than_all(self) -> Self:
        if self.refuse + self.defer + self.lose + self.drop > 1:
            raise ValueError("refuse, defer, lose and drop are shares: together they are 1 at most")
        return self


_SECURITY: Mapping[str, Security] = {
    "implicit": Security(use=False),
    "required": Security(require=True, verify=True),
    "opportunistic": Security(),
    "off": Security(use=False),
}


def _relay(settings: RelaySettings, world: World) -> Transport:
    peer = Peer(
        settings.host,
        settings.host,
        settings.port,
        settings.source,
        implicit_tls=settings.tls == "implicit",
        cafile=settings.cafile,
    )
    login = Login(settings.user, world.secret(settings.secret)) if settings.user else None
    return SmtpRelay(
        Relay(
            *(peer, settings.helo, settings.connections, settings.per_connection),
            *(_SECURITY[settings.tls], login),
        )
    )


def _direct(settings: MxSettings, world: World) -> Transport:
    direct = Direct(settings.helo, settings.port, settings.source, settings.private, settings.cafile)
    return DirectMx(direct, world.dns, world.clock, web=world.web)


def _sink(settings: SinkSettings, _world: World) -> Transport:
    return Sink(Chaos(**settings.model_dump(include={"refuse", "defer", "lose", "drop", "seconds", "seed"})))


@dataclass(frozen=True, slots=True)
class Kind:
    """`slow_start`: the receivers see our address, so that a lane begins with few connections."""

    title: str
    settings: type[Any]
    make: Callable[[Any, World], Transport]
    slow_start: bool = False
    can: Can = field(default_factory=Can)
    needs_key: bool = False


TRANSPORTS: Mapping[str, Kind] = {
    "smtp": Kind("SMTP relay or submission server", RelaySettings, _relay),
    "mx": Kind("Straight to the receivers' servers", MxSettings, _direct, slow_start=True),
    "ses": Kind("Amazon SES, API v2", SesSettings, ses, can=SES_CAN, needs_key=True),
    "sendgrid": Kind("SendGrid, API v3", SendGridSettings, sendgrid, can=SENDGRID_CAN, needs_key=True),
    "mailgun": Kind("Mailgun's API", MailgunSettings, mailgun, can=MAILGUN_CAN, needs_key=True),
    "postmark": Kind("Postmark's API", PostmarkSettings, postmark, can=POSTMARK_CAN, needs_key=True),
    "mandrill": Kind(
        "Mailchimp Transactional (Mandrill)", MandrillSettings, mandrill, can=MANDRILL_CAN, needs_key=True
    ),
    "sink": Kind("Nowhere: for rehearsals", SinkSettings, _sink),
}


def settings_of(server: Server) -> Settings:
    """A server's settings, checked. Raises `BadServer`."""
    if server.kind not in TRANSPORTS:
        known = ", ".join(TRANSPORTS)
        raise BadServer(f"{server.name}: there is no transport {server.kind!r}; there are {known}")
    try:
        checked: Settings = TRANSPORTS[server.kind].settings.model_validate(dict(server.settings))
    except ValidationError as fault:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors())
        raise BadServer(f"{server.name}: {said}") from None
    return checked


def open_transport(server: Server, world: World) -> Transport:
    """The way out that this server is. Raises `BadServer`."""
    return TRANSPORTS[server.kind].make(settings_of(server), world)
