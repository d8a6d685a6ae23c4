"""The words for blocklists."""

from collections.abc import Mapping

from checks.wording.table import Wording

CAUSE_FIRST = "Find and stop the cause first, or the listing comes back."
COULD_NOT = "Could not find out whether {who} is on {list}: {why}."
NOT_ON = "{who} is not on {list}."
OWN_RESOLVER = (
    "Ask through your own recursive resolver (unbound, without forwarders, on an address with a proper reverse name) "
    "by --nameserver, or get a free Spamhaus DQS key. Public resolvers are always refused."
)
LATER = (
    "Nothing needs doing: the list counts again when it passes. If this stays, ask through another resolver, or take "
    "the list out of your configuration."
)
REWRITTEN = (
    "Something rewrites DNS answers on the way. Ask through your own recursive resolver (--nameserver)."
)


def _listing(title: str, meaning: str) -> Wording:
    return Wording(
        title=title,
        sentence=f"{{who}} is on {{list}} ({{labels}}).{{said}} {meaning}",
        passed=NOT_ON,
        unknown=COULD_NOT,
        fix=f"{CAUSE_FIRST} {{how}} {{delist}}",
        cites="RFC 5782",
    )


WORDING: Mapping[str, Wording] = {
    "BL-001": _listing(
        "On a list that decides delivery", "Most receivers refuse or junk mail because of it."
    ),
    "BL-002": _listing(
        "On a list that many receivers use", "Many receivers refuse or junk mail because of it."
    ),
    "BL-003": _listing("On a list that some receivers use", "Some receivers and appliances heed it."),
    "BL-004": _listing("On a list that few receivers use", "Few receivers heed it."),
    "BL-005": Wording(
        title="On a policy list",
        sentence="{who} is on {list} ({labels}).{said} This is no accusation: the range is not meant to send "
        "mail directly, and many receivers refuse it.",
        passed=NOT_ON,
        unknown=COULD_NOT,
        fix="Send through your provider's relay, or run the server on a fixed address with its own name and "
        "take it off the list. {how} {delist}",
        cites="RFC 5782",
    ),
    "BL-006": Wording(
        title="On an informational list",
        sentence="{who} is on {list} ({labels}).{said} Receivers do not refuse mail for this alone.",
        passed=NOT_ON,
        unknown=COULD_NOT,
        fix="Nothing is urgent. {how} {delist}",
    ),
    "BL-007": Wording(
        title="On an allow-list",
        sentence="{who} is on {list} ({labels}).",
        passed="{who} is on {list}: {labels}.",
        not_applicable="{who} is not on {list}. Few senders are; it costs nothing not to be.",
        unknown=COULD_NOT,
        fix="Nothing needs doing.",
    ),
    "BL-008": Wording(
        title="Lists that answer this resolver",
        sentence="{count} lists refuse this resolver: {zones}.",
        passed="No list refuses this resolver.",
        unknown="{count} lists refuse to answer this resolver, so they are neither clean nor listed here: {zones}.",
        fix=OWN_RESOLVER,
        unknown_fix=OWN_RESOLVER,
        cites="https://www.spamhaus.org/faqs/dnsbl-usage/",
    ),
    "BL-009": Wording(
        title="The list passes its self-test",
        sentence="{subject} fails its self-test: {why}.",
        passed="{subject} lists its test entry and nothing that must not be listed.",
        unknown="{list} ({subject}) fails its self-test through this resolver ({why}), so its answers do not count.",
        fix=LATER,
        unknown_fix=LATER,
        cites="RFC 5782 sections 5 and 7",
    ),
    "BL-010": Wording(
        title="The list gives a documented answer",
        sentence="{list} answered {answers} about {who}, which its operator does not document. It is not counted "
        "as a listing.",
        fix="Look {who} up on the operator's page: {delist}",
    ),
    "BL-011": Wording(
        title="The resolver tells the truth about lists",
        sentence="Lists of several operators answer nonsense at once: {zones}.",
        passed="The self-tests show nothing wrong with the resolver.",
        unknown="Lists of unrelated operators ({families}) answer nonsense at once, so the resolver must be at fault. "
        "Nothing that it says about lists counts.",
        fix=REWRITTEN,
        unknown_fix=REWRITTEN,
        cites="RFC 5782 section 7",
    ),
    "BL-012": Wording(
        title="The list is alive",
        sentence="{subject} is in your configuration but is dead: {fate} It is not asked.",
        fix="Take {subject} out of the configuration.",
    ),
}
