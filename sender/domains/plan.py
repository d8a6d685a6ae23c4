"""Every record that a sending domain needs, for the way its mail leaves: what to publish, and by whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from checks.names import is_address, is_subdomain, reverse_name
from checks.published import judges
from checks.published.wanted import Holds, Wanted
from checks.spf import edit
from data.sending_domains import SendingDomain

DMARC = "v=DMARC1; p=none"
"""Asks for nothing but says that somebody looks; `homing check` says what stands in the way of more."""


@dataclass(frozen=True, slots=True)
class Way:
    """What a kind of sending server asks of the domain."""

    own_addresses: bool = True
    own_dkim: bool = True
    include: str = ""
    """Whose SPF record passes the mail, where the addresses are not our own."""
    return_path_mx: str = ""
    """Where a provider takes its own bounces; "" for our own inbound host, "-" where it needs none."""


OWN = Way()
WAYS: Mapping[str, Way] = {
    "smtp": OWN,
    "mx": OWN,
    "sink": OWN,
    "ses": Way(False, False, "amazonses.com", "10 feedback-smtp.{region}.amazonses.com"),
    "sendgrid": Way(False, False, "sendgrid.net", "-"),
    "mailgun": Way(False, False, "mailgun.org", "-"),
    "postmark": Way(False, False, "", "-"),
    "mandrill": Way(False, False, "", "-"),
}
"""https://docs.aws.amazon.com/ses/latest/dg/mail-from.html for SES; the others set their own names up for
the return path and show them when the domain is added there."""


@dataclass(frozen=True, slots=True)
class Present:
    """What stands in DNS now, as far as a record of ours would take its place; "" for nothing.

    `passes`: the SPF record lets the mail pass as it is.
    """

    spf: str = ""
    dmarc: str = ""
    passes: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A domain, how its mail leaves, and its public key's record at `key_name` ("" where others sign)."""

    domain: SendingDomain
    way: Way = OWN
    key_name: str = ""
    key: str = ""
    present: Present = field(default_factory=Present)
    region: str = "us-east-1"

    def records(self) -> tuple[Wanted, ...]:
        """In the order in which one would publish them."""
        return (
            *self._spf(),
            *self._dkim(),
            *self._dmarc(),
            *self._return_path(),
            *self._tracking(),
            *self._host(),
        )

    def _spf(self) -> Iterator[Wanted]:
        name, term, there = self.domain.domain, self.term, self.present.spf
        if not term:
            return
        value = edit.allowing(there, term) if there else edit.written([term, "~all"])
        value, before = (there, "") if self.present.passes else (value, there)
        yield Wanted("SPF", name, "TXT", value, self.passes(name), mark="v=spf1", before=before)

    @property
    def term(self) -> str:
        """What lets its mail pass: its addresses, else those of the host, else the provider's."""
        if not self.way.own_addresses:
            return f"include:{self.way.include}" if self.way.include else ""
        addresses = [f"ip{ip_address(ip).version}:{ip}" for ip in self.domain.ips]
        return " ".join(addresses) or f"a:{self.domain.helo}"

    def passes(self, name: str) -> Holds:
        """When an SPF record at `name` is good enough."""
        if self.way.own_addresses:
            return judges.passes(name, self.domain.ips, self.domain.helo)
        return judges.includes(self.way.include)

    def _dkim(self) -> Iterator[Wanted]:
        if self.way.own_dkim and self.key:
            yield Wanted("DKIM", self.key_name, "TXT", self.key, judges.same_key(self.key))

    def _dmarc(self) -> Iterator[Wanted]:
        name, value = f"_dmarc.{self.domain.domain}", self.present.dmarc or DMARC
        yield Wanted("DMARC", name, "TXT", value, judges.any_policy, mark="v=DMARC1")

    def _return_path(self) -> Iterator[Wanted]:
        name, mx = self.domain.return_path_domain, self.way.return_path_mx
        if mx == "-":
            return
        value = mx.format(region=self.region) if mx else f"10 {self.domain.inbound_host}"
        yield Wanted("return path", name, "MX", f"{value}.", judges.exchanged_by(value.split()[1]))
        if name != self.domain.domain and self.term:
            spf = edit.written([self.term, "-all"])
            yield Wanted("SPF of the return path", name, "TXT", spf, self.passes(name), mark="v=spf1")

    def _tracking(self) -> Iterator[Wanted]:
        host, target = tracking_host(self.domain), self.domain.tracking_target
        if not target or target == host or is_address(host):
            return
        if is_address(target):
            kind = "A" if ip_address(target).version == 4 else "AAAA"
            yield Wanted("tracking", host, kind, target, judges.addressed(target))
        else:
            yield Wanted("tracking", host, "CNAME", f"{target}.", judges.leads_to(target))

    def _host(self) -> Iterator[Wanted]:
        """What only the owner of the addresses can set: reverse names, and the HELO name's own address."""
        helo = self.domain.helo
        if not self.way.own_addresses or not helo:
            return
        ours = is_subdomain(helo, self.domain.domain)
        for ip in self.domain.ips:
            kind = "A" if ip_address(ip).version == 4 else "AAAA"
            yield Wanted("HELO", helo, kind, ip, judges.addressed(ip), at_resolver=not ours)
        for ip in self.domain.ips:
            note = "ask the owner of the address (your host)"
            name = reverse_name(ip)
            yield Wanted("PTR", name, "PTR", f"{helo}.", judges.named(helo), at_resolver=True, note=note)


def tracking_host(domain: SendingDomain) -> str:
    """The host in the links."""
    return domain.tracking_url.partition("://")[2].partition("/")[0].partition(":")[0]
