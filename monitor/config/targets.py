"""The configuration's targets in the words of the checks."""

from collections.abc import Sequence

from checks.model import SendingIp, Target
from monitor.config.schema import Config


def configured_targets(config: Config) -> Sequence[Target]:
    return [
        Target(
            entry.domain,
            tuple(SendingIp(ip) for ip in entry.ips),
            entry.selectors,
            entry.helos,
            entry.profile,
        )
        for entry in config.targets
    ]
