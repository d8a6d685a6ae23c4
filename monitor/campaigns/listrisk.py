"""The gate's look at the list: people who were brought in and of whom nobody knows how they bounce.

A red import (`sender.audience.importing.risk`) is mailed to only when a person says so: above 5 % of bounces
Amazon SES puts an account under review, and every receiver remembers the sender.
"""

from collections.abc import Collection

from sqlalchemy import Connection

from data.campaigns import Campaign
from data.imports import Import, untried_imports
from monitor.campaigns.gate import Reason
from sender.audience.importing.risk import Level, Risk, judge_risk

CODE = "LIST-001"
FIX = (
    "Take it back (homing contact undo {id}), clean the file of what the import named, and bring the rest in "
    "again; or send to a segment of those who clicked first."
)


def list_risks(
    connection: Connection, campaign: Campaign, accepted: Collection[str] = ()
) -> tuple[Reason, ...]:
    """One reason for each import into the campaign's list that is red and was never tried."""
    if campaign.list_id is None:
        return ()
    judged = [(each, judge_risk(each.counts)) for each in untried_imports(connection, campaign.list_id)]
    return tuple(_reason(each, risk, accepted) for each, risk in judged if risk.level is Level.RED)


def _reason(brought: Import, risk: Risk, accepted: Collection[str]) -> Reason:
    expected, reasons = f"{100 * risk.expected_bounces:.1f} %", "; ".join(risk.reasons)
    whose = f"Import {brought.id} ({brought.file}) was never mailed to"
    sentence = f"{whose}; {expected} of it is expected to bounce: {reasons}."
    return Reason(CODE, brought.file, sentence, FIX.format(id=brought.id), CODE in accepted)
