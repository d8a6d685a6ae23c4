"""AWS Signature Version 4: how a request proves who sends it. Pure.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import parse_qsl, quote

from sender.delivery.http.message import Request

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = frozenset({"authorization", "user-agent", "content-length", "connection", "accept"})
"""Headers that a proxy or the connection itself may set."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key; `session` is for temporary ones."""

    key: str
    secret: str = field(repr=False)
    session: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a signature is good."""

    region: str
    service: str


def signed(request: Request, host: str, credentials: Credentials, scope: Scope, now: datetime) -> Request:
    """The request with its Authorization, good for about five minutes around `now` (UTC)."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    headers = {**request.headers, "host": host, "x-amz-date": stamp}
    if credentials.session:
        headers["x-amz-security-token"] = credentials.session
    names = sorted(name for name in headers if name not in UNSIGNED)
    where = f"{stamp[:8]}/{scope.region}/{scope.service}/aws4_request"
    canonical = _canonical(request, headers, names)
    to_sign = "\n".join((ALGORITHM, stamp, where, sha256(canonical.encode()).hexdigest()))
    signature = hmac.new(_key(credentials.secret, where), to_sign.encode(), sha256).hexdigest()
    proof = f"Credential={credentials.key}/{where}, SignedHeaders={';'.join(names)}, Signature={signature}"
    return Request(
        request.method, request.path, {**headers, "authorization": f"{ALGORITHM} {proof}"}, request.body
    )


def _canonical(request: Request, headers: Mapping[str, str], names: list[str]) -> str:
    path, _, query = request.path.partition("?")
    pairs = sorted((_quoted(k), _quoted(v)) for k, v in parse_qsl(query, keep_blank_values=True))
    return "\n".join(
        (
            request.method,
            quote(path, safe="/-_.~"),
            "&".join(f"{key}={value}" for key, value in pairs),
            *(f"{name}:{' '.join(headers[name].split())}" for name in names),
            "",
            ";".join(names),
            sha256(request.body).hexdigest(),
        )
    )


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def _key(secret: str, where: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in where.split("/"):
        key = hmac.new(key, part.encode(), sha256).digest()
    return key
