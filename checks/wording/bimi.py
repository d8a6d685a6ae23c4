"""Words for BIMI."""

from collections.abc import Mapping

from checks.wording.table import Wording

WORDING: Mapping[str, Wording] = {
    "BIMI-001": Wording(
        title="BIMI record",
        sentence="The BIMI record of {subject} is void: {faults}.",
        fix='Publish one TXT record at default._bimi.{subject}: "v=BIMI1; l=https://…/logo.svg; a=https://…/vmc.pem".',
        cites="draft-brand-indicators-for-message-identification section 4.2",
        passed="{subject} asserts a logo: {logo}.",
        unknown="Could not find out whether {subject} asserts a logo: {why}.",
        not_applicable="{subject} asserts no logo at default._bimi.{subject}, as most domains do; a message may name another selector.",
    ),
    "BIMI-002": Wording(
        title="DMARC behind BIMI",
        sentence="No provider shows the logo of {subject}: {fault}.",
        fix="Bring the DMARC policy of {subject} to quarantine or reject, for its subdomains too.",
        cites="draft-brand-indicators-for-message-identification section 7.1",
        passed="The DMARC policy of {subject} lets its logo be shown.",
        unknown="Could not find out which DMARC policy stands behind the logo of {subject}: {why}.",
    ),
    "BIMI-003": Wording(
        title="BIMI logo",
        sentence="Mailbox providers may not show the logo {logo}: {faults}.",
        fix="Export the logo as SVG Tiny PS: baseProfile tiny-ps, a title, no scripts, nothing from outside.",
        cites="draft-svg-tiny-ps-abrotman",
        passed="The logo {logo} keeps to SVG Tiny PS.",
        unknown="Could not fetch the logo of {subject}: {why}.",
    ),
    "BIMI-004": Wording(
        title="Mark certificate",
        sentence="Mailbox providers may not accept the mark certificate {certificate}: {faults}.",
        fix="Serve the current certificate of your mark verifying authority, with its chain, as PEM.",
        cites="draft-fetch-validation-vmc-wchuang",
        passed="The mark certificate of {subject} names it and carries the logo that is served.",
        unknown="Could not fetch the mark certificate of {subject}: {why}.",
    ),
}
