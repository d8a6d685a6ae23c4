"""Which column means what: by its name, by the kind of export it comes from, or as the person says.

The columns of other services are as they export them today: Mailchimp's audience export (one file for each
of subscribed, unsubscribed and cleaned) and Meta's lead export (UTF-16, tabs, and prefixes such as `p:`).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Means(StrEnum):
    """What a column can mean besides an attribute."""

    EMAIL = "email"
    TAGS = "tags"
    STATUS = "status"
    CONSENT_AT = "consent_at"
    CONSENT_IP = "consent_ip"
    CONFIRMED_AT = "confirmed_at"
    CONFIRMED_IP = "confirmed_ip"
    FORM = "form"
    """Which version of the wording they were shown."""
    ATTRIBUTE = "attribute"
    NOTHING = "-"


class Kind(StrEnum):
    """How an attribute's cells are read."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


class Origin(StrEnum):
    PLAIN = "plain"
    MAILCHIMP = "mailchimp"
    META = "meta"


class Status(StrEnum):
    """What a row says about its person."""

    SUBSCRIBED = "subscribed"
    UNCONFIRMED = "unconfirmed"
    UNSUBSCRIBED = "unsubscribed"
    CLEANED = "cleaned"
    COMPLAINED = "complained"
    OTHER = "other"


JOINING = frozenset({Status.SUBSCRIBED, Status.UNCONFIRMED})
"""They may come to be written to; the others say that somebody may not."""


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the attribute's, where it means one."""

    means: Means
    name: str = ""
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Mapped:
    """`status` is what the file as a whole says of its people, unless a row says otherwise."""

    columns: tuple[Column, ...]
    origin: Origin = Origin.PLAIN
    status: Status = Status.SUBSCRIBED
    headings: tuple[str, ...] = field(default=())

    @property
    def joins(self) -> bool:
        """Whether somebody in the file may come to be written to."""
        says = any(column.means is Means.STATUS for column in self.columns)
        return says or self.status in JOINING


class MappingError(ValueError):
    """The columns cannot be understood; the message says what to give."""


ATTRIBUTE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
NOTHING = Column(Means.NOTHING)


def _words(text: str) -> list[str]:
    return text.split()


HEADINGS: Mapping[Means, frozenset[str]] = {
    Means.EMAIL: frozenset(
        _words(
            "email e_mail email_address e_mail_address mail emailaddress e_mail_adresse "
            "email_adresse mailadresse adresse_e_mail adresse_email courriel correo "
            "correo_electronico indirizzo_email posta_elettronica emailadres e_mailadres "
            "subscriber_email contact_email your_email work_email 이메일 이메일_주소 전자우편 메일 "
            "메일주소 メール メールアドレス 邮箱 电子邮件"
        )
    ),
    Means.TAGS: frozenset(_words("tags tag labels 태그")),
    Means.STATUS: frozenset(_words("status subscription_status subscriber_status email_marketing_status")),
    Means.CONSENT_AT: frozenset(
        _words(
            "consent_at consent_date consent_time opt_in_date optin_date optin_time opt_in_time "
            "signup_date subscribed_at signed_up_at timestamp_signup subscribe_date"
        )
    ),
    Means.CONSENT_IP: frozenset(_words("consent_ip optin_ip opt_in_ip signup_ip ip_signup ip_address")),
    Means.CONFIRMED_AT: frozenset(_words("confirm_time confirmed_at timestamp_opt confirmation_date")),
    Means.CONFIRMED_IP: frozenset(_words("confirm_ip confirmed_ip ip_opt")),
    Means.FORM: frozenset(["consent_form", "form_version"]),
}
NAMES: Mapping[str, str] = {
    "fname": "first_name", "firstname": "first_name", "vorname": "first_name", "prenom": "first_name",
    "nombre": "first_name", "이름": "first_name", "lname": "last_name", "lastname": "last_name",
    "surname": "last_name", "nachname": "last_name", "nom": "last_name", "apellido": "last_name",
    "성": "last_name", "성명": "name", "전화번호": "phone", "phone_number": "phone", "land": "country",
    "pays": "country", "pais": "country", "국가": "country", "stadt": "city", "ville": "city",
    "ciudad": "city", "도시": "city", "geburtstag": "birthday", "생일": "birthday",
}  # fmt: skip
"""Usual headings, and the attribute that templates know them by."""

MAILCHIMP = frozenset({"member_rating", "leid", "euid", "optin_time", "last_changed", "gmtoff"})
MAILCHIMP_COLUMNS: Mapping[str, Column] = {
    "cc": Column(Means.ATTRIBUTE, "country"),
    "unsub_time": NOTHING,
    "clean_time": NOTHING,
    "unsub_campaign_title": NOTHING,
    "unsub_campaign_id": NOTHING,
    "unsub_reason": NOTHING,
    "unsub_reason_other": NOTHING,
    "clean_campaign_title": NOTHING,
    "clean_campaign_id": NOTHING,
    **dict.fromkeys(
        _words("latitude longitude gmtoff dstoff last_changed leid euid notes member_rating"),
        NOTHING,
    ),
}
META = frozenset({"ad_id", "adset_id", "form_id", "created_time", "is_organic", "ad_name"})
META_COLUMNS: Mapping[str, Column] = {
    "created_time": Column(Means.CONSENT_AT),
    "form_id": Column(Means.FORM),
    **dict.fromkeys(
        _words(
            "id ad_id ad_name adset_id adset_name campaign_id campaign_name form_name is_organic "
            "platform inbox_url lead_status retailer_item_id vehicle"
        ),
        NOTHING,
    ),
}
META_PREFIX = re.compile(r"(?:p|l|f|c|ag|as|z):(?=\S)")

