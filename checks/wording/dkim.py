"""The words for DKIM keys."""

from collections.abc import Mapping

from checks.wording.table import Wording

WORDING: Mapping[str, Wording] = {
    "DKIM-001": Wording(
        title="DKIM key",
        sentence="There is no DKIM key at {subject}, though the selector “{selector}” is in use ({origin}). Every signature made with it fails.",
        passed="There is a DKIM key at {subject} (selector {origin}).",
        unknown="Could not find out whether there is a DKIM key at {subject}: {why}.",
        not_applicable="{subject} sends no mail, so it needs no DKIM key.",
        fix="Publish the public key that your mail system shows for the selector “{selector}” as TXT at {subject}, or the CNAME that your mail service gave you.",
        cites="RFC 6376 section 3.6.2",
    ),
    "DKIM-002": Wording(
        title="Which selectors are in use",
        sentence="No DKIM key was found under the usual selectors of {subject}.",
        passed="Found without being told: {found}.",
        unknown="No DKIM key of {subject} was found under {asked}. That proves nothing: selectors cannot be listed, only guessed.",
        fix="Tell Homing the selector (--selector, or `selectors` in homing.toml).",
        unknown_fix="Tell Homing the selector: it stands after s= in the DKIM-Signature of any mail that you sent. Use --selector, or `selectors` in homing.toml.",
    ),
    "DKIM-003": Wording(
        title="One record per selector",
        sentence="{subject} has {count} TXT records. Which of them a verifier takes is left open, so signatures fail now and then.",
        passed="{subject} has one record.",
        fix="Keep the key that your mail system signs with, and delete the other TXT records at {subject}.",
        cites="RFC 6376 section 3.6.2.2",
    ),
    "DKIM-004": Wording(
        title="A key that is not revoked",
        sentence="The key at {subject} is revoked: its p= is empty. Whatever is signed with “{selector}” fails.",
        passed="The key at {subject} is not revoked.",
        fix="If mail is still signed with “{selector}”, publish its key again or sign with another selector. If not, nothing needs doing.",
        cites="RFC 6376 section 3.6.1",
    ),
    "DKIM-005": Wording(
        title="Strength of the key",
        sentence="The RSA key at {subject} has {bits} bits. Below 1024 verifiers must not accept it, 2048 are advised, above 4096 some cannot read it.",
        passed="The key at {subject} is strong enough ({type}, {bits} bits).",
        fix="Make a new key of 2048 bits under a new selector, sign with that, and remove this one a week later.",
        cites="RFC 8301 section 3.2",
    ),
    "DKIM-006": Wording(
        title="An RSA key beside Ed25519",
        sentence="{subject} publishes Ed25519 keys only ({selectors}). Many receivers, Gmail among them, do not verify those.",
        passed="{subject} publishes a key that every receiver can verify with.",
        fix="Sign twice: with Ed25519 and with an RSA key of 2048 bits.",
        cites="RFC 8463 section 1",
    ),
    "DKIM-007": Wording(
        title="The testing flag",
        sentence="The key at {subject} still says t=y: receivers may treat its mail as if it were not signed.",
        passed="The key at {subject} is in earnest: no t=y.",
        fix="Take t=y out of the record.",
        cites="RFC 6376 section 3.6.1",
    ),
    "DKIM-008": Wording(
        title="Subdomains in i=",
        sentence="The key at {subject} says t=s: the domain in i= of a signature must be exactly that of d=.",
        passed="The key at {subject} allows subdomains in i=.",
        fix="Nothing needs doing unless your mail system signs with a subdomain in i=.",
        cites="RFC 6376 section 3.6.1",
    ),
    "DKIM-009": Wording(
        title="Hash of the key",
        sentence="The key at {subject} allows {hashes} only and not sha256, so nobody accepts a signature made with it.",
        passed="The key at {subject} allows sha256.",
        fix="Remove the h= tag, or write h=sha256.",
        cites="RFC 8301 section 3.1",
    ),
    "DKIM-010": Wording(
        title="A key for mail",
        sentence="The key at {subject} is for {services} and not for e-mail, so verifiers ignore it.",
        passed="The key at {subject} is for e-mail.",
        fix="Remove the s= tag, or write s=email.",
        cites="RFC 6376 section 3.6.1",
    ),
    "DKIM-011": Wording(
        title="Version of the key",
        sentence="The record at {subject} is not taken for a key: {flaw}.",
        passed="The record at {subject} has its version right.",
        fix="Begin the record with v=DKIM1; exactly, or leave v= out.",
        cites="RFC 6376 section 3.6.1",
    ),
    "DKIM-012": Wording(
        title="A key that can be read",
        sentence="The key at {subject} cannot be read: {flaws}. The record reads “{text}”.",
        passed="The key at {subject} can be read.",
        fix="Publish the record again as one TXT, copied whole from your mail system: v=DKIM1; k=rsa; p=… without quotation marks, backslashes or PEM lines in it.",
        cites="RFC 6376 section 3.6.1",
    ),
    "DKIM-013": Wording(
        title="An alias that leads to a key",
        sentence="{subject} is an alias, and it {flaw}.",
        passed="{subject} leads to its key.",
        fix="Point the CNAME at {subject} at the name that your mail service gives today, or remove it if you left that service.",
        cites="RFC 6376 section 3.6.2",
    ),
    "DKIM-014": Wording(
        title="A key for each selector",
        sentence="Selectors of {subject} share one key: {selectors}.",
        passed="Each selector of {subject} has a key of its own.",
        fix="Give each selector its own key, so that one can be changed without the other.",
    ),
    "DKIM-015": Wording(
        title="Keys that mail uses",
        sentence="No mail was seen that is signed with these selectors of {subject}: {selectors}.",
        passed="Every selector of {subject} was seen in mail.",
        fix="If nothing signs with them any more, revoke them (an empty p=) and later delete them.",
    ),
}
