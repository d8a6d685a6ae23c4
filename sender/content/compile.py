"""A campaign, compiled once; then each person's message is a matter of splicing bytes.

Compiling finds the links and their slots, makes the text part, encodes every header and every stretch of
text that is the same for everybody. `Compiled.message` fills in the rest, encodes it and checks the headers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from html import escape

from sender.content.guard import check_message, header_names
from sender.content.headers import address_header, date_header, list_id_header, raw_header, text_header
from sender.content.links import LinkTable, mark_fields, mark_fields_in_text, rewrite_html, rewrite_text
from sender.content.markup import tags
from sender.content.merge import MergeError, parse, render
from sender.content.mime import (
    HTML,
    PLAIN,
    Attachment,
    Body,
    Entity,
    Fixed,
    Part,
    attachment_part,
    multipart,
    text_part,
)
from sender.content.nodes import Nodes, names
from sender.content.relaxed import hash_of
from sender.content.shield import unharmed
from sender.content.text import text_from_html

OPEN_SLOT = "@open"
CLICK_SLOT = "@click"
LONGEST_SUBJECT = 1_000
UNSUBSCRIBE = "unsubscribe_url"
HIDDEN_STYLE = "display:none;max-height:0;overflow:hidden;mso-hide:all"


class Tracking(StrEnum):
    """Whether opens and clicks are counted, and whether they say who it was."""

    OFF = "off"
    ANONYMOUS = "anonymous"
    INDIVIDUAL = "individual"


@dataclass(frozen=True, slots=True)
class Source:
    """What the author wrote. An empty `text` is made from the HTML; an empty `html` gives a plain message."""

    subject: str
    html: str
    text: str = ""
    preheader: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all messages of a campaign have in common besides their content.

    `tracking_url` is the public base without a trailing slash; `footer` adds an unsubscribe link where the
    template has none.
    """

    from_name: str
    from_address: str
    tracking_url: str
    tracking: Tracking = Tracking.INDIVIDUAL
    reply_to: str = ""
    list_id: str = ""
    """`name.example.com`: the list's stable identifier (RFC 2919), shown with `list_title`."""
    list_title: str = ""
    feedback_id: str = ""
    complaints_to: str = ""
    """Where complaints are to be sent (CFBL-Address, RFC 9477)."""
    auto_submitted: bool = False
    footer: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """What differs from one message to the next. `fields` holds the slots too."""

    to: str
    message_id: str
    fields: Mapping[str, str]
    unsubscribe_url: str = ""
    unsubscribe_mailto: str = ""
    complaint_token: str = ""
    """Says in a complaint whose message it was (CFBL-Feedback-ID); only beside `complaints_to`."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Ready to splice. `urls` are the destinations by position, to be stored before the first message."""

    urls: tuple[str, ...]
    untracked: tuple[str, ...]
    fields: frozenset[str]
    subject: Nodes
    in_subject: frozenset[str]
    common_head: bytes
    body: tuple[Body, ...]
    complaints: bool
    """Whether complaints are asked for, and so each message says whose it is."""

    def message(self, person: Person, now: datetime) -> bytes:
        """One person's message with CRLF line ends; raises `HeaderInjection` rather than let one through."""
        return self.hashed_message(person, now)[0]

    def hashed_message(self, person: Person, now: datetime) -> tuple[bytes, bytes]:
        """The message, and DKIM's hash of its relaxed body."""
        pieces = [self._head(person, now), self.common_head, b"\r\n"]
        calm: list[bytes] = []
        for part in self.body:
            encoded, hashed = part.filled(person.fields)
            pieces.append(encoded)
            calm.append(hashed)
        return b"".join(pieces), hash_of(b"".join(calm))

    def _head(self, person: Person, now: datetime) -> bytes:
        """What differs; read again as any receiver could read it. The rest was read when it was compiled."""
        in_a_line = {name: " ".join(person.fields.get(name, "").split()) for name in self.in_subject}
        head = (
            date_header(now)
            + text_header("Subject", _subject(self.subject, in_a_line))
            + address_header("To", "", person.to)
            + raw_header("Message-ID", f"<{person.message_id}>")
        )
        expected = PERSONAL_NAMES
        if person.unsubscribe_url:
            head += _unsubscribe_headers(person)
            expected += UNSUBSCRIBE_NAMES
        if person.complaint_token and self.complaints:
            head += raw_header(FEEDBACK_NAME, person.complaint_token)
            expected += (FEEDBACK_NAME,)
        check_message(head + b"\r\n", expected)
        return head


PERSONAL_NAMES: tuple[str, ...] = ("Date", "Subject", "To", "Message-ID")
UNSUBSCRIBE_NAMES = ("List-Unsubscribe", "List-Unsubscribe-Post")
FEEDBACK_NAME = "CFBL-Feedback-ID"


def _subject(nodes: Nodes, fields: Mapping[str, str]) -> str:
    subject = render(nodes, fields)
    if len(subject) > LONGEST_SUBJECT:
        raise MergeError(f"The subject has {len(subject):,} characters; {LONGEST_SUBJECT:,} is the most.")
    return subject


def _unsubscribe_headers(person: Person) -> bytes:
    """RFC 2369 and RFC 8058: one https address for the POST, and a mailto for the rest."""
    mailto = f", <mailto:{person.unsubscribe_mailto}>" if person.unsubscribe_mailto else ""
    value = f"<{person.unsubscribe_url}>{mailto}"
    return raw_header("List-Unsubscribe", value) + b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


