"""What the public endpoints are told when they begin."""

from dataclasses import dataclass
from pathlib import Path

from sender.web.client import Network
from sender.web.hookdesk import HookDesk


@dataclass(frozen=True, slots=True)
class Settings:
    """`spool` and `intake` are folders for hits and for what comes in. `hook_token` "" closes the hook for
    mail; without `hooks` there are none for providers, who know this place as `public_url`.
    """

    spool: Path
    intake: Path
    hook_token: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    forwarding_header: str = "X-Forwarded-For"
    hooks: HookDesk | None = None
    public_url: str = ""
