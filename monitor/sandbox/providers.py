"""The eight pretend mailbox providers: where they listen, and how each of them behaves.

The manners are those of the real ones (which folder bulk mail goes to, whether a bounce is a reply or
a message that comes later, whose machines fetch pictures); the names are under the reserved `.test`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Peek(StrEnum):
    """Whose machines fetch what a message holds, besides the people."""

    NOBODY = "nobody"
    IMAGE_PROXY = "image-proxy"
    """Pictures come through a proxy when somebody opens: a person's open, behind a machine's address."""
    PREFETCH = "prefetch"
    """Every picture is fetched shortly after delivery, opened or not."""
    GATEWAY = "gateway"
    """A security gateway follows every link before it hands the message over."""


class Late(StrEnum):
    """How a provider reports what it notices only after it has accepted."""

    NEVER = "never"
    BY_MAIL = "mail"
    BY_HOOK = "hook"


@dataclass(frozen=True, slots=True)
class Provider:
    """One pretend provider. `junk` and `bulk` are folders; `bulk` is where a clean newsletter lands."""

    key: str
    ip: str
    banner: str
    junk: str = "Junk"
    bulk: str = "INBOX"
    peek: Peek = Peek.NOBODY
    late: Late = Late.NEVER
    greylists: bool = False

    @property
    def domain(self) -> str:
        return f"{self.key}.test"

    @property
    def mx(self) -> str:
        return f"mx.{self.domain}"


PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "gmail",
        "127.0.1.1",
        "ESMTP gsmtp",
        junk="[Gmail]/Spam",
        bulk="Promotions",
        peek=Peek.IMAGE_PROXY,
    ),
    Provider("outlook", "127.0.1.2", "Microsoft ESMTP MAIL Service ready"),
    Provider("yahoo", "127.0.1.3", "ESMTP ready", junk="Bulk", peek=Peek.IMAGE_PROXY),
    Provider("icloud", "127.0.1.4", "ESMTP", peek=Peek.PREFETCH),
    Provider("gmx", "127.0.1.5", "Nemesis ESMTP Service ready", junk="Spamverdacht"),
    Provider("proton", "127.0.1.6", "ESMTP Postfix", junk="Spam", late=Late.BY_MAIL),
    Provider("web", "127.0.1.7", "ESMTP Postfix", greylists=True),
    Provider("corp", "127.0.1.8", "ESMTP MAIL service ready", peek=Peek.GATEWAY, late=Late.BY_HOOK),
)

BY_KEY = {provider.key: provider for provider in PROVIDERS}
BY_DOMAIN = {provider.domain: provider for provider in PROVIDERS}
