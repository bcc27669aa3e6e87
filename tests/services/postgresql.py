"""A private PostgreSQL on loopback."""

import shutil
import signal
import subprocess

import psycopg

from tests.services.folders import make_folder
from tests.services.process import HOST, Process, ServiceFailed, as_user, free_port, started
from tests.services.programs import program

PACKAGE = "postgresql"
SYSTEM_USER = "postgres"
USER = "monitor"
SETTINGS = {
    "listen_addresses": HOST,
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


class PostgreSQL:
    """Installed once, started and stopped at will on the same folder and port. Everybody is trusted."""

    def __init__(self) -> None:
        self.server = program("postgres", PACKAGE)
        self.installer = program("initdb", PACKAGE)
        self.folder = make_folder("postgresql", SYSTEM_USER)
        self.port = free_port()
        settings = SETTINGS | {"port": str(self.port), "unix_socket_directories": str(self.folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        argv = [self.server, "-D", str(self.folder / "data"), *options]
        self.process = Process(argv, self.folder / "log", SYSTEM_USER, self.folder)

    def install(self) -> None:
        data = str(self.folder / "data")
        choices = ["-A", "trust", "-U", USER, "--no-sync", "--locale=C.UTF-8", "-E", "UTF8"]
        command = [self.installer, "-D", data, *choices]
        identity = as_user(SYSTEM_USER)
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=self.folder, **identity
        )
        if done.returncode:
            raise ServiceFailed(f"{self.installer}: {done.stdout[-1000:]}{done.stderr[-1000:]}")

    def start(self) -> None:
        if not (self.folder / "data").exists():
            self.install()
        self.process.start(self._ready)

    def _ready(self) -> bool:
        try:
            self.administrator().close()
        except psycopg.OperationalError:
            return False
        return True

    def administrator(self, database: str = "postgres") -> psycopg.Connection:
        """A connection with all rights."""
        return psycopg.connect(host=HOST, port=self.port, user=USER, dbname=database, autocommit=True)

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Statements with all rights, one after another."""
        with self.administrator(database) as connection:
            for statement in statements:
                connection.execute(statement)

    def url(self, database: str, user: str = USER, port: int | None = None) -> str:
        return f"postgresql://{user}@{HOST}:{port or self.port}/{database}"

    def stop(self) -> None:
        """The fast way: open transactions are rolled back, clients are told."""
        self.process.stop(signal.SIGINT)

    def remove(self) -> None:
        if self.process.alive:
            self.process.kill()
        shutil.rmtree(self.folder)


def running() -> PostgreSQL:
    """A new server whose user monitor may do everything. The caller stops and removes it."""
    return started(PostgreSQL)
