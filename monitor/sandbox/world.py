"""The made-up world: who sends, from where, and what each of them publishes in DNS. Pure data.

Names lie under `.test` (RFC 6761), addresses in the blocks kept for documentation (RFC 5737), so that
nothing here can ever mean anybody. Every machine of it lives on this one: a mail server that says
HELO with a name of `HOSTS` counts as the address behind that name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.model import Profile
from checks.names import is_subdomain, reverse_name
from monitor.sandbox import blocklists
from monitor.sandbox.providers import PROVIDERS, Provider
from monitor.sandbox.zone import Rdata, Zone, soa

Records = dict[str, dict[str, list[Rdata]]]

WEAK_KEY = (  # 512 bits: factored in hours since 2012, and still found in DNS
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANkJDgyxUsQdaRp8hR0WDi1aynmlwspPofbDYyk3iu0qHJ2fyl+rRE8BB+MCNJy6"
    "IMsrb+Rjq9PISupK186DgskCAwEAAQ=="
)


@dataclass(frozen=True, slots=True)
class Host:
    """A machine that sends; `ptr` is what its address's reverse name says, None for nothing."""

    name: str
    ip: str
    ptr: str | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """A sending domain and its story in one sentence. `records` are its own; "" is the domain itself."""

    name: str
    about: str
    profile: Profile = Profile.BULK
    hosts: tuple[Host, ...] = ()
    selectors: tuple[str, ...] = ()
    keyed: bool = False
    """Its first selector publishes the key that was made when the sandbox was."""
    records: Mapping[str, Mapping[str, list[Rdata]]] = field(default_factory=dict)
    silent: bool = False
    """Its name servers never answer."""


HARBOUR = Domain(
    "harbour.test",
    "A bookshop with a Friday letter. Everything is as it should be.",
    hosts=(Host("mail.harbour.test", "192.0.2.10", "mail.harbour.test"),),
    selectors=("s1",),
    keyed=True,
    records={
        "": {
            "A": ["192.0.2.80"],
            "MX": [[10, "mail.harbour.test"], [20, "mx2.harbour.test"]],
            "TXT": [["v=spf1 ip4:192.0.2.10 ip4:192.0.2.11 -all"]],
            "CAA": ['0 issue "letsencrypt.org"'],
        },
        "www": {"CNAME": ["harbour.test"]},
        "mail": {"TXT": [["v=spf1 a -all"]]},
        "mx2": {"A": ["198.51.100.11"]},
        "track": {"A": ["127.0.0.1"]},
        "bounce": {
            "MX": [[10, "mail.harbour.test"]],
            "TXT": [["v=spf1 ip4:192.0.2.10 ip4:192.0.2.11 -all"]],
        },
        "_dmarc": {"TXT": [["v=DMARC1; p=reject; rua=mailto:dmarc@harbour.test"]]},
        "_smtp._tls": {"TXT": [["v=TLSRPTv1; rua=mailto:tls@harbour.test"]]},
    },
)

SALTMARSH = Domain(
    "saltmarsh.test",
    "A garden club that shares its address with noisy neighbours, and is listed now and then.",
    hosts=(Host("smtp.saltmarsh.test", "203.0.113.20", "smtp.saltmarsh.test"),),
    selectors=("m1",),
    keyed=True,
    records={
        "": {
            "A": ["203.0.113.80"],
            "MX": [[10, "smtp.saltmarsh.test"]],
            "TXT": [["v=spf1 ip4:203.0.113.20 ~all"]],
        },
        "smtp": {"TXT": [["v=spf1 a -all"]]},
        "_dmarc": {"TXT": [["v=DMARC1; p=quarantine; rua=mailto:reports@saltmarsh.test"]]},
    },
)

DRIFTWOOD = Domain(
    "driftwood.test",
    "A shop that grew by adding services: SPF asks too much, DKIM is weak, nothing ties them together.",
    hosts=(Host("localhost.localdomain", "198.51.100.20"),),
    selectors=("k1",),
    records={
        "": {
            "A": ["198.51.100.80"],
            "MX": [[10, "mx1.driftwood.test"], [20, "mx2.driftwood.test"]],
            "TXT": [
                ["v=spf1 a mx include:_spf.till.test include:_spf.desk.test include:_spf.post.test ~all"],
                ["homing-site-verification=b1f3c7"],
            ],
        },
        "mx1": {"A": ["198.51.100.25"]},
        "mx2": {"A": ["198.51.100.26"]},
        "k1._domainkey": {"TXT": [[f"v=DKIM1; k=rsa; t=y; p={WEAK_KEY}"]]},
    },
)

