"""What to set where the mail leaves: Postfix, SES, or the provider's own page, for one sending domain."""

from collections.abc import Callable, Mapping

from data.sending_domains import SendingDomain


def postfix(domain: SendingDomain, inbound_port: int) -> str:
    """main.cf of a Postfix that carries the domain's mail and hands its bounces to `homing inbound`."""
    v4 = next((ip for ip in domain.ips if ":" not in ip), "")
    v6 = next((ip for ip in domain.ips if ":" in ip), "")
    lines = [
        "# /etc/postfix/main.cf",
        f"myhostname = {domain.helo}",
        "smtp_helo_name = $myhostname",
        *([f"smtp_bind_address = {v4}"] if v4 else []),
        *([f"smtp_bind_address6 = {v6}"] if v6 else []),
        "smtp_dns_support_level = dnssec",
        "smtp_tls_security_level = dane  # may, where no validating resolver is on this machine",
        "mynetworks = 127.0.0.0/8 [::1]/128  # and where Homing runs",
        "# Homing signs (DKIM) and keeps pace itself: no milter and no header_checks on this way.",
        f"relay_domains = {domain.return_path_domain}",
        f"transport_maps = inline:{{{domain.return_path_domain}=smtp:[127.0.0.1]:{inbound_port}}}",
    ]
    return "\n".join(lines)


def direct(domain: SendingDomain, inbound_port: int) -> str:
    """No MTA between us and the receivers: what the machine itself needs."""
    return "\n".join(
        [
            "# Homing speaks to the receivers' servers itself.",
            "# Out: TCP port 25 must be open, and the HELO name must be the address's own (PTR).",
            f"# In: port 25 of {domain.inbound_host} must reach `homing inbound` (port {inbound_port}):",
            f"nft add rule inet nat prerouting tcp dport 25 redirect to :{inbound_port}",
        ]
    )


def ses(domain: SendingDomain, inbound_port: int) -> str:  # noqa: ARG001
    """https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html"""
    return "\n".join(
        [
            f"aws sesv2 create-email-identity --email-identity {domain.domain}",
            "# publish the three CNAMEs that it answers (Easy DKIM: SES signs), then:",
            f"aws sesv2 put-email-identity-mail-from-attributes --email-identity {domain.domain} \\",
            f"  --mail-from-domain {domain.return_path_domain} --behavior-on-mx-failure REJECT_MESSAGE",
        ]
    )


def provider(domain: SendingDomain, inbound_port: int) -> str:  # noqa: ARG001
    """It signs and takes bounces under names of its own."""
    return (
        f"# Add {domain.domain} at the provider and publish the DKIM and return-path records that it shows."
    )


SNIPPETS: Mapping[str, Callable[[SendingDomain, int], str]] = {
    "smtp": postfix,
    "mx": direct,
    "ses": ses,
    "sendgrid": provider,
    "mailgun": provider,
    "postmark": provider,
    "mandrill": provider,
}
