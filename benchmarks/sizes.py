"""Memory and disk: what a web process takes that has counted all jobs, what facets take on the disk."""

import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.instance import Instance
from benchmarks.measures import Measured
from benchmarks.service import Service
from benchmarks.truth import TABLES

MIB = 1 << 20
OWN = "own.sqlite3"


def measure(instance: Instance, service: Service) -> Iterator[Measured]:
    whole = f"/jobs/?hours={int(instance.size.hours)}"
    for path in (
        whole,
        f"{whole}&jobstatus=failed",
        f"/api/v1/jobs/summary?hours={int(instance.size.hours)}",
    ):
        instance.forget()
        service.get(path)
    yield Measured("memory.worker.private", private_kib(service.worker) / 1024, "MiB")
    facets = sum(path.stat().st_size for path in instance.facets.iterdir() if path.is_file())
    tables = sum((instance.tables / f"{table}.ibd").stat().st_size for table in TABLES)
    against = "the job tables' files"
    yield Measured("size.facets", facets / MIB, "MiB", tables / MIB, against, ratio=facets / tables)
    yield Measured("size.own-database", (instance.folder / OWN).stat().st_size / MIB, "MiB")


def private_kib(pid: int) -> int:
    """Memory that is a process's own. Pages of files that it has mapped are not: there is one for all."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    (size,) = re.findall(r"^Private_Dirty:\s+(\d+) kB", text, re.M)
    return int(size)
