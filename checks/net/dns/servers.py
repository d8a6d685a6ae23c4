"""Name servers as people write them, and as /etc/resolv.conf lists them."""

import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path

PORT = 53
RESOLV_CONF = Path("/etc/resolv.conf")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a name server listens. Printed as in evidence: the port only when it is not 53."""

    ip: str
    port: int = PORT

    @property
    def family(self) -> socket.AddressFamily:
        return socket.AF_INET6 if ":" in self.ip else socket.AF_INET

    def __str__(self) -> str:
        if self.port == PORT:
            return self.ip
        return f"[{self.ip}]:{self.port}" if ":" in self.ip else f"{self.ip}:{self.port}"


def parse_server(text: str) -> tuple[str, int]:
    """HOST[:PORT], [IPv6]:PORT or a bare IPv6 address -> (address, port).

    A host name is looked up by the operating system. Raises ValueError with a sentence.
    """
    host, port = _split(text.strip())
    if not host:
        raise ValueError("The name server is empty. Give HOST or HOST:PORT, such as 192.0.2.53:5353.")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"'{text}': the port must be a number from 1 to 65535.")
    return _resolve(host, text), int(port)


def _split(text: str) -> tuple[str, str]:
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, rest.removeprefix(":") if rest else str(PORT)
    if text.count(":") == 1:
        host, _, port = text.partition(":")
        return host, port
    return text, str(PORT)


def _resolve(host: str, text: str) -> str:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return host
    try:
        found = socket.getaddrinfo(host, PORT, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        raise ValueError(f"'{text}': the name server {host} has no address ({error}).") from error
    return str(found[0][4][0])


def listed(resolv_conf: str) -> list[tuple[str, int]]:
    """The name servers in the text of a resolv.conf(5), in order; lines that make no sense are skipped."""
    servers = []
    for line in resolv_conf.splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == "nameserver":
            try:
                ipaddress.ip_address(words[1])
            except ValueError:
                continue
            servers.append((words[1], PORT))
    return servers


def system_servers() -> list[tuple[str, int]]:
    """What this machine uses; 127.0.0.1 when nothing is configured, as resolv.conf(5) says."""
    try:
        text = RESOLV_CONF.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    return listed(text) or [("127.0.0.1", PORT)]
