"""The sandbox's `homing.toml`: the real product, pointed at the made-up world and hurried up."""

import json
from collections.abc import Iterator

from monitor.sandbox.blocklists import BLOCKLISTS, Health
from monitor.sandbox.place import LOOPBACK, Sandbox
from monitor.sandbox.providers import PROVIDERS, Provider
from monitor.sandbox.registry import SHARES
from monitor.sandbox.world import DOMAINS, NETWORKS, Domain

MANY = 1_000
DELIVERED_IN_MINUTES = 4
"""Of a large town's mail: slow enough to be watched, and to leave the machine to its owner."""
HEAD = """\
# The sandbox's configuration. It is written anew at each start of `homing up --sandbox`.
# For a configuration of your own: homing init example.com

[resolver]
nameservers = ["{nameserver}"]
timeout = "2s"

# The made-up senders have no web and no mail servers: their addresses are of the documentation ranges.
[checks]
https = false
smtp = false
own_networks = {networks}

# A real instance looks once an hour and takes two minutes to believe a listing.
[schedule]
audit = "10s"

[alerts]
confirm_after = "5s"

[placement]
deadline = "2m"

[web]
port = {web}
public_url = "{web_url}"
trusted_proxies = ["{loopback}"]
hook_token = "{hook_token}"

[inbound]
port = {inbound}

[delivery]
mx_port = {smtp}

[[channels]]
name = "file"
kind = "file"
"""


def configuration(sandbox: Sandbox) -> str:
    """The whole file as TOML."""
    head = HEAD.format(
        nameserver=sandbox.nameserver,
        web_url=sandbox.web_url,
        loopback=LOOPBACK,
        hook_token=sandbox.hook_token,
        networks=_list(NETWORKS),
        **sandbox.ports,
    )
    tables = [head, *(_provider(provider, sandbox.contacts) for provider in PROVIDERS)]
    tables += [_blocklist(blocklist.zone) for blocklist in BLOCKLISTS if blocklist.health is not Health.WELL]
    return "\n".join([*tables, *("\n".join(_target(domain)) + "\n" for domain in DOMAINS)])


def _provider(provider: Provider, contacts: int) -> str:
    table = f'[[providers]]\nname = "{provider.key}"\nmx = ["{provider.mx}"]\n'
    if contacts < MANY:
        return table
    a_minute = contacts * SHARES[provider.key] / DELIVERED_IN_MINUTES
    return f'{table}rate = "{a_minute:.0f}/m"\n'


def _blocklist(zone: str) -> str:
    return f'[[blocklists]]\nzone = "{zone}"\n'


def _target(domain: Domain) -> Iterator[str]:
    yield f"# {domain.about}"
    yield "[[targets]]"
    yield f'domain = "{domain.name}"'
    yield f"ips = {_list(host.ip for host in domain.hosts)}"
    yield f"helos = {_list(host.name for host in domain.hosts)}"
    yield f"selectors = {_list(domain.selectors)}"
    yield f'profile = "{domain.profile}"'


def _list(items: Iterator[str] | tuple[str, ...]) -> str:
    """TOML writes a list of plain strings as JSON does."""
    return json.dumps(list(items))
