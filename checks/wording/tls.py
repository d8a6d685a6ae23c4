"""Words for TLS on the way in: STARTTLS, certificates, DANE."""

from collections.abc import Mapping

from checks.wording.table import Wording

WORDING: Mapping[str, Wording] = {
    "SMTP-002": Wording(
        title="MX server",
        sentence="{subject} could not be looked at: {why}.",
        fix="Look again from a host whose outgoing port 25 is open; many providers block it.",
        passed="{subject} greets as {banner}.",
        unknown="Could not look at {subject}: {why}.",
    ),
    "SMTP-003": Wording(
        title="STARTTLS",
        sentence="{subject} takes mail only in clear text: {fault}.",
        fix="Switch STARTTLS on at {subject}, with a certificate for its host name.",
        cites="RFC 3207",
        passed="{subject} speaks {version}.",
    ),
    "SMTP-004": Wording(
        title="TLS version",
        sentence="{subject} speaks no TLS newer than {version}.",
        fix="Allow TLS 1.2 and 1.3 at {subject}.",
        cites="RFC 8996",
        passed="{subject} speaks {version}.",
    ),
    "SMTP-005": Wording(
        title="Certificate of the MX",
        sentence="The certificate of {subject} is not valid: {fault}.",
        fix="Install a certificate of a public authority that names the MX host, and renew it automatically.",
        cites="RFC 7435, RFC 8461 section 4.2",
        passed="The certificate of {subject} is valid for {days} more days.",
    ),
    "SMTP-006": Wording(
        title="Open relay",
        sentence="{subject} accepts mail from anybody to anybody: it took {recipient} with “{reply}”.",
        fix="Let {subject} take mail only for its own domains, and from others only after they log in.",
        cites="RFC 5321 section 3.6.2, RFC 2505 section 2.1",
        passed="{subject} takes no stranger's mail for others: “{reply}”.",
        unknown="Could not find out whether {subject} is an open relay: {why}.",
    ),
    "DANE-001": Wording(
        title="DANE",
        sentence="{subject} has no usable DANE records: {why}.",
        fix="Sign the zone with DNSSEC and publish a TLSA record 3 1 1 for _25._tcp.{subject}.",
        cites="RFC 7672",
        passed="{subject} pins its certificate with {records}.",
        not_applicable="DANE does not apply to {subject}: {why}.",
    ),
    "DANE-002": Wording(
        title="TLSA records",
        sentence="TLSA records of {subject} that senders cannot use: {faults}.",
        fix="Publish '3 1 1' and the SHA-256 of the certificate's public key.",
        cites="RFC 7672 section 3.1",
        passed="The TLSA records of {subject} are usable.",
    ),
    "DANE-003": Wording(
        title="Certificate against TLSA",
        sentence="The certificate of {subject} matches no TLSA record; DANE senders bounce its mail.",
        fix="Publish the TLSA record of the certificate in use, and the next one's before each renewal.",
        cites="RFC 7672 section 3.1",
        passed="The certificate of {subject} matches its TLSA records.",
        unknown="Could not compare the certificate of {subject} with its TLSA records: {why}.",
    ),
    "DANE-004": Wording(
        title="TLSA look-up",
        sentence="The TLSA records of {subject} could not be asked for: {why}.",
        fix="If a second resolver fails too, mend the zone's DNSSEC: DANE senders hold mail back till then.",
        cites="RFC 7672 section 2.1",
    ),
    "DANE-005": Wording(
        title="A single TLSA record",
        sentence="{subject} has one TLSA record ({record}); a renewal with a new key will break it.",
        fix="Publish the next key's record beside it before the certificate is renewed.",
        cites="RFC 7672 section 8.1",
    ),
}
