"""A whole instance in a private folder: a simulated PanDA of a fixed seed, served at a clock that stands."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bigpandamon_core.config import load
from bigpandamon_core.management.serve import command
from tests.services.folders import make_folder
from tests.services.process import HOST, Process, free_port, listening

ROOT = Path(__file__).resolve().parent.parent.parent
APPLICATION = "tests.browser.still:application()"
SEED = 1
CONFIGURATION = """[instance]
title = "Example Grid"

[paths]
state = "{folder}"

[database]
url = "sqlite:///{folder}/monitor.sqlite3"

[panda]
url = "sqlite:///{folder}/{panda}"

[web]
allowed_hosts = ["127.0.0.1"]

[job_logs]
folders = ["{folder}/logs/{{pandaid}}.log"]
"""
INCOMPLETE_NUMBER = 4242424242
INCOMPLETE = f"""pandaid,computingsite,wall_time,cpuconsumptiontime,maxpss,inputfilebytes
{INCOMPLETE_NUMBER},ASTER_grid,587,298,2202532,8114592
"""
"""A saved record of a kind that exists: without state and times."""


@dataclass(frozen=True)
class World:
    """How much is simulated. plugin: the one that is on. profile: of the simulation, None: the usual one."""

    jobs_per_day: int
    hours: int
    plugin: str = ""
    profile: Path | None = None


class Instance:
    """Made and served while its context is open, gone after it.

    Raises:
        subprocess.CalledProcessError: a command failed.
        ServiceFailed: the server does not come up.
    """

    def __init__(self, world: World | None):
        """world: None for an instance whose PanDA database cannot be reached."""
        self.world = world
        self.folder = make_folder("browser")
        self.configuration = self.folder / "bigpandamon.toml"
        panda = "panda.sqlite3" if world else "absent/panda.sqlite3"
        self.configuration.write_text(CONFIGURATION.format(folder=self.folder, panda=panda), encoding="utf-8")
        if world and world.plugin:
            switches = self.folder / "plugins.d"
            switches.mkdir()
            (switches / f"{world.plugin}.toml").write_text("enabled = true\n", encoding="utf-8")
        self.port = free_port()
        argv = [*command(load(self.configuration), f"{HOST}:{self.port}")[:-1], f"--pythonpath={ROOT}"]
        argv += [f"--env=BIGPANDAMON_CONFIG={self.configuration}", APPLICATION]
        self._server = Process(argv, self.folder / "server.log")

    def __enter__(self) -> Self:
        try:
            self.run("migrate")
            if self.world:
                self._fill(self.world)
            self._server.start(lambda: listening(self.port))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
        shutil.rmtree(self.folder)

    def _fill(self, world: World) -> None:
        self.run("demo", "schema")
        size = ("--jobs-per-day", str(world.jobs_per_day), "--hours", str(world.hours))
        profile = ("--profile", str(world.profile)) if world.profile else ()
        self.run("demo", "simulate", "--history-only", "--seed", str(SEED), *size, *profile)
        saved = self.folder / "saved.csv"
        saved.write_text(INCOMPLETE, encoding="utf-8")
        self.run("import", "jobs", str(saved))
        if not world.plugin:
            self.run("follow", "--once")
            self.run("facets", "--once")

    def run(self, *words: str, given: str = "") -> None:
        """A command. given: its standard input."""
        environment = {**os.environ, "BIGPANDAMON_CONFIG": str(self.configuration)}
        argv = [sys.executable, "-m", "tests.browser.still", *words]
        quiet = subprocess.DEVNULL
        subprocess.run(argv, check=True, cwd=ROOT, env=environment, stdout=quiet, input=given, text=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"