STATUSES: Mapping[str, Status] = {
    **dict.fromkeys(("subscribed", "active", "enabled", "confirmed", "subscribe"), Status.SUBSCRIBED),
    **dict.fromkeys(("unconfirmed", "pending", "inactive"), Status.UNCONFIRMED),
    **dict.fromkeys(
        ("unsubscribed", "unsubscribe", "optout", "opted_out", "opt_out", "removed", "left"),
        Status.UNSUBSCRIBED,
    ),
    **dict.fromkeys(
        ("cleaned", "bounced", "hard_bounced", "hard_bounce", "bounce", "invalid"), Status.CLEANED
    ),
    **dict.fromkeys(
        ("complained", "complaint", "spam", "spam_complaint", "blocklisted", "blacklisted"), Status.COMPLAINED
    ),
    **dict.fromkeys(
        ("nonsubscribed", "non_subscribed", "transactional", "archived", "deleted"), Status.OTHER
    ),
}


def map_columns(
    headings: Sequence[str], wishes: Mapping[str, str], *, file_name: str = "", first: Sequence[str] = ()
) -> Mapped:
    """What each column means; `wishes` map a heading to `email`, `name`, `name:number`, `-` … and win.

    `first` is the first row, by which a file without headings shows its column of addresses.
    Raises `MappingError`.
    """
    keys = [simple(heading) for heading in headings]
    origin = _origin(frozenset(keys))
    for wish in wishes:
        if wish not in headings:
            raise MappingError(f"There is no column “{wish}”. There are: {', '.join(headings)}.")
    columns: list[Column] = []
    for number, heading in enumerate(headings):
        if heading in wishes:
            columns.append(_wished(heading, wishes[heading]))
        else:
            columns.append(_meant(keys[number], number, origin, columns))
    if not any(column.means is Means.EMAIL for column in columns):
        columns = _by_content(columns, first)
    _check(columns, headings)
    return Mapped(tuple(columns), origin, _status(keys, file_name), tuple(headings))


def simple(heading: str) -> str:
    """`E-Mail Adresse` and `e_mail_adresse` are one: lower case, no accents, `_` between words."""
    bare = unicodedata.normalize("NFKD", heading.strip().casefold())
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return re.sub(r"[^\w]+", "_", unicodedata.normalize("NFC", bare)).strip("_")


def _origin(keys: frozenset[str]) -> Origin:
    if len(keys & MAILCHIMP) >= 3:
        return Origin.MAILCHIMP
    return Origin.META if len(keys & META) >= 3 else Origin.PLAIN


def _status(keys: Sequence[str], file_name: str) -> Status:
    """Mailchimp exports one file for each status, and names both file and columns after it."""
    if {"clean_time", "clean_campaign_title"} & set(keys) or file_name.startswith("cleaned_"):
        return Status.CLEANED
    if {"unsub_time", "unsub_reason"} & set(keys) or file_name.startswith("unsubscribed_"):
        return Status.UNSUBSCRIBED
    return Status.SUBSCRIBED


def _wished(heading: str, wish: str) -> Column:
    name, _, kind = wish.partition(":")
    if name in list(Means) and name != Means.ATTRIBUTE:
        return Column(Means(name))
    if not ATTRIBUTE.fullmatch(name) or (kind and kind not in list(Kind)):
        raise MappingError(
            f"“{heading}={wish}” cannot be read: give an attribute (letters, digits, _), with :number or "
            f":date if it is one, or one of {', '.join(each for each in Means if each != Means.ATTRIBUTE)}."
        )
    return Column(Means.ATTRIBUTE, name, Kind(kind or Kind.TEXT))


def _meant(key: str, number: int, origin: Origin, before: Sequence[Column]) -> Column:
    special = {Origin.MAILCHIMP: MAILCHIMP_COLUMNS, Origin.META: META_COLUMNS}.get(origin, {})
    if key in special:
        return special[key]
    taken = {column.means for column in before}
    for means, headings in HEADINGS.items():
        if key in headings and means not in taken:
            return Column(means)
    name = NAMES.get(key, key)
    if not ATTRIBUTE.fullmatch(name):
        name = f"column{number + 1}"
    if any(column.name == name for column in before):
        name = f"{name}_{number + 1}"
    return Column(Means.ATTRIBUTE, name)


def _by_content(columns: list[Column], first: Sequence[str]) -> list[Column]:
    """No heading says e-mail: then the one column that holds an address does."""
    with_address = [n for n, cell in enumerate(first[: len(columns)]) if re.search(r"\S@\S+\.\S", cell)]
    if len(with_address) == 1 and columns[with_address[0]].means is Means.ATTRIBUTE:
        columns[with_address[0]] = Column(Means.EMAIL)
    return columns


def _check(columns: Sequence[Column], headings: Sequence[str]) -> None:
    found = sum(column.means is Means.EMAIL for column in columns)
    if found != 1:
        which = "no column" if found == 0 else "more than one column"
        raise MappingError(
            f"There is {which} of e-mail addresses among {', '.join(headings)}. Name it: --map COLUMN=email"
        )
