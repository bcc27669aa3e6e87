"""The follower and hosts with facets as processes, and whether what hosts tell was so when they say."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from bigpandamon_core.domain.window import now
from bigpandamon_core.facets.columns import WrongVersion
from bigpandamon_core.facets.store.files import Damaged
from bigpandamon_core.facets.store.reading import Store, Unpublished
from bigpandamon_core.facets.store.snapshot import Snapshot
from tests.architecture.repository import ROOT
from tests.faults.world import Seen, World

PATIENCE_SECONDS = 40.0
OLDEST = timedelta(seconds=180)
"""As facets.oldest_seconds."""
CONFIGURATION = """[paths]
state = "{folder}"
[database]
url = "{own}"
wait_seconds = 2
[panda]
url = "{panda}"
connect_seconds = 2
[follow]
interval_seconds = 1
scan_seconds = 10
lease_seconds = 5
statements_per_minute = 6000
[facets]
folder = "{folder}/facets"
[cache]
kind = "none"
"""
PROGRAM, WITH_FAULT = ["-m", "bigpandamon_core.management.main"], ["-m", "tests.faults.child"]
Child = subprocess.Popen[bytes]
Held = dict[int, tuple[str, str, bool]]


class Host:
    """A host of the instance: its folder, its processes."""

    def __init__(self, folder: Path, own: str, panda: str):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.facets = folder / "facets"
        self.file = folder / "bigpandamon.toml"
        self.file.write_text(CONFIGURATION.format(folder=folder, own=own, panda=panda))
        self.children: list[Child] = []

    def start(self, *words: str, fault: str = "") -> Child:
        """`bigpandamon WORDS…`. fault: where and when it is killed, as `child` takes it. Its words go through
        another process: they arrive also when files of its own may not grow."""
        program = [*WITH_FAULT, *fault.split()] if fault else PROGRAM
        with (self.folder / "log").open("ab") as log:
            writer = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log)
        assert writer.stdin is not None
        with writer.stdin as said:
            child = subprocess.Popen(
                [sys.executable, *program, *words],
                cwd=ROOT,
                env=os.environ | {"BIGPANDAMON_CONFIG": str(self.file)},
                stdout=said,
                stderr=said,
            )
        self.children += (child, writer)
        return child

    def end(self) -> None:
        """All processes, at once."""
        for child in self.children:
            with suppress(ProcessLookupError):
                child.send_signal(signal.SIGKILL)
            child.wait()

    def option(self, key: str) -> Any:
        """As the instance of the tests has it, but for the folder."""
        return self.facets if key == "facets.folder" else settings.BIGPANDAMON.get(key)

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def snapshot(self) -> Snapshot | None:
        """What a web process that starts now would count from."""
        try:
            return Store(self.facets).current()
        except (Unpublished, Damaged, WrongVersion):
            return None


def held(snapshot: Snapshot) -> Held:
    """State, queue and whether it lives, by job; each job is there once."""
    found: Held = {}
    for part in [*snapshot.ended, *([snapshot.live] if snapshot.live else [])]:
        alive = part.alive
        pandaids = part.numbers("pandaid").values[alive].tolist()
        assert not found.keys() & set(pandaids)
        columns = [_texts(snapshot, part, name, alive) for name in ("jobstatus", "computingsite")]
        lives = part is snapshot.live
        found |= {job: (state, queue, lives) for job, state, queue in zip(pandaids, *columns, strict=True)}
    return found


def _texts(snapshot: Snapshot, part: Any, name: str, alive: Any) -> list[str]:
    values = snapshot.values(name)
    numbers = values.by_day[part.day][np.asarray(part.codes(name))[alive]]
    return [str(values.values[number] or "") for number in numbers.tolist()]


def wrong(snapshot: Snapshot, world: World) -> dict[int, Any]:
    """Jobs that the host tells as PanDA has shown them neither at the moment it speaks of nor since."""
    found, manifest = held(snapshot), snapshot.manifest
    versions = world.since(manifest.as_of)
    jobs = found.keys() | {job for there in versions for job in there}
    return dict(_wrong(jobs, found, versions, manifest.complete_since))


def _wrong(jobs: set[int], found: Held, versions: list[Any], since: Any) -> Iterator[tuple[int, Any]]:
    for job in jobs:
        allowed = {_as_held(there.get(job)) for there in versions}
        known = any(not _is_before(there.get(job), since) for there in versions)
        if found.get(job) not in allowed and (known or job in found):
            yield job, (found.get(job), allowed)


def _as_held(seen: Seen | None) -> tuple[str, str, bool] | None:
    return (seen.state, seen.queue, seen.ended is None) if seen else None


def _is_before(seen: Seen | None, since: Any) -> bool:
    """Jobs that ended before the host's knowledge begins need not be there."""
    return seen is None or (seen.ended is not None and seen.ended < since)


class Watch:
    """looks: how many answers were right as of the moment that they told; none: how often there was no answer
    from memory, and pages would have asked the PanDA database."""

    def __init__(self, world: World, *hosts: Host):
        self.world, self.hosts = world, hosts
        self.looks = self.none = 0

    def look(self) -> None:
        for host in self.hosts:
            snapshot = host.snapshot()
            if snapshot is None or abs(now() - snapshot.manifest.as_of) > OLDEST:
                self.none += 1
                continue
            differences = wrong(snapshot, self.world)
            assert differences == {}, (differences, snapshot.manifest, host.log()[-3000:])
            self.looks += 1

    def until(self, done: Any, seconds: float = PATIENCE_SECONDS) -> None:
        """Look on until something is so."""
        deadline = time.monotonic() + seconds
        while not done():
            self.look()
            assert time.monotonic() < deadline, "\n".join(host.log()[-3000:] for host in self.hosts)
            time.sleep(0.2)

    def until_seconds(self, seconds: float) -> None:
        """Look on for so long."""
        ends = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > ends, seconds + PATIENCE_SECONDS)

    def dies(self, child: Child) -> None:
        self.until(lambda: child.poll() is not None)
        assert child.returncode == -signal.SIGKILL

    def mends(self, seconds: float = PATIENCE_SECONDS) -> None:
        """While nothing is written every host comes to know exactly what is there now."""
        with self.world.stands_still() as (_, there):
            moment = now()
            expected = {job: _as_held(seen) for job, seen in there.items()}
            deadline = time.monotonic() + seconds
            begin = min(seen.ended for seen in there.values() if seen.ended)
            for host in self.hosts:
                while not _knows(host, moment, begin):
                    assert time.monotonic() < deadline, host.log()[-3000:]
                    time.sleep(0.2)
                snapshot = host.snapshot()
                assert snapshot is not None
                found = held(snapshot)
                assert found == expected, {
                    job: (found.get(job), expected.get(job))
                    for job in found.keys() | expected.keys()
                    if found.get(job) != expected.get(job)
                }


def _knows(host: Host, moment: datetime, begin: datetime) -> bool:
    """Whether it tells of everything up to the moment, and of all jobs that ended since the beginning."""
    snapshot = host.snapshot()
    if snapshot is None:
        return False
    manifest = snapshot.manifest
    return moment < manifest.as_of <= now() and manifest.complete_since <= begin
