"""The tripwire that keeps every test on this machine."""

import socket

import pytest

from tests.conftest import LeftTheMachine


def test_a_test_that_reaches_out_fails() -> None:
    with socket.socket() as s, pytest.raises(LeftTheMachine):
        s.connect(("192.0.2.1", 25))


def test_a_unit_test_may_not_even_use_loopback() -> None:
    with socket.socket() as s, pytest.raises(LeftTheMachine):
        s.connect(("127.0.0.1", 9))


@pytest.mark.sockets
def test_a_test_that_says_so_may_use_loopback() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
