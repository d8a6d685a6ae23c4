"""Words for the machine, and the table of all that `homing doctor` says."""

from collections.abc import Mapping

from checks.doctor.wording import WORDING as RESOLVER
from checks.wording.table import Wording

MACHINE: Mapping[str, Wording] = {
    "DOC-010": Wording(
        title="Clock",
        sentence="The clock of this machine cannot be trusted: {fault}.",
        fix="Switch on a time service (chrony or systemd-timesyncd). A container has the clock of its host.",
        passed="The clock is kept in time; it reads {now}.",
        unknown="Could not find out whether anything keeps the clock in time: {why}.",
    ),
    "DOC-011": Wording(
        title="Port",
        sentence="{process} cannot listen on {subject}: {why}. `homing up` will take the next free port.",
        fix="Stop what has the port, or set {process}.port in homing.toml.",
        passed="{process} can listen on {subject}.",
    ),
    "DOC-012": Wording(
        title="Disk",
        sentence="{subject} {fault}.",
        fix="Make room there, or keep the home elsewhere with HOMING_HOME.",
        passed="{subject} can be written, and {free} of {total} are free.",
    ),
    "DOC-013": Wording(
        title="Python",
        sentence="Python {version} {fault} ({mended}).",
        fix="Use a newer release of the same Python; the security updates of a distribution are enough.",
        passed="Python {version} has none of the faults that we know to try for.",
    ),
    "DOC-014": Wording(
        title="SQLite",
        sentence="SQLite {version} can, very rarely, corrupt a store that several processes write.",
        fix="Use SQLite 3.51.3 or newer (or 3.50.7, 3.44.6), or PostgreSQL. Until then keep backups.",
        cites="sqlite.org/wal.html, the WAL-reset bug",
        passed="SQLite {version} has none of the faults that we know of.",
    ),
    "DOC-015": Wording(
        title="Way out on port 25",
        sentence="No mail server can be reached on {subject} from here: {why}.",
        fix="Ask the hoster to open it, or send through a relay on another port. Checks of other people's "
        "mail servers stay unknown until then.",
        passed="Mail servers can be reached on {subject}.",
        unknown="Could not find out whether {subject} is open: {why}.",
    ),
    "DOC-016": Wording(
        title="Configuration",
        sentence="The configuration is wrong: {fault}",
        fix="Correct the lines that are named. Until then the defaults were examined.",
        passed="The configuration {subject} is in order.",
        not_applicable="There is no configuration at {subject}; the defaults hold.",
    ),
    "DOC-017": Wording(
        title="Heartbeat",
        sentence="Nobody would notice if this whole machine stopped: no heartbeat goes out.",
        fix="Make a check at a dead man's switch (healthchecks.io, Uptime Kuma, Dead Man's Snitch …) and "
        "give its address as url of [heartbeat], or in HOMING__HEARTBEAT__URL_FILE.",
        passed="A heartbeat goes out every {every}.",
    ),
}

WORDING: Mapping[str, Wording] = {**RESOLVER, **MACHINE}
