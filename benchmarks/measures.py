"""What is measured: each kind of request, cold and warm."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from statistics import median

from benchmarks.service import Answer, Service

WARM_TIMES = 15


@dataclass(frozen=True)
class Kind:
    """A kind of request. paths: asked in turn. times: cold ones."""

    name: str
    paths: Sequence[str]
    times: int = 5


@dataclass(frozen=True)
class Measured:
    """name: `kind.cold|warm.what`."""

    name: str
    value: float
    unit: str


def kinds(jobs: Sequence[int], hours: int) -> tuple[Kind, ...]:
    """jobs: numbers of some."""
    return (
        Kind("page", [f"/jobs/?hours={hours}"]),
        Kind("json-100", [f"/jobs/?hours={hours}&json&limit=100"]),
        Kind("json-5000", [f"/jobs/?hours={hours}&json&limit=5000"], times=3),
        Kind("job", [f"/job/{number}/" for number in jobs], times=15),
    )


def measure(service: Service, kind: Kind) -> Iterator[Measured]:
    """Cold: the cache is emptied before each. Warm: the same address again. Medians of several."""
    service.get(kind.paths[0])  # templates are compiled, connections open
    yield from _cold(service, kind)
    yield from _warm(service, kind)


def _cold(service: Service, kind: Kind) -> Iterator[Measured]:
    service.reset_peak()
    answers, spent, before = [], [], service.statements()
    database = service.database_cpu_seconds()
    for path, _ in zip(cycle(kind.paths), range(kind.times), strict=False):
        service.instance.forget()
        began = service.cpu_seconds()
        answers.append(service.get(path))
        spent.append(service.cpu_seconds() - began)
    database = service.database_cpu_seconds() - database
    statements = (service.statements() - before).total() / kind.times
    name = f"{kind.name}.cold"
    yield Measured(f"{name}.time", _milliseconds(answers), "ms")
    yield Measured(f"{name}.first-byte", 1000 * median(answer.first_seconds for answer in answers), "ms")
    yield Measured(f"{name}.cpu", 1000 * median(spent), "ms")
    yield Measured(f"{name}.database-cpu", 1000 * database / kind.times, "ms")
    yield Measured(f"{name}.statements", statements, "")
    yield Measured(f"{name}.memory", service.peak_megabytes(), "MB")
    yield Measured(f"{name}.bytes", median(len(answer.body) for answer in answers) / 1000, "kB")
    compressed = service.get(kind.paths[0], compressed=True)
    if compressed.headers.get("content-encoding") == "gzip":
        yield Measured(f"{name}.bytes-gzip", len(compressed.body) / 1000, "kB")


def _warm(service: Service, kind: Kind) -> Iterator[Measured]:
    path, times = kind.paths[0], WARM_TIMES
    service.get(path)
    again = service.get(path)
    if again.headers.get("x-cache") != "hit":
        times = 1  # too large to be kept: as slow as before
    began = service.cpu_seconds()
    answers = [service.get(path) for _ in range(times)]
    yield Measured(f"{kind.name}.warm.time", _milliseconds(answers), "ms")
    yield Measured(f"{kind.name}.warm.cpu", 1000 * (service.cpu_seconds() - began) / times, "ms")


def _milliseconds(answers: Sequence[Answer]) -> float:
    return 1000 * median(answer.seconds for answer in answers)
