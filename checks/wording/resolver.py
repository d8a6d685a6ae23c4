"""Words for what DNS itself does wrong: the resolver, and the domain's name servers."""

from collections.abc import Mapping

from checks.wording.table import Wording

WORDING: Mapping[str, Wording] = {
    "RES-007": Wording(
        title="Honest resolver",
        sentence="The resolver {subject} answers for names that do not exist ({sent_to}).",
        fix="Ask a resolver of your own (unbound, without forwarders) with --nameserver, or in homing.toml under "
        "[resolver]. Until then no answer about absence, and no blocklist, can be believed.",
        cites="RFC 8020",
        passed="The resolver {subject} says so when a name does not exist.",
        unknown="Could not find out whether the resolver {subject} invents answers: {why}.",
    ),
    "RES-010": Wording(
        title="Alias beside records",
        sentence="{subject} is an alias of {alias} and has records of its own ({types}): who asks is told one "
        "or the other.",
        fix="Keep either the CNAME or the other records at {subject}.",
        cites="RFC 1034 section 3.6.2",
        passed="No name of {subject} that matters to mail is both an alias and a record.",
        unknown="Could not find out whether a name of {subject} is both an alias and a record: {why}.",
    ),
    "RES-011": Wording(
        title="TXT that is no text",
        sentence="{subject} has a TXT record that is not UTF-8 text ({texts}); readers skip it or fail.",
        fix="Publish the TXT record of {subject} again in plain ASCII, or remove it.",
        cites="RFC 1035 section 3.3.14",
        passed="Every TXT record of {subject} that matters to mail is text.",
        unknown="Could not read all TXT records of {subject}: {why}.",
    ),
    "RES-012": Wording(
        title="Name servers agree",
        sentence="The name servers of {subject} do not agree: {faults}.",
        fix="Bring all name servers of {subject} to the same zone, and remove from the delegation those that do "
        "not serve it.",
        cites="RFC 1034 section 4.2, RFC 1912 section 2.8",
        passed="All name servers of {subject} say the same: {servers}.",
        unknown="Could not compare the name servers of {subject}: {why}.",
        not_applicable="{subject} has no name servers of its own or above it.",
    ),
}
