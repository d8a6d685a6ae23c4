"""What proves each provider's calls, said before the first one is refused."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sender.returns.hooks.model import Secrets

TOPIC = re.compile(r"arn:aws(?:-[a-z-]+)?:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}")


def _signing_key(secrets: Secrets) -> str:
    return "" if secrets.key else "give its signing key: --key"


def _public_key(secrets: Secrets) -> str:
    try:
        if isinstance(load_der_public_key(base64.b64decode(secrets.key)), EllipticCurvePublicKey):
            return ""
    except (ValueError, UnsupportedAlgorithm, binascii.Error):
        pass
    return "give the verification key of its signed event webhook, in base64: --key"


def _topics(secrets: Secrets) -> str:
    if strange := [topic for topic in secrets.topics if not TOPIC.fullmatch(topic)]:
        return f"“{strange[0]}” is not the ARN of an SNS topic"
    return "" if secrets.topics or secrets.logins else "give the SNS topic that may call: --topic"


def _login(secrets: Secrets) -> str:
    if any(":" not in login for login in secrets.logins):
        return 'a login is "user:password"'
    return "" if secrets.logins or secrets.header else "it signs nothing: --new-login, --login or --header"


PROOFS: Mapping[str, Callable[[Secrets], str]] = {
    "mailgun": _signing_key,
    "mandrill": _signing_key,
    "postmark": _login,
    "sendgrid": _public_key,
    "ses": _topics,
}
"""provider -> what is still lacking, in a sentence; "" for nothing."""


def lacking(provider: str, secrets: Secrets) -> str:
    """What must be given before this provider's calls can be checked; "" when all is there."""
    if secrets.header and ":" not in secrets.header:
        return 'a header is "Name: value".'
    found = PROOFS[provider](secrets)
    return f"{provider}: {found}." if found else ""
