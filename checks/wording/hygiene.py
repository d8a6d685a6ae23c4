"""Words for the state of the domain itself."""

from collections.abc import Mapping

from checks.wording.table import Wording

WORDING: Mapping[str, Wording] = {
    "HYG-003": Wording(
        title="The zone",
        sentence="The zone of {subject} does not answer as a sender's must: {fault}.",
        fix="Check the registration of {subject} and the name servers it is delegated to.",
        cites="Yahoo's sender requirements",
        passed="The zone of {subject} answers.",
        unknown="Could not find out whether the zone of {subject} answers: {why}.",
    ),
    "HYG-006": Wording(
        title="A domain that sends nothing",
        sentence="{subject} sends no mail, but does not say so: {missing} would.",
        fix='Publish "v=spf1 -all", a null MX (0 .) and a DMARC record with p=reject.',
        cites="RFC 7505, RFC 7208 section 10.1.2",
        passed="{subject} says that it sends and takes no mail.",
        unknown="Could not find out what {subject} says of itself: {why}.",
    ),
    "HYG-010": Wording(
        title="An alias to nowhere",
        sentence="{subject} is an alias of {end}, which does not exist: whoever registers it speaks for you.",
        fix="Remove the CNAME record of {subject}, or point it at a name that exists.",
        cites="RFC 1034 section 3.6.2",
        passed="{subject} is an alias of {end}, which exists.",
        unknown="Could not find out whether {end}, which {subject} is an alias of, exists: {why}.",
    ),
    "DNSSEC-001": Wording(
        title="DNSSEC signatures",
        sentence="The DNSSEC signatures of {subject} end at {expires}; then validating receivers cannot find it.",
        fix="Let the signer of the zone {subject} run, or remove the DS record at the registrar first.",
        cites="RFC 4035 section 5.3",
        passed="{subject} is signed, until {expires} and on.",
        unknown="Could not find out whether the signatures of {subject} hold: {why}.",
        not_applicable="{subject} is not signed with DNSSEC.",
    ),
}
