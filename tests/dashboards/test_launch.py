"""The command line and the environment of the dashboards' process."""

from pathlib import Path

from dashboards.launch import arguments, environment


def test_the_dashboards_listen_on_loopback_unless_told_otherwise() -> None:
    assert "--server.address=127.0.0.1" in arguments(8501)
    assert "--server.address=192.0.2.1" in arguments(8501, address="192.0.2.1")


def test_only_known_names_are_answered_to() -> None:
    """An empty list would let any name in: a foreign page could rebind its own name to 127.0.0.1."""
    allowed = [part for part in arguments(8501, hosts=["mail.example"]) if "allowedHosts" in part]

    assert "--server.allowedHosts=localhost" in allowed
    assert "--server.allowedHosts=mail.example" in allowed
    assert not any("*" in part for part in allowed)


def test_the_process_learns_its_home_from_the_environment() -> None:
    assert environment(Path("/srv/homing")) == {"HOMING_HOME": "/srv/homing"}
