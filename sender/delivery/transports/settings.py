"""What a sending server may say of itself, and what transports are made with."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from checks.ports import Clock, Dns, NoWeb, Web
from sender.delivery.http.client import ApiClient, Endpoint


class BadServer(ValueError):
    """A sending server's kind or settings are wrong; the sentence says which and what they may be."""


@dataclass(frozen=True, slots=True)
class World:
    """What transports reach the world with; `secret` gives the secret of a name, "" if there is none."""

    dns: Dns
    clock: Clock
    secret: Callable[[str], str]
    web: Web = field(default_factory=NoWeb)
    """For MTA-STS policies."""


class Settings(BaseModel):
    """What every sending server may say of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    connections: int = Field(10, ge=1, le=1_000)
    rate: float | None = Field(None, gt=0)
    """Messages a second, for each of its lanes."""
    per_second: float | None = Field(None, gt=0)
    per_hour: int | None = Field(None, gt=0)
    per_day: int | None = Field(None, gt=0)
    """Quotas of the whole server, over all of its lanes and all workers."""


class ApiSettings(Settings):
    """A provider that is spoken to over HTTP."""

    secret: str = ""
    """The name under which the key is sealed in the store."""
    url: str = ""
    """Where the API is, "" for where the provider has it."""
    private: bool = False
    """It may be at an address that is not public, and without TLS: a laboratory, a proxy of one's own."""
    cafile: str | None = None
    """Whom to trust instead of the system's authorities."""
    seconds: float = Field(60.0, gt=0, le=600)
    """How long to wait for an answer; without one the message is `unknown`."""


def client_of(settings: ApiSettings, world: World, url: str) -> ApiClient:
    """The client for the settings' own URL, else for the provider's. Raises `BadServer`."""
    try:
        endpoint = Endpoint(settings.url or url, settings.private, settings.cafile, seconds=settings.seconds)
    except ValueError as fault:
        raise BadServer(f"url: {fault}") from None
    return ApiClient(endpoint, world.dns)


def key_of(settings: ApiSettings, world: World) -> str:
    """The key, unsealed. Raises `BadServer` if there is none."""
    key = world.secret(settings.secret) if settings.secret else ""
    if not key:
        raise BadServer("there is no key for it: `homing server set NAME --secret-file PATH` gives it one")
    return key
