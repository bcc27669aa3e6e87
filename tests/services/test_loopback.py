import socket
import urllib.request

import pytest

from tests.services.loopback import OffLoopback, is_here


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "0.0.0.0", ""])
def test_this_machine_is_here(host):
    assert is_here(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org", "127.0.0.1.example.org"])
def test_others_are_not(host):
    assert not is_here(host)


def test_connecting_elsewhere_is_refused():
    with socket.socket() as end, pytest.raises(OffLoopback):
        end.connect(("192.0.2.1", 80))


def test_asking_for_names_is_refused():
    with pytest.raises(OffLoopback):
        socket.getaddrinfo("example.org", 80)


def test_libraries_are_refused_too():
    with pytest.raises(OffLoopback):
        urllib.request.urlopen("http://example.org/", timeout=1)
