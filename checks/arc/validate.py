"""Validating the ARC chain of a message (RFC 8617 section 5.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.arc.sets import SEAL, ArcSet, BrokenChainError, arc_sets
from checks.dkim import canonical
from checks.dkim.key import Key, parse_key
from checks.dkim.look import key_name
from checks.dkim.signature import ALGORITHMS, FORMS, Signature
from checks.dkim.verify import body_holds, header_holds, holds, unusable
from checks.mail import Mail
from checks.names import flaw as name_flaw
from checks.ports import Answer, Dns, Question

SEAL_TAGS = ("i", "a", "b", "cv", "d", "s")
SIGNATURE_TAGS = ("i", "a", "b", "bh", "d", "h", "s")


class Chain(StrEnum):
    """The chain validation status, and one word more for keys that could not be asked for."""

    NONE = "none"
    PASS = "pass"  # noqa: S105 - the verdict, not a password
    FAIL = "fail"
    TEMPERROR = "temperror"


@dataclass(frozen=True, slots=True)
class Validated:
    """The status of the chain, and why it is not a pass; `sets` as far as they could be read."""

    result: Chain
    reason: str = ""
    sets: tuple[ArcSet, ...] = ()
    given_up: bool = False
    """The last hop itself says cv=fail, so nothing was verified (section 5.2 step 2)."""

    @property
    def domains(self) -> tuple[str, ...]:
        """Who sealed, from the first hop to the last."""
        return tuple(one.seal.domain for one in self.sets)


def validate(mail: Mail, dns: Dns) -> Validated:
    """Validate the chain: its form, the last message signature, and every seal."""
    try:
        sets = arc_sets(mail)
    except BrokenChainError as error:
        return Validated(Chain.FAIL, str(error))
    if not sets:
        return Validated(Chain.NONE)
    if sets[-1].chain == Chain.FAIL:
        return Validated(Chain.FAIL, f"hop {len(sets)} found the chain broken already", sets, given_up=True)
    if reason := _form(sets):
        return Validated(Chain.FAIL, reason, sets)
    return _signatures(mail, sets, _keys(dns, sets))


def _form(sets: Sequence[ArcSet]) -> str:
    """What can be judged without keys: statuses, tags, names."""
    for one in sets:
        expected = "none" if one.instance == 1 else "pass"
        if one.chain != expected:
            return f"the seal of hop {one.instance} says cv={one.chain[:20]}, not {expected}"
        if reason := _tags(one.seal, SEAL_TAGS) or _tags(one.signature, SIGNATURE_TAGS):
            return f"hop {one.instance}: {reason}"
        if "h" in one.seal.tags:
            return f"hop {one.instance}: the seal has an h= tag"
        if SEAL in one.signature.signed:
            return f"hop {one.instance}: the signature covers a seal"
        if any(form not in FORMS for form in one.signature.forms):
            return f"hop {one.instance}: an unknown canonicalization"
    return ""


def _tags(signature: Signature, required: Sequence[str]) -> str:
    if signature.tags.flaws:
        return str(signature.tags.flaws[0])
    if missing := [name for name in required if not signature.tags.get(name)]:
        return f"no {missing[0]}= tag"
    if signature.algorithm not in ALGORITHMS:
        return f"a={signature.algorithm[:40]} is not accepted"
    if not signature.value or ("bh" in required and not signature.body_hash):
        return "a hash or a signature is no base64"
    if name_flaw(signature.domain) or name_flaw(signature.selector):
        return "d= or s= is no name"
    return ""


Keys = Mapping[Question, Answer]


def _keys(dns: Dns, sets: Sequence[ArcSet]) -> Keys:
    """The answers for every key that the chain needs, all asked at once."""
    signatures = [sets[-1].signature, *(one.seal for one in sets)]
    questions = list(dict.fromkeys(map(_question, signatures)))
    return dict(zip(questions, dns.ask_all(questions), strict=True))


def _question(signature: Signature) -> Question:
    return Question(key_name(signature.selector, signature.domain), "TXT")


def _signatures(mail: Mail, sets: tuple[ArcSet, ...], keys: Keys) -> Validated:
    last = sets[-1]
    trials = [(last.signature, f"the signature of hop {last.instance}")]
    trials += [(one.seal, f"the seal of hop {one.instance}") for one in reversed(sets)]
    for signature, name in trials:
        answer = keys[_question(signature)]
        if not answer.ok:
            return Validated(Chain.TEMPERROR, f"{name}: the key: {answer.note}", sets)
        if not answer.records:
            return Validated(Chain.FAIL, f"{name}: there is no key for it", sets)
        key = parse_key(answer.texts[0])
        if reason := _broken(signature, key, mail, sets):
            return Validated(Chain.FAIL, f"{name}: {reason}", sets)
    return Validated(Chain.PASS, sets=sets)


def _broken(signature: Signature, key: Key, mail: Mail, sets: Sequence[ArcSet]) -> str:
    """Why a signature or seal does not hold; "" when it does."""
    reason = unusable(key, signature)
    if reason or key.public is None:
        return reason
    if signature is sets[-1].signature:
        head, body = header_holds(signature, mail, key.public), body_holds(signature, mail.body)
        changed = [part for part, held in (("header", head), ("body", body)) if not held]
        return f"the {' and the '.join(changed)} changed after it" if changed else ""
    place = next(index for index, one in enumerate(sets) if one.seal is signature)
    sealed = sealed_bytes(sets[: place + 1])
    return "" if holds(key.public, signature.value, sealed) else "it does not match the sets before it"


def sealed_bytes(sets: Sequence[ArcSet]) -> bytes:
    """What the last seal of these sets covers: all of them, itself without its value (section 5.1.1)."""
    parts: list[bytes] = []
    for one in sets:
        seal = one.seal.field if one is not sets[-1] else canonical.without_signature(one.seal.field)
        parts += [canonical.header(field, "relaxed") for field in (one.results, one.signature.field, seal)]
    return b"".join(parts).removesuffix(b"\r\n")
