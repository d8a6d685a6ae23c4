"""The end of setting a domain up: a test message by the real way out, and what a receiver makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from checks.audit import audit
from checks.authentication import Authentication, Envelope, authenticate
from checks.catalog import MESSAGE_CHECKS
from checks.mail import read_mail
from checks.model import Finding, Scope
from checks.ports import World
from checks.score import score
from data import placement, recipients
from data.campaigns import Campaign
from data.placement import Landed, Sent
from data.pools import kinds_behind
from data.recipients import Recipient
from data.sending_domains import SendingDomain
from data.servers import Server
from data.states import State
from data.templates import save_template
from monitor.app import App
from monitor.campaigns.gate import target_of
from monitor.placement.mailbox import Wanted
from monitor.placement.run import MAILBOXES
from monitor.placement.verdict import landed
from sender.campaigns.renderer import CampaignRenderer
from sender.campaigns.trial import Letter, send_letter
from sender.delivery.envelope import Rendered
from sender.delivery.keyring import load_signer

TEMPLATE = "homing-test"
SUBJECT = "Homing: a test of {{email}}"
HTML = """<p>This is the test message of a sending domain, sent by Homing.</p>
<p>If it lies in your inbox, the way out works.</p>"""


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of the test message. `score` is None while something that would weigh is open."""

    address: str
    state: str
    reply: str
    authentication: Authentication | None
    findings: tuple[Finding, ...]
    score: float | None
    landed: Landed | None = None
    """Where it lies, if the mailbox can be read (a seed's)."""


def send_proof(app: App, domain: SendingDomain, server: Server, to: str) -> Campaign:
    """Queue the test message. Raises `Unfit`."""
    with app.store.write() as connection:
        save_template(connection, TEMPLATE, app.now(), subject=SUBJECT, html=HTML)
    letter = Letter(TEMPLATE, f"test@{domain.domain}", "Homing", server.name)
    return send_letter(app.store, letter, [to], app.now())


def prove(app: App, domain: SendingDomain, server: Server, campaign: Campaign, world: World) -> Proof:
    """What can be said of it now."""
    with app.store.read() as connection:
        row = recipients.some(connection, campaign.id, list(State))[0]
        kinds = kinds_behind(connection, server.id)
    found = _as_received(app, domain, row, world)
    checked = tuple(each for check in MESSAGE_CHECKS for each in check.run(found)) if found else ()
    target = target_of(domain, kinds)
    findings = (*audit(target, world, Scope.GATE).findings, *checked)
    return Proof(
        row["address"],
        row["state"],
        f"{row['code'] or ''} {row['response']}".strip(),
        found,
        findings,
        score(findings, target.profile),
        _read_back(app, row, campaign),
    )


def _as_received(
    app: App, domain: SendingDomain, row: Mapping[str, Any], world: World
) -> Authentication | None:
    """The message as it left, authenticated against DNS as a receiver would; None if it cannot be made."""
    fields = {name: row[name] for name in ("id", "campaign_id", "contact_id", "step", "address", "provider")}
    again = Recipient(
        **fields, email=row["address"], attempts=1, fence=row["fence"], message_id=row["message_id"]
    )
    made = CampaignRenderer(app.store, app.tokens, app.now).render(again)
    if not isinstance(made, Rendered):
        return None
    with app.store.read() as connection:
        signer = load_signer(connection, app.keys, domain.domain)
    raw = signer.sign(made.message, world.now) if signer else made.message
    ip = domain.ips[0] if domain.ips else ""
    return authenticate(read_mail(raw), Envelope(ip, made.envelope_from, domain.helo), world.dns, world.now)


def _read_back(app: App, row: Mapping[str, Any], campaign: Campaign) -> Landed | None:
    with app.store.read() as connection:
        seed = next((each for each in placement.seeds(connection) if each.address == row["address"]), None)
    if seed is None or seed.adapter not in MAILBOXES or row["state"] != State.SENT:
        return None
    letters = MAILBOXES[seed.adapter](app, seed).find(Wanted(row["message_id"], campaign.at))
    sent = Sent(State.SENT, row["message_id"], row["settled_at"], row["response"])
    believed = (str(seed.location.get("authserv_id") or ""), *app.config.placement.authserv_ids)
    now = app.now()
    return landed(sent, letters, believed, now, now + timedelta(hours=1))
