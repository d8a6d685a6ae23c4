"""The words for DMARC."""

from collections.abc import Mapping

from checks.wording.table import Wording

WORDING: Mapping[str, Wording] = {
    "DMARC-001": Wording(
        title="DMARC policy",
        sentence="No DMARC policy applies to {subject}. Gmail, Yahoo and Microsoft want at least p=none from every "
        "bulk sender.",
        passed="{subject} is under p={policy}, published at _dmarc.{found_at}: {record}",
        unknown="Could not find out which DMARC policy applies to {subject}: {why}.",
        fix="Begin with p=none and an address for reports; go on to quarantine and reject when they are clean.",
        cites="RFC 9989 section 4.10; Gmail 5.7.26, Microsoft 5.7.515",
    ),
    "DMARC-002": Wording(
        title="One DMARC record",
        sentence="There are {count} DMARC records at _dmarc.{subject}; receivers discard them all: {records}.",
        passed="No name above or at {subject} has more than one DMARC record.",
        fix="Keep one and delete the others.",
        cites="RFC 9989 section 4.10",
    ),
    "DMARC-003": Wording(
        title="The version comes first",
        sentence="“{record}” at _dmarc.{subject} looks like a DMARC record and is none: it must begin with exactly "
        "v=DMARC1, in capitals, and a semicolon.",
        passed="Nothing at _dmarc.{subject} is a misspelled DMARC record.",
        fix="Put v=DMARC1; at the very beginning.",
        cites="RFC 9989 section 4.7",
    ),
    "DMARC-004": Wording(
        title="Policies that exist",
        sentence="The DMARC record of {subject} has no valid policy ({faults}): {meaning}.",
        passed="The policy tags of {subject}'s DMARC record are valid.",
        fix="Use none, quarantine or reject.",
        cites="RFC 9989 section 4.10.1",
    ),
    "DMARC-005": Wording(
        title="Tags that are understood",
        sentence="Receivers ignore parts of {subject}'s DMARC record: {ignored}.",
        passed="Receivers understand everything in {subject}'s DMARC record.",
        fix="Correct the tag, or take it out: what is ignored does not protect.",
        cites="RFC 9989 section 4.7",
    ),
    "DMARC-006": Wording(
        title="Tags of today",
        sentence="The DMARC record of {subject} uses what RFC 9989 removed ({tags}): {meaning}.",
        passed="The DMARC record of {subject} uses no removed tag.",
        fix="Take them out; to try a policy without its full effect, use t=y.",
        cites="RFC 9989 appendix C",
    ),
    "DMARC-007": Wording(
        title="Not in testing",
        sentence="The policy of {subject} is in testing (t=y): p={policy} has the effect of p={effective}.",
        passed="The policy of {subject} is not in testing.",
        fix="When the reports are clean, take t=y out.",
        cites="RFC 9989 section 4.7",
    ),
    "DMARC-008": Wording(
        title="psd is right",
        sentence="The psd tag of {subject}'s DMARC record is wrong: {faults}.",
        passed="The psd tag of {subject}'s DMARC record, if any, is right.",
        fix="Take psd out, or say psd=n if subdomains have records of their own. psd=y is for registries.",
        cites="RFC 9989 section 4.7",
    ),
    "DMARC-009": Wording(
        title="Names that do not exist",
        sentence="Mail from names below {subject} that do not exist gets {policy}.",
        passed="Mail from names below {subject} that do not exist is to be rejected.",
        fix="Add np=reject: no mail of yours comes from names that do not exist.",
        cites="RFC 9989 section 4.7",
    ),
    "DMARC-010": Wording(
        title="The organization's own mark",
        sentence="Subdomains of {subject} publish DMARC records of their own ({subdomains}), and {subject} does not "
        "say that it is the organization's domain.",
        passed="{subject} needs no psd=n.",
        fix="Add psd=n, so that every receiver takes the same domain for the organization's.",
        cites="RFC 9989 section 4.10.2",
    ),
    "DMARC-011": Wording(
        title="sp where it counts",
        sentence="sp={sp} in the record of {subject} has no effect: only the one of {organizational_domain} counts.",
        passed="{subject} has no idle sp tag.",
        fix="Take sp out here, and set it at {organizational_domain}.",
        cites="RFC 9989 section 4.7",
    ),
    "DMARC-012": Wording(
        title="Subdomains as well protected",
        sentence="{subject} has p={p} but a weaker policy below it: {weak}. Forgers write from a subdomain.",
        passed="The policy of {subject} for names below it is not weaker than its own.",
        fix="Raise it to the policy of the domain, once the subdomains' own mail passes.",
        cites="RFC 9989 section 4.7",
    ),
    "DMARC-013": Wording(
        title="Reports are asked for",
        sentence="The DMARC policy of {subject} asks nobody for reports (no rua): you cannot see who sends in your "
        "name, nor what a stricter policy would hit.",
        passed="The DMARC policy of {subject} asks for reports.",
        fix="Add a rua address that is read; Homing can read the reports.",
        cites="RFC 9989 section 4.7; Yahoo sender best practices",
    ),
    "DMARC-014": Wording(
        title="Reports may go there",
        sentence="{subject} has not agreed to take DMARC reports for {found_at}: reporters send none to {address}.",
        passed="The DMARC reports of {found_at} are welcome where they go ({subject}).",
        unknown="Could not find out whether {subject} takes DMARC reports: {why}.",
        fix="Ask its owner to publish the TXT record v=DMARC1 at {name}, or use an address of your own domain.",
        cites="RFC 9990 section 4",
    ),
    "DMARC-015": Wording(
        title="Report addresses work",
        sentence="The report addresses of {found_at} need attention: {faults}.",
        passed="The report addresses of {subject} are valid and their domains take mail.",
        unknown="Could not find out whether {subject} takes mail: {why}.",
        fix="Write each address as mailto:name@domain, with commas between them, at a domain with an MX.",
        cites="RFC 9989 section 4.7",
    ),
    "DMARC-016": Wording(
        title="Failure report options",
        sentence="The fo tag of {subject}'s DMARC record does nothing: {faults}.",
        passed="The failure report options of {subject}, if any, are in order.",
        fix="Take fo out, or add ruf. Few receivers send failure reports; Microsoft and Gmail send none.",
        cites="RFC 9989 section 4.7",
    ),
    "DMARC-017": Wording(
        title="The way to reject",
        sentence="{subject} stands at p={policy}; next is p={next}. What is in the way: {stops}.",
        passed="{subject} has arrived at p=reject.",
        fix="Clear what is in the way, watch the reports for some weeks, then take the next step.",
        cites="RFC 9989 section 5",
    ),
    "DMARC-018": Wording(
        title="Nothing else at _dmarc",
        sentence="There are other TXT records at _dmarc.{subject} ({hint}): {records}.",
        passed="Nothing but DMARC stands at _dmarc.{subject}.",
        fix="Delete them; some checkers stumble over them. If a wildcard answers, give _dmarc its own record.",
        cites="RFC 9989 section 4.10",
    ),
    "DMARC-019": Wording(
        title="No DMARC at the domain itself",
        sentence="{subject} has a DMARC record at the domain itself, where nobody looks: {record}.",
        passed="No DMARC record lies at {subject} itself, where nobody looks.",
        fix="Delete it; the place is _dmarc.{subject}.",
        cites="RFC 9989 section 4.1",
    ),
    "DMARC-020": Wording(
        title="No CNAME beside the record",
        sentence="_dmarc.{subject} has a CNAME (to {target}) and other records at once: which policy a receiver sees "
        "depends on its resolver.",
        passed="_dmarc.{subject} is no CNAME with other data beside it.",
        fix="Keep one of the two.",
        cites="RFC 1034 section 3.6.2",
    ),
    "DMARC-021": Wording(
        title="p right after v",
        sentence="In the DMARC record of {subject} p does not follow v directly; some older receivers want that.",
        passed="p follows v in {subject}'s DMARC record, as older receivers want.",
        fix="Put p in the second place.",
        cites="RFC 7489 section 6.3",
    ),
    "DMARC-022": Wording(
        title="Old and new receivers agree",
        sentence="Receivers will disagree about {subject} in {differs}. By RFC 9989: {rfc9989}. By RFC 7489 and the "
        "public suffix list: {rfc7489}.",
        passed="Receivers of RFC 9989 and of RFC 7489 come to the same policy for {subject}.",
        fix="Publish a record at the From domain itself, or psd=n at the organization's domain.",
        cites="RFC 9989 sections 4.10 and 8",
    ),
    "DMARC-023": Wording(
        title="Every level answers",
        sentence="A level of {subject}'s DMARC tree walk fails: {why}.",
        passed="Every level of {subject}'s DMARC tree walk answers.",
        unknown="Could not walk the DMARC tree of {subject} to the end: {why}. A receiver that meets the same may "
        "defer the mail.",
        fix="If it persists, ask whoever runs that name's DNS.",
        cites="RFC 9989 section 4.10",
    ),
    "DMARC-024": Wording(
        title="Alignment that fits the streams",
        sentence="{subject} demands strict alignment ({modes}), and mail comes from subdomains ({subdomains}): it "
        "fails unless it is signed by exactly {subject}.",
        passed="{subject} takes subdomains for its own (relaxed alignment).",
        unknown="{subject} demands strict alignment ({modes}). It suits those whose every stream uses exactly the "
        "From domain; {why}.",
        fix="Take {modes} out, unless every stream signs and bounces with the From domain itself.",
        cites="RFC 9989 section 4.4",
    ),
    "DMARC-025": Wording(
        title="No hole below",
        sentence="{subject} has a DMARC record of its own with p={policy}, weaker than the {above} that {domain} sets "
        "for it.",
        passed="No subdomain of {subject} that was looked at has a weaker policy of its own.",
        fix="Raise it, or delete the record so that the domain's policy applies.",
        cites="RFC 9989 section 4.10.1",
    ),
}
