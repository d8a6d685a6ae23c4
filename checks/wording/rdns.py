"""The words for reverse DNS and HELO."""

from collections.abc import Mapping

from checks.wording.table import Wording

ASK_PROVIDER = "The PTR record belongs to whoever runs the network: set it in your hosting provider's panel, or ask them."
DELEGATION = "Ask {subject}'s network to mend the delegation of {name}: its name servers fail or refuse."

WORDING: Mapping[str, Wording] = {
    "RDNS-001": Wording(
        title="Reverse DNS name",
        sentence="{subject} has no PTR record. Gmail and Yahoo refuse or junk mail from such an address.",
        passed="{subject} is named {names}.",
        unknown="Could not find out the name of {subject}: {why}.",
        not_applicable="No sending address of {subject} is known, so none has a reverse DNS to look at.",
        fix=f"Publish a PTR record at {{name}} with your mail server's host name. {ASK_PROVIDER}",
        cites="RFC 1912 section 2.1; Gmail 4.7.23, 5.7.25",
    ),
    "RDNS-002": Wording(
        title="Forward-confirmed reverse DNS",
        sentence="{subject} calls itself {names}, but no such name has an {family} record that leads back to it.",
        passed="{names} leads back to {subject}.",
        unknown="Could not find out whether {names} leads back to {subject}: {why}.",
        fix="Publish an {family} record for {names} with {subject}, or change the PTR to a name that has one.",
        cites="RFC 1912 section 2.1; Gmail 5.7.25",
    ),
    "RDNS-003": Wording(
        title="One PTR name",
        sentence="{subject} has {count} PTR names. {confirmed} lead back to it; {unconfirmed} do not.",
        passed="{subject} has exactly one name.",
        fix="Keep one PTR record, the name that the server says in HELO. Receivers may look at any of them.",
        cites="RFC 2181 section 10.2",
    ),
    "RDNS-004": Wording(
        title="A name that somebody chose",
        sentence="The name {name} of {subject} looks like an access line's ({because}). Yahoo wants a name that "
        "is meaningful and not generic.",
        passed="The name {name} of {subject} does not look generated.",
        fix=f"Give the address a name of your own, such as mail.example.com. {ASK_PROVIDER}",
        cites="Yahoo sender best practices; rspamd hfilter",
    ),
    "RDNS-005": Wording(
        title="A name of your own domain",
        sentence="{names}, the name of {subject}, belongs to none of your domains ({domains}).",
        passed="{names}, the name of {subject}, belongs to your organisation.",
        fix="If the address is yours alone, name it in your own domain. With a shared pool of a mail service "
        "this is normal.",
        cites="Apple and Yahoo sender guidelines",
    ),
    "RDNS-006": Wording(
        title="HELO is a full host name",
        sentence="The HELO name {subject} is not a fully qualified name of the public DNS: it {flaw}.",
        passed="The HELO name {subject} is fully qualified.",
        fix="Configure the server's own full host name (Postfix: smtp_helo_name; Exim: helo_data).",
        cites="RFC 5321 section 2.3.5",
    ),
    "RDNS-007": Wording(
        title="HELO is a name",
        sentence="The server says its address, {subject}, in HELO where a name belongs.",
        passed="The HELO name {subject} is a name and not an address.",
        fix="Configure the server's own full host name (Postfix: smtp_helo_name; Exim: helo_data).",
        cites="RFC 5321 section 4.1.1.1",
    ),
    "RDNS-008": Wording(
        title="HELO leads to the sending address",
        sentence="{subject}: the HELO name does not lead to the address that says it (it leads to: {addresses}).",
        passed="{subject}: the HELO name leads to the address.",
        unknown="Could not find out where the HELO name of {subject} leads: {why}.",
        fix="Publish an address record for the HELO name with {ip}, or say a name that has one.",
        cites="RFC 5321 section 4.1.1.1; rspamd HFILTER_HELO_IP_A",
    ),
    "RDNS-009": Wording(
        title="HELO and PTR agree",
        sentence="{subject}: the server says another name in HELO than its address has ({names}). Both are true, "
        "but one name is simpler to trust.",
        passed="{subject}: HELO and PTR are the same name.",
        fix="Say {names} in HELO, or change the PTR of {ip}.",
    ),
    "RDNS-010": Wording(
        title="IPv6 with a confirmed name",
        sentence="{subject} is an IPv6 address without a confirmed name. Gmail refuses mail from it (550-5.7.1).",
        passed="{subject} is an IPv6 address with a confirmed name, as Gmail demands.",
        unknown="Could not find out whether the IPv6 address {subject} has a confirmed name: {why}.",
        fix="Give {subject} a PTR record and its name an AAAA record, or send over IPv4 only.",
        cites="Gmail sender guidelines, “Additional guidelines for IPv6”",
    ),
    "RDNS-011": Wording(
        title="A valid host name",
        sentence="The name of {subject} is not a valid host name: {flaws}.",
        passed="{names}, the name of {subject}, is a valid host name.",
        fix="Use letters, digits and hyphens only, in a name that ends in a domain.",
        cites="RFC 1123 section 2.1",
    ),
    "RDNS-012": Wording(
        title="The reverse zone answers",
        sentence="The reverse zone of {subject} does not answer as it should: {why}.",
        passed="The reverse zone of {subject} answers.",
        unknown="The reverse zone of {subject} does not answer as it should ({why}), so receivers may see no name.",
        fix=DELEGATION,
        unknown_fix=DELEGATION,
        cites="RFC 2317",
    ),
    "RDNS-013": Wording(
        title="HELO is your own name",
        sentence="The server says {subject} in HELO, a name that belongs to somebody else ({owner}).",
        passed="The HELO name {subject} claims nobody else's name.",
        fix="Configure the server's own full host name. A borrowed name reads as forgery.",
        cites="SpamAssassin HELO_LOCALHOST; rspamd hfilter",
    ),
}
