"""What each provider's calls tell."""

from collections.abc import Callable, Mapping, Sequence

from sender.returns.hooks import mailgun, mandrill, postmark, sendgrid, ses
from sender.returns.hooks.model import Call, Told

TOLD: Mapping[str, Callable[[Call], Sequence[Told]]] = {
    "mailgun": mailgun.told,
    "mandrill": mandrill.told,
    "postmark": postmark.told,
    "sendgrid": sendgrid.told,
    "ses": ses.told,
}