SPARE_ANCHOR = Domain(
    "spareanchor.test",
    "Bought to keep others from it: receives nothing, sends nothing, and says so.",
    profile=Profile.PARKED,
    records={
        "": {"MX": [[0, "."]], "TXT": [["v=spf1 -all"]]},
        "_dmarc": {"TXT": [["v=DMARC1; p=reject; sp=reject"]]},
        "*._domainkey": {"TXT": [["v=DKIM1; p="]]},
    },
)

FOGBANK = Domain(
    "fogbank.test",
    "Its name servers have gone quiet: nobody can tell how it stands.",
    hosts=(Host("mail.fogbank.test", "203.0.113.40", "mail.fogbank.test"),),
    selectors=("s1",),
    silent=True,
)

DOMAINS: tuple[Domain, ...] = (HARBOUR, SALTMARSH, DRIFTWOOD, SPARE_ANCHOR, FOGBANK)
HOSTS: Mapping[str, Host] = {host.name: host for domain in DOMAINS for host in domain.hosts}

SERVICES: Mapping[str, list[str]] = {
    "till.test": ["include:_a.till.test", "include:_b.till.test", "a:out.till.test"],
    "desk.test": ["include:_a.desk.test", "mx:desk.test", "exists:%{i}.desk.test"],
    "post.test": ["include:_a.post.test", "a:out.post.test", "a:out2.post.test"],
}
"""What Driftwood includes: domain -> the terms of its `_spf` record. Fourteen look-ups; ten are allowed."""

NETWORKS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
REVERSE_ZONES = ("2.0.192.in-addr.arpa", "100.51.198.in-addr.arpa", "113.0.203.in-addr.arpa")


def build(keys: Mapping[str, str]) -> Zone:
    """The world's DNS at its beginning. `keys`: domain -> base64 of its public DKIM key (PKCS #8)."""
    names: dict[str, Mapping[str, list[Rdata]]] = {}
    for domain in DOMAINS:
        names |= _domain(domain, keys.get(domain.name, ""))
    for service, terms in SERVICES.items():
        names |= _service(service, terms)
    for provider in PROVIDERS:
        names |= _provider(provider)
    silent = [domain.name for domain in DOMAINS if domain.silent]
    return Zone({**names, **_reverse(), **blocklists.names()}, silent=silent)


def _apex(name: str) -> Records:
    servers = [f"ns1.{name}", f"ns2.{name}"]
    return {
        name: {"SOA": [soa(servers[0], f"hostmaster.{name}")], "NS": [*servers]},
        servers[0]: {"A": ["192.0.2.53"]},
        servers[1]: {"A": ["198.51.100.53"]},
    }


def _domain(domain: Domain, key: str) -> Records:
    names = _apex(domain.name)
    for label, records in domain.records.items():
        names.setdefault(f"{label}.{domain.name}".lstrip("."), {}).update(records)
    for host in domain.hosts:
        if is_subdomain(host.name, domain.name):  # what another name says is not this domain's to publish
            names.setdefault(host.name, {})["A"] = [host.ip]
    if domain.keyed and key:
        published: list[Rdata] = [[f"v=DKIM1; k=rsa; p={key}"]]
        names[f"{domain.selectors[0]}._domainkey.{domain.name}"] = {"TXT": published}
    return names


def _service(name: str, terms: list[str]) -> Records:
    def spf(text: str) -> dict[str, list[Rdata]]:
        return {"TXT": [[f"v=spf1 {text} ~all"]]}

    return {
        **_apex(name),
        f"_spf.{name}": spf(" ".join(terms)),
        f"_a.{name}": spf("ip4:192.0.2.64/28"),
        f"_b.{name}": spf("ip4:192.0.2.96/28"),
        f"out.{name}": {"A": ["192.0.2.112"]},
        f"out2.{name}": {"A": ["192.0.2.113"]},
    }


def _provider(provider: Provider) -> Records:
    names = _apex(provider.domain)
    names[provider.domain] |= {
        "MX": [[10, provider.mx]],
        "TXT": [["v=spf1 -all"]],
    }
    names[f"_dmarc.{provider.domain}"] = {"TXT": [["v=DMARC1; p=none"]]}
    names[provider.mx] = {"A": [provider.ip]}
    return names


def _reverse() -> Records:
    names: Records = {}
    for zone in REVERSE_ZONES:
        names |= {zone: {"SOA": [soa("ns1.rir.test", "hostmaster.rir.test")], "NS": ["ns1.rir.test"]}}
    for host in HOSTS.values():
        if host.ptr is not None:
            names[reverse_name(host.ip)] = {"PTR": [host.ptr]}
    return names
