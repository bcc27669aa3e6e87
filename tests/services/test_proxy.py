import socket
import threading
from contextlib import suppress

import pytest

from tests.services.process import HOST


@pytest.fixture
def echo():
    """Port of a server that says what it hears."""
    listener = socket.create_server((HOST, 0))

    def serve():
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=answer, args=(client,), daemon=True).start()

    def answer(client):
        with suppress(OSError), client:
            while block := client.recv(100):
                client.sendall(block)

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


@pytest.fixture
def proxy(fault_proxy, echo):
    return fault_proxy(echo)


def call(port):
    client = socket.create_connection((HOST, port), timeout=5)
    client.sendall(b"hello")
    assert client.recv(100) == b"hello"
    return client


def test_it_passes_bytes(proxy):
    call(proxy.port).close()


def test_a_cut_connection_is_reset_and_the_next_is_served(proxy):
    client = call(proxy.port)
    proxy.cut()
    with pytest.raises(ConnectionResetError):
        client.recv(100)
    call(proxy.port).close()


def test_a_stalled_connection_is_silent_until_it_flows_again(proxy):
    client = call(proxy.port)
    proxy.stall()
    client.sendall(b"later")
    client.settimeout(0.3)
    with pytest.raises(TimeoutError):
        client.recv(100)
    proxy.resume()
    client.settimeout(5)
    assert client.recv(100) == b"later"


def test_a_dead_server_refuses_until_it_is_back(proxy):
    proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, proxy.port), timeout=5)
    proxy.accept()
    call(proxy.port).close()
