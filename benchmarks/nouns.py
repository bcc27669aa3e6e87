"""The pages and answers of every noun, cold: the first over loopback, and how many statements it takes."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from benchmarks.instance import Instance
from benchmarks.measures import PAIRS, Measured
from benchmarks.service import Service


def measure(instance: Instance, service: Service, hours: int) -> Iterator[Measured]:
    """Goals are about the slowest of them and the one that asks most."""
    found = []
    for name, path in addresses(instance, hours).items():
        found += list(_cold(service, name, path))
        yield from found[-3:]
    yield Measured("nouns.slowest.time", _most(found, ".time"), "ms")
    yield Measured("nouns.most.statements", _most(found, ".statements"), "")


def _most(found: list[Measured], kind: str) -> float:
    return max(one.value for one in found if one.name.endswith(kind))


def addresses(instance: Instance, hours: int) -> Mapping[str, str]:
    """By name: of the queue, the node, the task and the user with most failed jobs."""
    queue, node, task, user = instance.rows(
        "SELECT computingsite, SUBSTRING_INDEX(modificationhost, '@', -1), jeditaskid, produsername "
        "FROM jobsarchived4 WHERE jobstatus = 'failed' GROUP BY 1, 2, 3, 4 ORDER BY COUNT(*) DESC LIMIT 1"
    )[0]
    dataset = instance.rows(f"SELECT datasetid FROM jedi_datasets WHERE jeditaskid = {task} LIMIT 1")[0][0]
    pages = {
        "start": "/",
        "errors": f"/errors/?hours={hours}",
        "errors-of-queue": f"/errors/?hours={hours}&computingsite.is={quote(queue)}",
        "regions": f"/dash/region/?hours={hours}",
        "world": f"/dash/world/?hours={hours}",
        "tasks": "/tasks/?days=7",
        "task": f"/task/{task}/",
        "users": f"/users/?hours={hours}&view=dynamic",
        "user": f"/user/{quote(user)}/",
        "queues": "/sites/",
        "queue": f"/site/{quote(queue)}/",
        "nodes": f"/wns/{quote(queue)}/?hours={hours}",
        "node": f"/wn/{quote(queue)}/{quote(node)}/?hours={hours}",
        "states": f"/status_summary/?nhours={hours}",
        "workers": f"/harvester/workers/?hours={hours}",
        "datasets": f"/datasets/?jeditaskid={task}",
        "dataset": f"/dataset/?jeditaskid={task}&datasetid={dataset}",
        "files": f"/files/?jeditaskid={task}",
        "statistics": "/statistics/?days=1",
    }
    few = dict.fromkeys(("tasks", "user", "workers"), "&limit=500")
    answers = {
        f"{name}-json": f"{path}{'&' if '?' in path else '?'}json{few.get(name, '')}"
        for name, path in pages.items()
        if name != "start"
    }
    return pages | answers


def _cold(service: Service, name: str, path: str) -> Iterator[Measured]:
    """The cache is emptied before each; templates are compiled and connections open."""
    service.get(path)
    before, seconds, size = service.statements(), [], 0
    for _ in range(PAIRS):
        service.instance.forget()
        answer = service.get(path)
        seconds.append(answer.seconds)
        size = len(answer.body)
    statements = (service.statements() - before).total() / PAIRS
    yield Measured(f"{name}.cold.time", 1000 * sorted(seconds)[PAIRS // 2], "ms")
    yield Measured(f"{name}.cold.statements", statements, "")
    yield Measured(f"{name}.cold.bytes", size / 1000, "kB")
