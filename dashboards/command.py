"""`homing dashboard`: become the Streamlit process that serves the pages."""

import os
from importlib.util import find_spec

from dashboards.launch import arguments, environment
from monitor.cli.plain import plain
from monitor.config import load_config
from monitor.home import locate, prepare
from monitor.ports import place_of
from monitor.problem import Problem
from monitor.processes.child import die_with_supervisor


def serve() -> int:
    """Serve the pages on the port of [dashboard] until SIGTERM or Ctrl-C."""
    if find_spec("streamlit") is None:
        raise Problem('the dashboard needs Streamlit. Install it with: pip install "homing[ui]"')
    die_with_supervisor()
    home = prepare(locate())
    place = place_of("dashboard", home, load_config(home.config_path))
    command = arguments(place.port, address=place.host)
    os.execve(command[0], command, {**os.environ, **environment(home.path)})  # noqa: S606 - becomes Streamlit


run = plain("dashboard", serve)
