"""A private memcached on loopback."""

import shutil
import signal

from tests.services.folders import make_folder
from tests.services.process import HOST, Process, free_port, listening, started
from tests.services.programs import program


class Memcached:
    """megabytes: all it may hold. item_megabytes: the largest value it takes."""

    def __init__(self, megabytes: int = 32, item_megabytes: int = 8):
        server = program("memcached", "memcached")
        self.folder = make_folder("memcached")
        self.port = free_port()
        limits = ["-m", str(megabytes), "-I", f"{item_megabytes}m"]
        argv = [server, "-l", HOST, "-p", str(self.port), "-U", "0", *limits]
        self.process = Process(argv, self.folder / "log", "nobody")

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    def start(self) -> None:
        self.process.start(lambda: listening(self.port))

    def stop(self) -> None:
        self.process.stop(signal.SIGTERM)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)


def running() -> Memcached:
    return started(Memcached)
