"""Words for what the examination of a resolver finds."""

from collections.abc import Mapping

from checks import wording
from checks.wording.table import Wording

WORDING: Mapping[str, Wording] = {
    "DOC-001": Wording(
        title="Resolver answers",
        sentence="The resolver {subject} is of no use: {fault}.",
        fix="Name another one with --nameserver HOST:PORT, or in homing.toml under [resolver]; best is an "
        "unbound of your own.",
        passed="The resolver {subject} answers.",
    ),
    "DOC-002": Wording(
        title="Whose resolver",
        sentence="What {subject} is asked comes out at {operators} ({egress}), which most blocklists refuse.",
        fix="Run a resolver of your own that asks the authoritative servers itself (unbound without "
        "forwarders), or get a free DQS key of Spamhaus, which works through any resolver.",
        passed="What {subject} is asked comes out at {egress}, and at no public resolver.",
        unknown="Could not find out where the questions of {subject} come out: {why}.",
    ),
    "DOC-003": Wording(
        title="Name of the resolver",
        sentence="{subject}, where the resolver's questions come out, {fault}; Spamhaus refuses such.",
        fix="Give {subject} a reverse name under a domain of yours, that leads back to it.",
        passed="{subject}, where the resolver's questions come out, is called {names}.",
        unknown="Could not find out how {subject} is called: {why}.",
    ),
    "DOC-004": Wording(
        title="DNSSEC validation",
        sentence="The resolver {subject} does not validate: {fault}. DANE and signatures cannot be judged.",
        fix='Switch validation on (unbound: module-config: "validator iterator" and auto-trust-anchor-file).',
        cites="RFC 4035 section 3.2.3",
        passed="The resolver {subject} validates DNSSEC.",
        unknown="Could not find out whether {subject} validates DNSSEC: {why}.",
    ),
    "DOC-005": Wording(
        title="Blocklist through this resolver",
        sentence="{list} ({subject}) cannot be believed through this resolver: {why}.",
        fix="Ask through a resolver of your own; where the list wants a key or a registration, get it there.",
        cites="RFC 5782 section 5",
        passed="{list} ({subject}) works.",
        unknown="{list} ({subject}) does not answer: {why}.",
    ),
    "RES-007": wording.WORDING["RES-007"],
}
