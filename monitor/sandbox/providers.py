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
    """One pretend provider. The shares are parts of its mailboxes, from 0 to 1."""

    key: str
    ip: str
    banner: str
    junk: str = "Junk"
    bulk: str = "INBOX"
    """The folder where a clean newsletter lands."""
    peek: Peek = Peek.NOBODY
    late: Late = Late.NEVER
    reports_complaints: bool = False
    """It tells senders who asked for it that a reader called their mail spam (RFC 5965)."""
    strict: bool = True
    """Refuses what neither SPF nor DKIM vouches for, as the large ones do since 2024; else it is junk."""
    junk_share: float = 0.0
    """Mailboxes of people who never open: newsletters go to `junk` there."""
    greylist_share: float = 0.0
    """Mailboxes that refuse the first attempt from an address they have not met."""

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
        junk_share=0.04,
    ),
    Provider("outlook", "127.0.1.2", "Microsoft ESMTP MAIL Service ready", junk_share=0.3),
    Provider(
        "yahoo",
        "127.0.1.3",
        "ESMTP ready",
        junk="Bulk",
        peek=Peek.IMAGE_PROXY,
        reports_complaints=True,
        junk_share=0.08,
    ),
    Provider("icloud", "127.0.1.4", "ESMTP", peek=Peek.PREFETCH, junk_share=0.06),
    Provider("gmx", "127.0.1.5", "Nemesis ESMTP Service ready", junk="Spamverdacht", junk_share=0.15),
    Provider("proton", "127.0.1.6", "ESMTP Postfix", junk="Spam", late=Late.BY_MAIL, strict=False),
    Provider("web", "127.0.1.7", "ESMTP Postfix", strict=False, greylist_share=0.2),
    Provider(
        "corp",
        "127.0.1.8",
        "ESMTP MAIL service ready",
        peek=Peek.GATEWAY,
        late=Late.BY_HOOK,
        strict=False,
    ),
)

BY_KEY = {provider.key: provider for provider in PROVIDERS}
BY_DOMAIN = {provider.domain: provider for provider in PROVIDERS}
