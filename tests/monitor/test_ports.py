"""A taken port moves to the next free one, and every process learns where to."""

import socket

import pytest

from monitor import ports
from monitor.cli.welcome import welcome
from monitor.config import Config
from monitor.config.schema import Dashboard, Inbound, Web
from monitor.ports import Place, choose, place_of
from monitor.problem import Problem
from tests.monitor.conftest import StillApp

pytestmark = pytest.mark.sockets


def configured(port: int) -> Config:
    return Config(dashboard=Dashboard(port=port), web=Web(port=0), inbound=Inbound(port=0))


def test_a_taken_port_moves_to_the_next_free_one(app: StillApp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        place = choose(configured(port))["dashboard"]

    assert place.moved
    assert place.port > port


def test_two_processes_that_want_the_same_port_do_not_get_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = Config(dashboard=Dashboard(port=port), web=Web(port=port), inbound=Inbound(port=port))

    chosen = [place.port for place in choose(config).values()]

    assert len(set(chosen)) == 3


def test_what_was_chosen_is_what_every_process_reads_until_it_is_forgotten(app: StillApp) -> None:
    config = configured(1024)
    ports.write(app.home, {"dashboard": Place("127.0.0.1", 1030, 1024)})

    assert place_of("dashboard", app.home, config).port == 1030
    assert place_of("web", app.home, Config()).port == Web().port

    ports.forget(app.home)

    assert place_of("dashboard", app.home, config).port == 1024


def test_an_address_that_is_not_ours_is_said_with_the_setting() -> None:
    with pytest.raises(Problem, match=r"web: cannot listen on 192\.0\.2\.1 .* Set web\.host\."):
        choose(Config(web=Web(host="192.0.2.1", port=0)))


@pytest.mark.parametrize("display", [True, False])
def test_the_start_screen_says_where_the_pages_are(app: StillApp, *, display: bool) -> None:
    places = {
        "dashboard": Place("127.0.0.1", 8502, 8501),
        "web": Place("127.0.0.1", 8525, 8525),
        "inbound": Place("127.0.0.1", 2525, 2525),
    }

    text = welcome(app.home, Config(), places, {"SSH_CONNECTION": "a 1 192.0.2.7 22"}, display=display)

    assert "Dashboard         http://127.0.0.1:8502/" in text
    assert "Port 8501 was taken, so the dashboard moved to port 8502." in text
    assert ("ssh -L 8502:localhost:8502" in text) is not display
    assert ("@192.0.2.7" in text) is not display
    assert "Nothing is watched yet" in text
