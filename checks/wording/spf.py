"""The words for SPF."""

from collections.abc import Mapping

from checks.wording.table import Wording

RECEIVERS_STOP = "Receivers stop with a permerror there: no mail of {subject} passes SPF."

WORDING: Mapping[str, Wording] = {
    "SPF-001": Wording(
        title="SPF record",
        sentence="{subject} has no SPF record, a TXT record that begins exactly with “v=spf1” (near misses: {near}). "
        "Gmail, Yahoo and Microsoft want one from every bulk sender.",
        passed="{subject} publishes “{record}”.",
        unknown="Could not find out whether {subject} has an SPF record: {why}.",
        fix="Publish one TXT record that lists what sends for you.",
        cites="RFC 7208 section 4.5",
    ),
    "SPF-002": Wording(
        title="One SPF record",
        sentence=f"{{subject}} has {{count}} SPF records. {RECEIVERS_STOP}",
        passed="{subject} and everything it includes have one SPF record each.",
        fix="Merge them into one record and delete the others.",
        cites="RFC 7208 section 4.5",
    ),
    "SPF-003": Wording(
        title="SPF syntax",
        sentence=f"The record of {{subject}} has a syntax error: {{faults}}. {RECEIVERS_STOP}",
        passed="The record of {subject} and everything it includes are written as the grammar wants.",
        fix="Correct the term, or take it out; one wrong term spoils the whole record.",
        cites="RFC 7208 sections 4.6 and 12",
    ),
    "SPF-004": Wording(
        title="Ten DNS look-ups",
        sentence="The SPF policy of {subject} needs {lookups} DNS look-ups; receivers allow {limit}. "
        "Who spends them: {branches}.",
        passed="The SPF policy of {subject} needs {lookups} of {limit} DNS look-ups.",
        unknown="Could not count the DNS look-ups of {subject}'s SPF policy to the end: {why}.",
        fix="Take out services you no longer use, starting with the costliest branch ({branches}); give bulk "
        "services a subdomain of their own, with its own record. Copying their addresses in goes stale.",
        cites="RFC 7208 section 4.6.4",
    ),
    "SPF-005": Wording(
        title="Ten hosts per mx",
        sentence="“{term}” in the SPF policy of {subject}: {target} has {count} MX hosts, ten are allowed. "
        "Receivers stop with a permerror.",
        passed="No “mx” in the SPF policy of {subject} has more than ten hosts.",
        fix="Replace “mx” by the addresses that send (ip4:, ip6:), or lower the number of MX hosts of {target}.",
        cites="RFC 7208 section 4.6.4",
    ),
    "SPF-006": Wording(
        title="Void look-ups",
        sentence="The SPF policy of {subject} names hosts that do not exist: {void_v4} empty look-ups for an "
        "IPv4 sender, {void_v6} for an IPv6 sender, where {limit} are allowed ({over}). Many receivers stop with "
        "a permerror. IPv4: {spent_v4}. IPv6: {spent_v6}.",
        passed="Empty look-ups in the SPF policy of {subject}: {void_v4} for IPv4 senders, {void_v6} for IPv6, "
        "of {limit} allowed.",
        unknown="Could not count the empty look-ups of {subject}'s SPF policy: {why}.",
        fix="Take out the terms whose hosts are gone. Where a host has only an IPv4 address, write ip4: with the "
        "address instead of “a:”.",
        cites="RFC 7208 section 4.6.4",
    ),
    "SPF-007": Wording(
        title="Includes lead somewhere",
        sentence="“{term}” in the SPF policy of {subject}: {target} {exists}. Receivers stop with a permerror.",
        passed="Every include in the SPF policy of {subject} leads to an SPF record.",
        fix="Take the include out, or correct its name to the one your mail service gives.",
        cites="RFC 7208 section 5.2",
    ),
    "SPF-008": Wording(
        title="SPF look-ups answer",
        sentence="Look-ups of {subject}'s SPF policy fail: {why}.",
        passed="Every look-up of the SPF policy of {subject} was answered.",
        unknown="Could not follow the SPF policy of {subject} to the end: {why}. A receiver that meets the same "
        "answers “temperror” and may defer the mail.",
        fix="Ask whoever runs that name's DNS.",
        unknown_fix="If it persists, ask whoever runs that name's DNS; our own resolver may be the one at fault too.",
        cites="RFC 7208 section 2.6.6",
    ),
    "SPF-009": Wording(
        title="No loops",
        sentence="“{term}” in the SPF policy of {subject} names {target}: {grade}.",
        passed="The SPF policy of {subject} includes nothing twice and never comes back to itself.",
        fix="Take out one of the terms; the first occurrence is enough.",
        cites="RFC 7208 section 4.6.4",
    ),
    "SPF-010": Wording(
        title="Redirect without all",
        sentence="The record of {subject} has both “{all}” and “{term}”: the redirect is ignored.",
        passed="No record of {subject} has a redirect that “all” makes idle.",
        fix="Take out the redirect, or the “all” if the redirect was meant.",
        cites="RFC 7208 section 6.1",
    ),
    "SPF-011": Wording(
        title="Redirects lead somewhere",
        sentence="“{term}” in the SPF policy of {subject}: {target} {exists}. Receivers stop with a permerror.",
        passed="Every redirect in the SPF policy of {subject} leads to an SPF record.",
        fix="Correct the name, or replace the redirect by the record that was meant.",
        cites="RFC 7208 section 6.1",
    ),
    "SPF-012": Wording(
        title="Complete terms",
        sentence=f"The record of {{subject}} has an incomplete or repeated term: {{faults}}. {RECEIVERS_STOP}",
        passed="No term of {subject}'s SPF policy is incomplete or repeated against the rules.",
        fix="Write the missing domain directly behind the colon, without a space; keep one redirect and one exp.",
        cites="RFC 7208 sections 5 and 6",
    ),
    "SPF-013": Wording(
        title="Nothing after all",
        sentence="In the record of {subject} {terms} stand behind “{all}” and are never looked at.",
        passed="Nothing in {subject}'s SPF policy stands behind “all”.",
        fix="Move what should count before the “all” and delete the rest. The record below works as yours does today.",
        cites="RFC 7208 section 5.1",
    ),
    "SPF-014": Wording(
        title="Not everybody may send",
        sentence="“{term}” in the SPF policy lets everybody in the world send as {subject}.",
        passed="The SPF policy of {subject} does not let everybody send.",
        fix="End the record in ~all (or -all).",
        cites="RFC 7208 section 5.1; rspamd R_SPF_PLUSALL",
    ),
    "SPF-015": Wording(
        title="A policy with an end",
        sentence="The SPF policy of {subject} ends in “{end}”: it says nothing about senders it does not list.",
        passed="The SPF policy of {subject} says what is to become of senders it does not list.",
        fix="End the record in ~all.",
        cites="RFC 7208 section 4.7",
    ),
    "SPF-016": Wording(
        title="Strict or soft",
        sentence="The SPF policy of {subject} ends in “{end}”.",
        passed="The SPF policy of {subject} ends in “{end}”: others get {result}. With DMARC, ~all and -all do "
        "the same.",
        fix="Nothing: with a DMARC policy both are fine.",
        cites="RFC 7208 section 8.4",
    ),
    "SPF-017": Wording(
        title="No ptr",
        sentence="The record of {subject} uses {terms}: slow, unreliable, and receivers may ignore it.",
        passed="The SPF policy of {subject} does without “ptr”.",
        fix="List the senders with ip4:, ip6: or a: instead.",
        cites="RFC 7208 section 5.5",
    ),
    "SPF-018": Wording(
        title="SPF macros",
        sentence=f"The record of {{subject}} has a broken macro: {{faults}}. {RECEIVERS_STOP}",
        passed="The macros in {subject}'s SPF policy, if any, are right.",
        fix="Write the macro as your mail service gives it, such as %{{i}}; a plain percent sign is %%.",
        cites="RFC 7208 section 7",
    ),
    "SPF-019": Wording(
        title="Addresses in SPF",
        sentence=f"The record of {{subject}} has an address that is none: {{faults}}. {RECEIVERS_STOP}",
        passed="The addresses and prefix lengths in {subject}'s SPF policy are right.",
        fix="ip4: takes an IPv4 address with /0 to /32, ip6: an IPv6 address with /0 to /128.",
        cites="RFC 7208 section 5.6",
    ),
    "SPF-020": Wording(
        title="Narrow ranges",
        sentence="The record of {subject} lets very wide ranges send: {terms} ({addresses} IPv4 addresses in all).",
        passed="The SPF policy of {subject} has no very wide range.",
        fix="List the addresses that send for you. Everybody else in those ranges can pass as {subject}.",
        cites="RFC 7208 section 11.3; Gmail 5.7.24",
    ),
    "SPF-021": Wording(
        title="Public addresses",
        sentence="The record of {subject} lists addresses that no mail can come from: {terms}.",
        passed="The SPF policy of {subject} lists public addresses only.",
        fix="Take them out.",
        cites="RFC 6890",
    ),
    "SPF-022": Wording(
        title="Strings joined rightly",
        sentence="The record of {subject} is split into strings without a space between two terms: receivers "
        "read “{joined}”.",
        passed="The strings of {subject}'s SPF record join rightly.",
        fix="Put a space at the end of the first string or the beginning of the second.",
        cites="RFC 7208 section 3.3",
    ),
    "SPF-023": Wording(
        title="A record that fits",
        sentence="The SPF record of {subject} has {length} octets, its TXT answer about {answer}: more than "
        "{limit} may not fit into one datagram.",
        passed="The SPF record of {subject} has {length} octets, its TXT answer about {answer}.",
        fix="Move part of the terms into a record of their own and include it.",
        cites="RFC 7208 section 3.4",
    ),
    "SPF-024": Wording(
        title="No SPF-type record",
        sentence="{subject} still has a record of the obsolete type SPF (99). Nobody reads it.",
        passed="{subject} has no record of the obsolete type SPF.",
        fix="Delete the record of type SPF; the TXT record is the one that counts.",
        cites="RFC 7208 section 3.1",
    ),
    "SPF-025": Wording(
        title="No take-over through SPF",
        sentence="“{term}” in the SPF policy of {subject} names {target}, and {owner} is not registered: whoever "
        "registers it may send as {subject}.",
        passed="No name in the SPF policy of {subject} is free for others to register.",
        unknown="Could not find out whether a name in the SPF policy of {subject} can be registered: {why}.",
        fix="Take the term out today, or register {owner} yourself.",
        cites="RFC 7208 section 11.3",
    ),
    "SPF-026": Wording(
        title="Nothing superfluous",
        sentence="Terms that can go from the record of {subject}: {terms}. That saves {saved} look-ups.",
        fix="Take them out, unless you know a sender that needs one.",
        cites="RFC 7208 section 10.1",
    ),
    "SPF-027": Wording(
        title="Sending addresses pass SPF",
        sentence="{subject} ({origin}) gets {result} for {domain}: {because}.",
        passed="{subject} passes SPF for {domain} by {matched} ({lookups} look-ups, {voids} void).",
        unknown="Could not find out whether {subject} passes SPF for {domain}: {why}.",
        not_applicable="{subject} receives mail for {domain} and would get {result} if it sent any; that is fine as "
        "long as it does not.",
        fix="If {subject} sends for you, let the record name it (a permerror must be mended first); if it does not, "
        "take it out of what is checked.",
        cites="RFC 7208 section 4.6",
    ),
    "SPF-028": Wording(
        title="HELO passes SPF",
        sentence="The HELO name {helo} gets {result} from {ip}: {because}. Bounces have an empty sender and are "
        "judged by it.",
        passed="The HELO name {helo} passes SPF from {ip} by {matched}.",
        unknown="Could not find out whether the HELO name {helo} passes SPF from {ip}: {why}.",
        fix="Publish an SPF record at the HELO name itself that lets its own address send.",
        cites="RFC 7208 sections 2.3 and 2.4",
    ),
    "SPF-029": Wording(
        title="Parked domains send nothing",
        sentence="{subject} sends no mail but does not say so; its SPF record is: {record}.",
        passed="{subject} sends no mail and says so.",
        fix="Publish the record of a domain that sends nothing.",
        cites="RFC 7208 section 10.1.2; M3AAWG Protecting Parked Domains",
    ),
    "SPF-030": Wording(
        title="SPF in time",
        sentence="The look-ups of {subject}'s SPF policy take {seconds} seconds; receivers may stop after 20.",
        passed="The look-ups of {subject}'s SPF policy are quick enough.",
        fix="Find the slow name servers among the includes, and ask their owners or take them out.",
        cites="RFC 7208 section 4.6.4",
    ),
    "SPF-032": Wording(
        title="Distance to the limits",
        sentence="{subject}: {left} look-ups left.",
        passed="{subject} has {left} DNS look-ups left, and void look-ups: {voids_left_v4} for IPv4, "
        "{voids_left_v6} for IPv6. Spent by: {branches}.",
        fix="Nothing: this says how much room there is before a mail service adds an include.",
        cites="RFC 7208 section 4.6.4",
    ),
}
