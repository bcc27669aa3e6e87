"""Services for tests, each started once a session when it is first asked for."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.services import mariadb, memcached, postgresql
from tests.services.nginx import Nginx
from tests.services.process import started
from tests.services.proxy import FaultProxy

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[mariadb.MariaDB]:
    """A MariaDB of this session's own; whoever stops it starts it again."""
    server = mariadb.running()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.PostgreSQL]:
    """A PostgreSQL of this session's own; whoever stops it starts it again."""
    server = postgresql.running()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def memcached_server() -> Iterator[memcached.Memcached]:
    """A memcached of this session's own, items up to 8 MB; whoever stops it starts it again."""
    server = memcached.running()
    yield server
    server.remove()


@pytest.fixture
def nginx_server() -> Iterator[Callable[..., Nginx]]:
    """`nginx_server("location / {…}")` starts one; gone after the test."""
    servers: list[Nginx] = []

    def start(server: str, http: str = "") -> Nginx:
        servers.append(started(lambda: Nginx(server, http)))
        return servers[-1]

    yield start
    for each in servers:
        each.remove()


@pytest.fixture
def fault_proxy() -> Iterator[Callable[[int], FaultProxy]]:
    """`fault_proxy(port)` stands in front of a port: cut(), stall(), refuse(); gone after the test."""
    proxies: list[FaultProxy] = []

    def stand_before(port: int) -> FaultProxy:
        proxies.append(FaultProxy(port))
        return proxies[-1]

    yield stand_before
    for each in proxies:
        each.__exit__(None, None, None)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium, started once: there can be no second one in a process."""
    # Imported here: unit tests do without.
    from playwright.sync_api import sync_playwright

    from tests.browser import chromium

    with sync_playwright() as playwright:
        launched = chromium.launched(playwright)
        yield launched
        launched.close()
