"""The words for the DKIM signatures of a message."""

from collections.abc import Mapping

from checks.wording.table import Wording

WORDING: Mapping[str, Wording] = {
    "DKIM-101": Wording(
        title="A signature that holds",
        sentence="No DKIM signature of the message holds ({reasons}).",
        passed="The message is signed by {domains}.",
        unknown="Could not find out whether a signature of the message holds: {why}.",
        fix="Sign with DKIM as the last thing that touches the message, with a key that is published.",
        cites="RFC 6376 section 6",
    ),
    "DKIM-102": Wording(
        title="A signature of the From domain",
        sentence="No signature that holds belongs to {author}, the domain in From (signed by: {domains}).",
        passed="The message is signed by {aligned}, which is aligned with From ({author}).",
        unknown="Could not find out whether a signature of {author} holds: {why}.",
        fix="Sign with d={author} or its organisational domain: DMARC counts no other signature.",
        cites="RFC 9989 section 4.4",
    ),
    "DKIM-103": Wording(
        title="Fields that nobody can add",
        sentence="The signature of {domain} {grade} {fields}, so a second one can be put in and the signature still holds.",
        passed="The signature of {domain} oversigns what readers see.",
        fix="Name {fields} in h= once more than the message has them (OpenDKIM: OversignHeaders).",
        cites="RFC 6376 section 8.15",
    ),
    "DKIM-104": Wording(
        title="The whole body signed",
        sentence="The signature of {domain} covers the first {length} octets of the body only (l=): anybody can append to it.",
        passed="The signature of {domain} covers the whole body.",
        fix="Switch l= off in the signer.",
        cites="RFC 6376 section 8.2",
    ),
    "DKIM-105": Wording(
        title="Times of the signature",
        sentence="The signature of {domain} {flaw}.",
        passed="The times in the signature of {domain} are in order.",
        fix="Let signatures live for at least four days (x= after t=), or leave x= out, and set the signer's clock.",
        cites="RFC 6376 section 3.5",
    ),
    "DKIM-106": Wording(
        title="A hash that is accepted",
        sentence="The signature of {domain} is made with {algorithm}, which no verifier may accept any more.",
        passed="The signature of {domain} is made with {algorithm}.",
        fix="Sign with rsa-sha256.",
        cites="RFC 8301 section 3.1",
    ),
    "DKIM-107": Wording(
        title="Unchanged since signing",
        sentence="The signature of {domain} does not hold: {reason}. {hint}.",
        passed="Nothing that {domain} signed has changed.",
        unknown="Could not find out whether the signature of {domain} holds: {why}.",
        not_applicable="The signature of {domain} cannot be verified at all: {reason}.",
        fix="Sign after everything else that touches the message, and let nothing behind the signer rewrite it.",
        cites="RFC 6376 section 6.1.3",
    ),
    "DKIM-108": Wording(
        title="One-click unsubscribe is signed",
        sentence="No signature that holds covers {fields}: receivers do not offer one-click unsubscribe.",
        passed="The List-Unsubscribe fields are signed.",
        not_applicable="The message has no List-Unsubscribe field.",
        fix="Add list-unsubscribe and list-unsubscribe-post to the fields that are signed.",
        cites="RFC 8058 section 4",
    ),
    "DKIM-109": Wording(
        title="Feedback fields are signed",
        sentence="No signature that holds covers {fields}, so providers ignore them.",
        passed="The feedback fields are signed.",
        fix="Add {fields} to the fields that are signed.",
        cites="RFC 9477 section 3.2; Gmail on Feedback-ID",
    ),
    "DKIM-110": Wording(
        title="Relaxed canonicalization",
        sentence="The signature of {domain} uses c={forms}: a space more or less on the way breaks it.",
        passed="The signature of {domain} uses c={forms}.",
        fix="Sign with c=relaxed/relaxed.",
        cites="RFC 6376 section 3.4",
    ),
    "DKIM-111": Wording(
        title="A body that travels unchanged",
        sentence="The body has {flaws}: servers on the way rewrite such, and the signature breaks.",
        passed="The body has nothing that servers rewrite.",
        fix="Encode the body as quoted-printable or base64 before signing.",
        cites="RFC 5322 section 2.1.1, RFC 6376 section 5.3",
    ),
}
