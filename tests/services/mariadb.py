"""A private MariaDB on loopback. Its driver is imported when it is needed: `make check` does without."""

import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.services.folders import make_folder
from tests.services.namespaces import Namespace
from tests.services.process import HOST, Process, ServiceFailed, as_user, free_port, started
from tests.services.programs import program

if TYPE_CHECKING:
    import MySQLdb

PACKAGE = "mariadb-server"
SYSTEM_USER = "mysql"
USER = "monitor"
PASSWORD = "loopback"
CONFIGURATION = """[mariadbd]
datadir={folder}/data
socket={folder}/socket
pid-file={folder}/pid
tmpdir={folder}
port={port}
bind-address={bound}
skip-name-resolve
skip-log-bin
lower-case-table-names={lower_case_table_names}
character-set-server=utf8mb4
collation-server=utf8mb4_bin
default-time-zone=+00:00
innodb-flush-log-at-trx-commit=2
innodb-buffer-pool-size=64M
innodb-log-file-size=8M
performance-schema=OFF
"""


class MariaDB:
    """Installed once, started and stopped at will on the same folder and port.

    lower_case_table_names: 1 as PanDA's writer needs, 0 is the default of Linux. address, network: where it
    listens, if not on this machine's loopback.
    """

    def __init__(
        self, lower_case_table_names: int = 1, address: str = HOST, network: Namespace | None = None
    ):
        self.server = program("mariadbd", PACKAGE)
        self.installer = program("mariadb-install-db", PACKAGE)
        self.lower_case_table_names = lower_case_table_names
        self.address = address
        self.folder = make_folder("mariadb", SYSTEM_USER)
        self.port = free_port()
        argv = [self.server, f"--defaults-file={self._configuration}"]
        if network:
            argv = network.inside(*argv, f"--user={SYSTEM_USER}")
        self.process = Process(argv, self.folder / "log", "" if network else SYSTEM_USER)

    @property
    def _configuration(self) -> Path:
        return self.folder / "my.cnf"

    def install(self) -> None:
        text = CONFIGURATION.format(
            folder=self.folder,
            port=self.port,
            bound=self.address,
            lower_case_table_names=self.lower_case_table_names,
        )
        self._configuration.write_text(text)
        command = [
            self.installer,
            f"--defaults-file={self._configuration}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **as_user(SYSTEM_USER))
        if done.returncode:
            raise ServiceFailed(f"{self.installer}: {done.stdout[-1000:]}{done.stderr[-1000:]}")

    def start(self) -> None:
        if not self._configuration.exists():
            self.install()
        self.process.start(self._ready)

    def _ready(self) -> bool:
        from MySQLdb import OperationalError

        try:
            self.administrator().close()
        except OperationalError:
            return False
        return True

    def administrator(self) -> "MySQLdb.Connection":
        """A connection with all rights, over the socket."""
        import MySQLdb

        return MySQLdb.connect(user="root", unix_socket=str(self.folder / "socket"), autocommit=True)

    def run(self, *statements: str) -> None:
        """Statements with all rights, one after another."""
        connection = self.administrator()
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        finally:
            connection.close()

    def create_user(self, name: str, *grants: str) -> None:
        """A user from loopback. grants: "SELECT ON panda.*" and so on."""
        for host in ("localhost", *((HOST,) if self.address == HOST else ("%",))):
            self.run(f"CREATE USER '{name}'@'{host}' IDENTIFIED BY '{PASSWORD}'")
            self.run(*(f"GRANT {grant} TO '{name}'@'{host}'" for grant in grants))

    def url(self, database: str, user: str = USER, port: int | None = None) -> str:
        return f"mariadb://{user}:{PASSWORD}@{self.address}:{port or self.port}/{database}"

    def stop(self) -> None:
        self.process.stop(signal.SIGTERM)

    def remove(self) -> None:
        if self.process.alive:
            self.process.kill()
        shutil.rmtree(self.folder)


def running(lower_case_table_names: int = 1) -> MariaDB:
    """A new server with the user monitor, who may do everything. The caller stops and removes it."""
    server = started(lambda: MariaDB(lower_case_table_names))
    server.create_user(USER, "ALL PRIVILEGES ON *.*")
    return server
