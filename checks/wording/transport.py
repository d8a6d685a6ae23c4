"""Words for what receives mail: MX, MTA-STS and TLS-RPT."""

from collections.abc import Mapping

from checks.wording.table import Wording

WORDING: Mapping[str, Wording] = {
    "MX-001": Wording(
        title="Where mail is received",
        sentence="{subject} publishes no MX; mail to it can only go to its own address, if it has one.",
        fix="Publish an MX record for {subject} that names the host which takes its mail.",
        cites="RFC 5321 section 5.1",
        passed="Mail for {subject} goes to {hosts}.",
        unknown="Could not find out where mail for {subject} goes: {why}.",
        not_applicable="{subject} sends no mail, and takes none.",
    ),
    "MX-002": Wording(
        title="Null MX",
        sentence="{subject} says with a null MX that it takes no mail, so receivers refuse its mail.",
        fix="Replace the null MX of {subject} with a host that takes its replies and bounces.",
        cites="RFC 7505 section 4.2",
        passed="{subject} says with a null MX that it takes no mail.",
    ),
    "MX-003": Wording(
        title="Null MX beside others",
        sentence="{subject} has a null MX beside other MX records; the two contradict each other.",
        fix="Remove the record '0 .' or all the others.",
        cites="RFC 7505 section 3",
    ),
    "MX-004": Wording(
        title="MX host",
        sentence="Mail cannot be delivered to the MX host {subject}: {faults}.",
        fix="Give {subject} an A or AAAA record of a public address, or name another host in the MX.",
        cites="RFC 5321 section 5.1",
        passed="{subject} is at {addresses}.",
        unknown="Could not find out the address of the MX host {subject}: {why}.",
    ),
    "MX-005": Wording(
        title="A single MX",
        sentence="{host} is the only host that takes mail for {subject}.",
        fix="A second MX on another network keeps mail coming in while the first one is down.",
    ),
    "STS-001": Wording(
        title="MTA-STS record",
        sentence="The MTA-STS record of {subject} is void: {faults}.",
        fix='Publish one TXT record at _mta-sts.{subject}: "v=STSv1; id=" and up to 32 letters and digits.',
        cites="RFC 8461 section 3.1",
        passed="{subject} announces an MTA-STS policy (id {id}).",
        unknown="Could not find out whether {subject} announces an MTA-STS policy: {why}.",
        not_applicable="{subject} announces no MTA-STS policy: senders may deliver to it without TLS.",
    ),
    "STS-002": Wording(
        title="MTA-STS policy file",
        sentence="Senders cannot use the MTA-STS policy at {url}: {faults}.",
        fix="Serve {url} with a valid certificate, status 200 and type text/plain, and no redirect.",
        cites="RFC 8461 section 3.3",
        passed="The MTA-STS policy of {subject} is served as it should be.",
        unknown="Could not find out whether {url} is served: {why}.",
    ),
    "STS-003": Wording(
        title="MTA-STS policy",
        sentence="The MTA-STS policy of {subject} is void: {faults}.",
        fix="Write version: STSv1, a mode, a max_age in seconds and one mx line for each MX host.",
        cites="RFC 8461 section 3.2",
        passed="The MTA-STS policy of {subject} is in mode {mode} for {mx}.",
    ),
    "STS-004": Wording(
        title="MX outside the MTA-STS policy",
        sentence="The policy of {subject} (mode {mode}) does not allow its own MX {outside}.",
        fix="Add an mx line for {outside} to the policy, and then change the id of the _mta-sts record.",
        cites="RFC 8461 section 4.1",
        passed="The MTA-STS policy of {subject} covers all its MX hosts.",
        unknown="Could not compare the MTA-STS policy of {subject} with its MX: {why}.",
    ),
    "STS-007": Wording(
        title="MTA-STS policy age",
        sentence="The MTA-STS policy of {subject} protects little: mode {mode}, max_age {max_age} seconds.",
        fix="Use mode enforce with a max_age of weeks (1209600 or more).",
        cites="RFC 8461 section 3.2",
        passed="The MTA-STS policy of {subject} is kept for {max_age} seconds.",
    ),
    "STS-008": Wording(
        title="Stale MTA-STS entries",
        sentence="The MTA-STS policy of {subject} allows {unused}, which is no MX of it.",
        fix="Remove the mx lines that are no longer needed, unless they are kept for a planned move.",
    ),
    "TLSRPT-001": Wording(
        title="TLS reports",
        sentence="The TLS-RPT record of {subject} is void: {faults}.",
        fix='Publish one TXT record at _smtp._tls.{subject}: "v=TLSRPTv1; rua=mailto:tls-reports@{subject}".',
        cites="RFC 8460 section 3",
        passed="Senders report their TLS failures with {subject} to {rua}.",
        unknown="Could not find out whether {subject} asks for TLS reports: {why}.",
        not_applicable="{subject} asks for no TLS reports.",
    ),
}
