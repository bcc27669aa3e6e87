"""Bulk JSON as programs fetch it: when the first byte comes, how many records a second, how much memory."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.measures import Measured
from benchmarks.service import Service

TIMES = 3
JOBS, TASKS = 20_000, 5_000


def measure(service: Service, hours: int) -> Iterator[Measured]:
    """Jobs with all their fields, tasks with their datasets."""
    yield from _stream(service, "jobs", f"/jobs/?hours={hours}&json&limit={JOBS}", "jobs")
    yield from _stream(service, "tasks", f"/tasks/?days=30&json&limit={TASKS}")


def _stream(service: Service, name: str, path: str, key: str = "") -> Iterator[Measured]:
    """key: under which the records stand, "" where they are all there is. Memory: the most that the worker
    held beyond what it had before."""
    service.get(path.replace("limit=", "limit=1&was="))
    before = _resident_megabytes(service.worker)
    service.reset_peak()
    answers = []
    for _ in range(TIMES):
        service.instance.forget()
        answers.append(service.get(path))
    grown = service.peak_megabytes() - before
    told = json.loads(answers[-1].body)
    records = len(told[key] if key else told)
    yield Measured(f"streams.{name}.records", records, "")
    first = median(answer.first_seconds for answer in answers)
    yield Measured(f"streams.{name}.first-byte", 1000 * first, "ms")
    yield Measured(f"streams.{name}.rate", records / median(answer.seconds for answer in answers), "1/s")
    yield Measured(f"streams.{name}.memory", grown, "MB")


def _resident_megabytes(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0
