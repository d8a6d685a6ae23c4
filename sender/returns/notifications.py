"""Amazon's notifications where a topic of SNS is subscribed by mail: the same words as its webhook's."""

import json
from collections.abc import Sequence

from sender.returns.hooks import ses
from sender.returns.hooks.model import Deed, Told
from sender.returns.mail import Mail

LONGEST = 500_000
SENDER = "amazonaws.com"


def notified(mail: Mail) -> Sequence[Told]:
    """What a mail of SNS tells; its text is the notification, and a note on how to unsubscribe behind it."""
    text = mail.text
    if "notificationType" not in text or SENDER not in mail.header("from").lower() or len(text) > LONGEST:
        return ()
    try:
        event, _ = json.JSONDecoder().raw_decode(text[text.index("{") :])
    except (ValueError, RecursionError):
        return ()
    reported = (Deed.BOUNCED, Deed.DEFERRED, Deed.DELIVERED)
    return [each for each in ses.told_in(json.dumps(event)) if each.deed in reported]
