"""The first `homing.toml`: short, commented, and working as it stands."""

from monitor.config.schema import Config

TEMPLATE = """\
# Homing's configuration. Everything has a default; what stands behind a # is the default.
# A setting can also come from the environment: HOMING__WEB__PORT=8080 (and HOMING__…_FILE=/path for secrets).

{targets}

# How often each target is looked at. Lengths of time: 90s, 15m, 6h, 1d.
# [schedule]
# audit = "1h"

# The machine's own resolver asks, unless you name others. Blocklists refuse public resolvers such as 8.8.8.8:
# run one of your own (unbound) and name it here.
# [resolver]
# nameservers = ["127.0.0.1:53"]

# Where alerts go. `homing alert test` tries every channel.
[[channels]]
name = "file"
kind = "file"
# path = "/var/log/homing-alerts.jsonl"

# [[channels]]
# name = "on-call"
# kind = "webhook"
# url = "https://example.com/hooks/homing"
# secret = "whsec_…"          # better: HOMING__CHANNELS__ON_CALL__SECRET_FILE=/run/secrets/hook

# [alerts]
# confirm_after = "2m"         # a listing is told of after a second look this much later
# repeat = "4h"

# Another channel for what is critical and that nobody has taken on for a quarter of an hour:
# [[channels]]
# name = "pager"
# kind = "apprise"
# url = "pagerduty://…"
# after = "15m"

# Who would notice if this machine stopped? A dead man's switch: an address that is called every minute.
# [heartbeat]
# url = "https://hc-ping.com/…"   # better: HOMING__HEARTBEAT__URL_FILE=/run/secrets/heartbeat

# The public endpoints (open, click, unsubscribe): behind a reverse proxy, under the name people will see.
# [web]
# host = "{web.host}"
# port = {web.port}
# public_url = "https://mail.example.com"

# [dashboard]
# port = {dashboard.port}
"""

NO_TARGET = """\
# What is watched: your sending domains, and the addresses that mail leaves from.
# [[targets]]
# domain = "example.com"
# ips = ["192.0.2.25"]
# selectors = ["s1"]
# profile = "bulk"             # bulk, transactional, corporate, parked, esp-subdomain"""

ONE_TARGET = """\
# What is watched: your sending domains, and the addresses that mail leaves from.
[[targets]]
domain = "{domain}"
# ips = ["192.0.2.25"]         # known from SPF and MX too; say it to be sure
# selectors = ["s1"]
# profile = "bulk"             # bulk, transactional, corporate, parked, esp-subdomain"""


def starter(domain: str = "") -> str:
    """The text of a first configuration that watches `domain` (A-labels), or nothing yet."""
    targets = ONE_TARGET.format(domain=domain) if domain else NO_TARGET
    return TEMPLATE.format(targets=targets, web=Config().web, dashboard=Config().dashboard)
