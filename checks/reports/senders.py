"""Gives a source a name that people know: by its confirmed reverse name, by what it proved to be, else by its
network.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address, ip_network

from checks.organization import organization
from checks.reports.model import Row

SENDERS: Mapping[str, str] = {
    "amazonses.com": "Amazon SES",
    "brevo.com": "Brevo",
    "sendinblue.com": "Brevo",
    "constantcontact.com": "Constant Contact",
    "ccsend.com": "Constant Contact",
    "cmail19.com": "Campaign Monitor",
    "createsend.com": "Campaign Monitor",
    "exacttarget.com": "Salesforce Marketing Cloud",
    "salesforce.com": "Salesforce",
    "exclaimer.net": "Exclaimer",
    "fastmail.com": "Fastmail",
    "messagingengine.com": "Fastmail",
    "freshdesk.com": "Freshdesk",
    "gappssmtp.com": "Google Workspace",
    "google.com": "Google",
    "googlemail.com": "Google",
    "hubspotemail.net": "HubSpot",
    "icloud.com": "Apple iCloud",
    "mailchimpapp.net": "Mailchimp",
    "mcsv.net": "Mailchimp",
    "rsgsv.net": "Mailchimp",
    "mcdlv.net": "Mailchimp",
    "mandrillapp.com": "Mandrill",
    "mailgun.net": "Mailgun",
    "mailgun.org": "Mailgun",
    "mailjet.com": "Mailjet",
    "mimecast.com": "Mimecast",
    "mtasv.net": "Postmark",
    "onmicrosoft.com": "Microsoft 365",
    "outlook.com": "Microsoft",
    "pphosted.com": "Proofpoint",
    "ppe-hosted.com": "Proofpoint Essentials",
    "protonmail.ch": "Proton",
    "sendgrid.net": "SendGrid",
    "sparkpostmail.com": "SparkPost",
    "yahoo.com": "Yahoo",
    "zendesk.com": "Zendesk",
    "zoho.com": "Zoho",
}  # fmt: skip
"""Owner of a reverse or signing name -> the service that people know."""


class Basis(StrEnum):
    """What a source's name rests on."""

    REVERSE = "reverse name"
    PROVED = "signature or return path"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Named:
    """A source's name, and what it rests on."""

    name: str
    basis: Basis


def proved(row: Row) -> str:
    """The owner of a name for which a signature or SPF passed, a known service first; "" for none."""
    results = (*row.dkim_results, *row.spf_results)
    owners = [organization(each.domain) for each in results if each.result == "pass"]
    return next((owner for owner in owners if owner in SENDERS), next(iter(owners), ""))


def named(address: str, owner: str, reverse: str | None) -> Named:
    """`owner`: what it proved to be; `reverse`: its confirmed reverse name. A service that is known goes
    before a name that is not, since many give their customers' names to their own servers.
    """
    host = organization(reverse) if reverse else ""
    known = ((host, Basis.REVERSE), (owner, Basis.PROVED))
    for name, basis in known:
        if name in SENDERS:
            return Named(SENDERS[name], basis)
    for name, basis in known:
        if name:
            return Named(name, basis)
    return Named(network(address), Basis.NETWORK)


def network(address: str) -> str:
    """The /24 or /48 that an address is of; the text itself when it is no address."""
    try:
        version = ip_address(address).version
    except ValueError:
        return address
    return str(ip_network(f"{address}/{24 if version == 4 else 48}", strict=False))
