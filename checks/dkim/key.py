"""A DKIM key record, taken apart (RFC 6376 section 3.6.1; RFC 8463 section 4 for Ed25519). Pure."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from checks.dkim.tags import Flaw, Tags, parse_tags

NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=\s]|=(?=[\s=]*[A-Za-z0-9+/])")
PEM = "-----BEGIN"
ED25519_OCTETS = 32

PublicKey = RSAPublicKey | Ed25519PublicKey


class KeyType(StrEnum):
    """`k=`."""

    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class Key:
    """A key record. With any flaw verifiers ignore it; what could be read is there to be shown."""

    text: str
    type: str = KeyType.RSA
    public: PublicKey | None = None
    """None when revoked or flawed."""
    revoked: bool = False
    hashes: tuple[str, ...] = ()
    """`h=`: the only ones allowed; () for all."""
    services: tuple[str, ...] = ("*",)
    flags: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    version_flaw: str = ""
    material: bytes = b""
    """`p=` decoded: what two records are compared by."""

    @property
    def bits(self) -> int:
        """The length of an RSA modulus; 0 for anything else."""
        return self.public.key_size if isinstance(self.public, RSAPublicKey) else 0

    @property
    def testing(self) -> bool:
        return "y" in self.flags

    @property
    def strict(self) -> bool:
        """`t=s`: the domain of i= must be that of d=."""
        return "s" in self.flags

    @property
    def serves_mail(self) -> bool:
        return any(service in ("*", "email") for service in self.services)

    @property
    def takes_sha256(self) -> bool:
        return not self.hashes or "sha256" in self.hashes


def looks_like_key(text: str) -> bool:
    """Whether a TXT record means to be a key: names that hold something else are no DKIM selectors."""
    return "p" in parse_tags(text) or text.lstrip().startswith("v=DKIM1")


def parse_key(text: str) -> Key:
    """Parse the strings of one TXT record, joined without spaces."""
    tags = parse_tags(text)
    kind = tags.get("k", KeyType.RSA)
    flaws = [*tags.flaws, *_stray(tags)]
    material, flaw = _material(tags)
    public: PublicKey | None = None
    if flaw:
        flaws.append(flaw)
    elif material:
        public, problem = load(kind, material)
        flaws += [Flaw(problem, tags.starts["p"])] if problem else []
    return Key(
        text=text,
        type=kind,
        public=public if not flaws else None,
        revoked="p" in tags and not tags.get("p") and not flaws,
        hashes=tags.words("h") if tags.get("h") else (),
        services=tags.words("s", "*"),
        flags=tags.words("t") if tags.get("t") else (),
        flaws=tuple(flaws),
        version_flaw=_version_flaw(tags),
        material=material,
    )


def _stray(tags: Tags) -> Iterator[Flaw]:
    """Backslashes and quotation marks that belong to a zone file and were published with the record."""
    for name in ("v", "k", "h", "s", "t"):
        if found := re.search(r'[\\"]', tags.get(name)):
            yield Flaw(f"a stray {found[0]} of the zone file", tags.starts[name] + found.start())


def _version_flaw(tags: Tags) -> str:
    """`v=` may be missing; where it is there it comes first and says DKIM1 (RFC 6376 section 3.6.1)."""
    if "v" not in tags:
        return ""
    if tags.get("v") != "DKIM1":
        return f"v={tags.get('v')[:40]} is not v=DKIM1"
    return "" if tags.first == "v" else "v=DKIM1 is not the first tag"


def _material(tags: Tags) -> tuple[bytes, Flaw | None]:
    """The bytes of `p=`, or what is wrong with it and where."""
    if "p" not in tags:
        return b"", Flaw("there is no p= tag with a key", 0)
    text, start = tags.get("p"), tags.starts["p"]
    if PEM in text:
        return b"", Flaw("the PEM header was published with the key", start + text.index(PEM))
    if bad := NOT_BASE64.search(text):
        return b"", Flaw(f"“{bad[0]}” is no base64", start + bad.start())
    try:
        return base64.b64decode("".join(text.split()), validate=True), None
    except ValueError:
        return b"", Flaw("the base64 is cut short", start + len(text))


def load(kind: str, material: bytes) -> tuple[PublicKey | None, str]:
    """The key and "", or None and why there is none."""
    if kind == KeyType.ED25519:
        if len(material) != ED25519_OCTETS:
            return None, f"an Ed25519 key has 32 octets, not {len(material)}"
        return Ed25519PublicKey.from_public_bytes(material), ""
    if kind != KeyType.RSA:
        return None, f"“{kind[:40]}” is an unknown key type"
    try:  # SubjectPublicKeyInfo, or the bare RSAPublicKey that the RFC's text allows (erratum 3017)
        key = load_der_public_key(material)
    except (ValueError, UnsupportedAlgorithm):
        return None, "p= is no RSA public key"
    return (key, "") if isinstance(key, RSAPublicKey) else (None, "p= is no RSA public key")