def compile_campaign(source: Source, letterhead: Letterhead) -> Compiled:
    """Raises `MergeError`, `HeaderInjection` or ValueError with a sentence for the author."""
    html, text = _with_footer(source, letterhead.footer)
    table = LinkTable()
    if letterhead.tracking is not Tracking.OFF:
        click = f"{letterhead.tracking_url}/c/{{{{{CLICK_SLOT}}}}}/"
        html = rewrite_html(html, table, lambda position: f"{click}{position}")
        text = rewrite_text(text, table, lambda position: f"{click}{position}")
        html = html and _before_end_of_body(html, _pixel(letterhead.tracking_url))
    html, text = mark_fields(html), mark_fields_in_text(text)
    if len(source.subject) > LONGEST_SUBJECT:
        raise MergeError(f"The subject is longer than {LONGEST_SUBJECT:,} characters.")
    subject = parse(source.subject)
    parts = [(nodes, kind) for part, kind in ((text, PLAIN), (html, HTML)) if (nodes := _nodes(part))]
    entity = _entity([text_part(nodes, kind) for nodes, kind in parts], source.attachments)
    head = _common_head(letterhead) + b"MIME-Version: 1.0\r\n" + entity[0]
    header_names(head + b"\r\n")
    return Compiled(
        urls=tuple(table.urls),
        untracked=tuple(table.untracked),
        fields=frozenset().union(names(subject), *(names(nodes) for nodes, _ in parts)),
        subject=subject,
        in_subject=names(subject),
        common_head=head,
        body=tuple(Fixed.of(part) if isinstance(part, bytes) else part for part in _joined(entity[1])),
        complaints=bool(letterhead.complaints_to),
    )


def nodes_of(source: Source) -> tuple[Nodes, ...]:
    """What is filled in for each person: the subject and every part. Raises `MergeError`."""
    text = source.text or text_from_html(source.html)
    return tuple(parse(part) for part in (source.subject, source.preheader, source.html, text))


def _nodes(text: str) -> Nodes:
    """Ends in a line end, so that nothing is cut or glued to the boundary that follows."""
    return parse(text if not text or text.endswith("\n") else text + "\n", slots=True)


def _with_footer(source: Source, footer: bool) -> tuple[str, str]:
    html = _with_preheader(source.html, source.preheader)
    text = source.text or text_from_html(source.html)
    if not footer:
        return html, text
    if html and UNSUBSCRIBE not in html.lower():
        html = _before_end_of_body(html, f'<p><a href="{{{{{UNSUBSCRIBE}}}}}">Unsubscribe</a></p>')
    if UNSUBSCRIBE not in text.lower():
        text = f"{text.rstrip()}\n\nUnsubscribe: {{{{{UNSUBSCRIBE}}}}}\n"
    return html, text


def _with_preheader(html: str, preheader: str) -> str:
    """The line that inboxes show after the subject, hidden in the message itself."""
    if not html or not preheader:
        return html
    at = next((tag.end for tag in tags(html) if tag.name == "body" and not tag.closing), 0)
    return f'{html[:at]}<div style="{HIDDEN_STYLE}">{unharmed(preheader, escape)}</div>{html[at:]}'


def _before_end_of_body(html: str, addition: str) -> str:
    at = max((tag.start for tag in tags(html) if tag.name == "body" and tag.closing), default=len(html))
    return html[:at] + addition + html[at:]


def _pixel(base: str) -> str:
    return (
        f'<img src="{escape(base)}/o/{{{{{OPEN_SLOT}}}}}" width="1" height="1" alt="" style="display:block">'
    )


def _common_head(letterhead: Letterhead) -> bytes:
    head = address_header("From", letterhead.from_name, letterhead.from_address)
    if letterhead.reply_to:
        head += address_header("Reply-To", "", letterhead.reply_to)
    if letterhead.list_id:
        head += list_id_header(letterhead.list_title, letterhead.list_id)
    if letterhead.feedback_id:
        head += raw_header("Feedback-ID", letterhead.feedback_id)
    if letterhead.complaints_to:
        head += raw_header("CFBL-Address", f"{letterhead.complaints_to}; report=arf")
    if letterhead.auto_submitted:
        head += raw_header("Auto-Submitted", "auto-generated")
    return head


def _entity(texts: list[tuple[bytes, Part]], attachments: tuple[Attachment, ...]) -> Entity:
    """alternative(text, related(html, inline images)), inside mixed(…, attachments) where there are any."""
    if not texts:
        raise ValueError("The template has neither HTML nor text.")
    inline = [attachment_part(each) for each in attachments if each.cid]
    files = [attachment_part(each) for each in attachments if not each.cid]
    entities: list[Entity] = [(head, [part]) for head, part in texts]
    if inline:
        entities[-1] = multipart("related", _boundary(b"related"), [entities[-1], *inline])
    entity = entities[0] if len(entities) == 1 else multipart("alternative", _boundary(b"alt"), entities)
    return multipart("mixed", _boundary(b"mixed"), [entity, *files]) if files else entity


def _boundary(level: bytes) -> str:
    """`=_` stands in no quoted-printable or base64 text, so no content can ever hold it (RFC 2045, 6.7)."""
    return f"=_homing_{blake2b(level, digest_size=8).hexdigest()}"


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Neighbouring bytes as one piece."""
    joined: list[Part] = []
    for part in parts:
        if joined and isinstance(part, bytes) and isinstance(joined[-1], bytes):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
