"""DNS: one client of our own for every check (docs/design.md, section 3)."""

from checks.net.dns.manners import Limit
from checks.net.dns.resolver import Resolver
from checks.net.dns.servers import parse_server, system_servers

__all__ = ["Limit", "Resolver", "parse_server", "system_servers"]
