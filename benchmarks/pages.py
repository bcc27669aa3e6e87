"""Whole answers over loopback: each kind of request, cold and warm, and the first after news."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from statistics import median
from types import MappingProxyType

from benchmarks.instance import UPSTREAM_SIZE, Instance
from benchmarks.measures import PAIRS, Measured
from benchmarks.service import Answer, Service

WARM_TIMES = 15
AFTER_NEWS = PAIRS
CHANGED = 2_300
"""Jobs that change between one publication and the next."""
UPSTREAM = "upstream monitor 1.1.7"
"""With PostgreSQL 15 and Redis on like data (600,000 archived and 120,000 live jobs, 2 cores), elsewhere and
at another time: orientation only. Two blocking samplings of a second per request are taken out. Its page
looks at 26 % of the jobs of 12 hours, the summaries of its JSON at the rows listed."""
FIGURES: Mapping[str, float] = MappingProxyType(
    {
        "page.cold.time": 5580,
        "page.cold.cpu": 4698,
        "page.cold.statements": 18,
        "page.cold.memory": 488,
        "page.cold.bytes": 1600,
        "page.warm.time": 884,
        "json-100.cold.time": 199,
        "json-100.cold.cpu": 97,
        "json-100.cold.statements": 12,
        "json-100.cold.memory": 184,
        "json-100.cold.bytes": 1200,
        "json-100.warm.time": 230,
        "json-5000.cold.time": 4961,
        "json-5000.cold.cpu": 2870,
        "json-5000.cold.statements": 12,
        "json-5000.cold.memory": 421,
        "json-5000.cold.bytes": 58000,
        "json-5000.warm.time": 3216,
        "job.cold.time": 381,
        "job.cold.cpu": 117,
        "job.cold.statements": 23,
        "job.cold.memory": 177,
        "job.cold.bytes": 80,
        "job.warm.time": 170,
    }
)
"""Milliseconds, megabytes of the process, kilobytes uncompressed."""


@dataclass(frozen=True)
class Kind:
    """A kind of request. paths: asked in turn. times: cold ones."""

    name: str
    paths: Sequence[str]
    times: int = PAIRS


def measure(instance: Instance, service: Service, hours: int) -> Iterator[Measured]:
    """Beside the upstream monitor's figures where the size is theirs."""
    found = [each for kind in _kinds(_some_jobs(instance), hours) for each in _of_kind(service, kind)]
    yield from map(_beside_upstream, found) if instance.size == UPSTREAM_SIZE else found
    yield _after_news(instance, service, f"/jobs/?hours={hours}")


def _beside_upstream(one: Measured) -> Measured:
    reference = FIGURES.get(one.name)
    return Measured(one.name, one.value, one.unit, reference, UPSTREAM if reference else "")


def _kinds(jobs: Sequence[int], hours: int) -> tuple[Kind, ...]:
    """Those that need least memory first: what a process has used once it keeps. jobs: numbers of some."""
    return (
        Kind("job", [f"/job/{number}/" for number in jobs], times=15),
        Kind("page", [f"/jobs/?hours={hours}"]),
        Kind("json-100", [f"/jobs/?hours={hours}&json&limit=100"]),
        Kind("json-5000", [f"/jobs/?hours={hours}&json&limit=5000"]),
    )


def _some_jobs(instance: Instance) -> list[int]:
    """Numbers of failed, running and finished jobs, in turn."""
    statement = "SELECT pandaid FROM {} WHERE jobstatus = '{}' ORDER BY modificationtime DESC LIMIT 5"
    wanted = (("jobsarchived4", "failed"), ("jobsactive4", "running"), ("jobsarchived4", "finished"))
    found = [[row[0] for row in instance.rows(statement.format(*each))] for each in wanted]
    return [number for turn in zip(*found, strict=False) for number in turn]


def _of_kind(service: Service, kind: Kind) -> Iterator[Measured]:
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


def _after_news(instance: Instance, service: Service, path: str) -> Measured:
    """The first page after some jobs changed, were followed and published."""
    answers = []
    for _ in range(AFTER_NEWS):
        instance.execute(
            "UPDATE jobsactive4 SET modificationtime = UTC_TIMESTAMP(), statechangetime = UTC_TIMESTAMP() "
            f"ORDER BY modificationtime LIMIT {CHANGED}"
        )
        instance.command("follow", "--once")
        instance.command("facets", "--once")
        instance.forget()
        answers.append(service.get(path))
    return Measured("page.after-a-batch.time", _milliseconds(answers), "ms")


def _milliseconds(answers: Sequence[Answer]) -> float:
    return 1000 * median(answer.seconds for answer in answers)
