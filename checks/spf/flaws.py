"""What can be wrong with the text of an SPF record, each with its sentence and its place in RFC 7208."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Flaw(StrEnum):
    """A way to break the grammar of RFC 7208 section 12; each one makes the whole record a permerror."""

    CHARACTER = "character"
    UNKNOWN_MECHANISM = "unknown-mechanism"
    NO_DOMAIN = "no-domain"
    DOMAIN_END = "domain-end"
    ARGUMENT = "argument"
    CIDR = "cidr"
    NO_ADDRESS = "no-address"
    ADDRESS = "address"
    WRONG_FAMILY = "wrong-family"
    MACRO = "macro"
    MACRO_LETTER = "macro-letter"
    MACRO_PLACE = "macro-place"
    MACRO_ZERO = "macro-zero"
    TWICE = "twice"


SENTENCES: Mapping[Flaw, str] = {
    Flaw.CHARACTER: "a character that is not visible ASCII (section 4.6.1)",
    Flaw.UNKNOWN_MECHANISM: "not a mechanism that SPF knows (section 4.6.1)",
    Flaw.NO_DOMAIN: "needs a domain after it (section 12)",
    Flaw.DOMAIN_END: "the domain must end in a dot and a top-level label, or in a macro (section 7.1)",
    Flaw.ARGUMENT: "takes no argument (section 12)",
    Flaw.CIDR: "the prefix length is not one that this mechanism can have (section 5.6)",
    Flaw.NO_ADDRESS: "needs an address after the colon (section 5.6)",
    Flaw.ADDRESS: "not an IP address (section 5.6)",
    Flaw.WRONG_FAMILY: "an address of the other IP version (section 5.6)",
    Flaw.MACRO: "a % that begins no macro; write %% for the sign itself (section 7.1)",
    Flaw.MACRO_LETTER: "an unknown macro letter (section 7.2)",
    Flaw.MACRO_PLACE: "the macros c, r and t may stand only in an explanation (section 7.2)",
    Flaw.MACRO_ZERO: "the number of labels in a macro must not be zero (section 7.3)",
    Flaw.TWICE: "this modifier may stand only once in a record (section 6)",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One syntax error: what is wrong, at which character of the record (from 0), and the text meant."""

    flaw: Flaw
    at: int
    text: str

    def __str__(self) -> str:
        return f"character {self.at + 1}, “{self.text}”: {SENTENCES[self.flaw]}"
