"""The whole stack on this host: MariaDB, memcached and nginx beside what an instance keeps running, all of it
by supervisord from a folder of its own."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import mariadb
from tests.services.folders import make_folder
from tests.services.process import HOST, free_port, free_ports
from tests.stack.host import Host
from tests.stack.layout import Layout

PANDA, OWN = "panda", "monitor"
PAST = ("demo", "simulate", "--history-only", "--hours")
PRESENT = f"{sys.executable} -m bigpandamon_core.management.main demo simulate"
HOURS = 12.0


class Stack(Host):
    """port: of nginx, 0 for one that is free. hours: of jobs at the start; more come as time goes by."""

    def __init__(self, folder: Path, port: int, hours: float):
        web, self.memcached = free_ports(2)
        super().__init__(Layout(folder, port or free_port(), web))
        self.hours = hours
        self.database = mariadb.MariaDB()

    def prepare(self) -> None:
        """Every file, and databases with their tables and jobs."""
        self.layout.write(self.database.url(OWN), self.database.url(PANDA), [f"{HOST}:{self.memcached}"])
        self.add_memcached(self.memcached)
        self.add_nginx()
        add_database(self, self.database)
        fill(self, self.database, self.hours)

    def remove(self) -> None:
        """Everything ends, and its databases are gone."""
        self.process.stop()
        self.database.remove()


def add_database(host: Host, database: mariadb.MariaDB) -> None:
    """To what runs on a host, and PanDA, which writes into it."""
    server = f"{database.server} --defaults-file={database.folder}/my.cnf"
    host.layout.add_program("mariadb", server, mariadb.SYSTEM_USER, "priority = 1\nstopwaitsecs = 20")
    host.layout.add_program("panda", PRESENT, more="priority = 5\nstartretries = 1000000")


def fill(host: Host, database: mariadb.MariaDB, hours: float) -> None:
    """Tables of both databases, and jobs of so many hours."""
    database.start()
    database.create_user(mariadb.USER, "ALL PRIVILEGES ON *.*")
    database.run(*(f"CREATE DATABASE {name}" for name in (PANDA, OWN)))
    for words in (("migrate",), ("demo", "schema"), (*PAST, str(hours))):
        host.command(*words)
    database.stop()


@contextmanager
def running(port: int = 0, hours: float = HOURS, folder: Path | None = None) -> Iterator[Stack]:
    place = folder or make_folder("stack")
    place.mkdir(parents=True, exist_ok=True)
    stack = Stack(place, port, hours)
    try:
        stack.prepare()
        stack.start()
        yield stack
    finally:
        stack.remove()
        if folder is None:
            shutil.rmtree(place)
