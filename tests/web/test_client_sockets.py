"""Connections of clients: who takes nothing of an answer is let go, who takes it slowly gets all of it."""

import socket
from collections.abc import Iterator
from threading import Thread
from time import sleep

import pytest

from bigpandamon_core.web.gunicorn_settings import ClientSocket

ANSWER = bytes(range(256)) * 20_000


@pytest.fixture
def ends() -> Iterator[tuple[ClientSocket, socket.socket]]:
    """Our end of a connection, and the client's."""
    ours, theirs = socket.socketpair()
    with ClientSocket(fileno=ours.detach()) as own, theirs:
        own.patience_seconds = 2
        yield own, theirs


def test_who_takes_nothing_is_let_go(ends):
    own, _ = ends
    with pytest.raises(ConnectionResetError, match="not taken"):
        own.sendall(ANSWER)
    assert own.gettimeout() is None


def test_who_takes_slowly_gets_all(ends):
    own, theirs = ends
    taken = bytearray()

    def take() -> None:
        while len(taken) < len(ANSWER):
            taken.extend(theirs.recv(1 << 18))
            sleep(0.15)

    client = Thread(target=take)
    client.start()
    own.sendall(ANSWER)
    client.join()
    assert taken == ANSWER
    assert own.gettimeout() is None
