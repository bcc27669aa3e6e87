"""An instance of several hosts, each in a network of its own: a database, and two that answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.services import mariadb
from tests.services.folders import folder
from tests.services.namespaces import Namespace, connected_hosts
from tests.stack.host import Host
from tests.stack.layout import Layout
from tests.stack.stack import OWN, PANDA, add_database, fill

ADDRESSES = ("10.77.0.1", "10.77.0.2", "10.77.0.3")
MEMCACHED, WEB, FRONT = 11211, 8008, 80
KEY = "the same on every host of this instance, longer than thirty-two characters\n"
MORE = "[follow]\ninterval_seconds = 2\n"
HOURS = 1.0


class Several:
    """database: the host of MariaDB and of PanDA, which writes into it. hosts: those that answer; each has a
    memcached, which both use."""

    def __init__(self, networks: Sequence[Namespace], folder: Path):
        self.server = mariadb.MariaDB(address=ADDRESSES[0], network=networks[0])
        self.database, *self.hosts = (
            self._host(folder / address, network)
            for address, network in zip(ADDRESSES, networks, strict=True)
        )
        self.database.layout.write_none_of_ours()
        for host, address in zip(self.hosts, ADDRESSES[1:], strict=True):
            host.add_memcached(MEMCACHED, address)
            host.add_nginx()

    def _host(self, folder: Path, network: Namespace) -> Host:
        layout = Layout(folder, FRONT, WEB)
        kept = [f"{address}:{MEMCACHED}" for address in ADDRESSES[1:]]
        layout.write(self.server.url(OWN), self.server.url(PANDA), kept, MORE)
        key = folder / "state" / "secret_key"
        key.write_text(KEY)
        key.chmod(0o600)
        return Host(layout, network)

    def start(self) -> None:
        add_database(self.database, self.server)
        fill(self.database, self.server, HOURS)
        self.database.process.start(lambda: self.database.states().get("mariadb") == "RUNNING")
        for host in self.hosts:
            host.start()

    def remove(self) -> None:
        for host in (*self.hosts, self.database):
            host.process.stop()
        self.server.remove()


@contextmanager
def running() -> Iterator[Several]:
    with folder("several") as place, connected_hosts(ADDRESSES) as networks:
        several = Several(networks, place)
        try:
            several.start()
            yield several
        finally:
            several.remove()
