"""A program that publishes in children and kills them: at every step of a publication, or at any moment.

Prints what it has seen as JSON. It is a program of its own, because a process that tests run in has threads
and cannot be forked.
"""

import json
import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

from bigpandamon_core.facets.batch import Batch, Place
from bigpandamon_core.facets.store import files
from bigpandamon_core.facets.store.publishing import Publisher
from bigpandamon_core.facets.store.reading import Store
from tests.facets import plain
from tests.facets.store.looking import held
from tests.facets.worlds import SINCE, as_batches, odd_batches

ROUNDS = 8
SOME = 50
"""One in so many writes is a step."""


class Steps:
    """Counts the steps of a publication and ends the process at one of them."""

    def __init__(self, last: int):
        self._left = last

    def take(self) -> None:
        self._left -= 1
        if self._left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*arguments: Any, **options: Any) -> Any:
            self.take()
            found = function(*arguments, **options)
            self.take()
            return found

        return stepping

    def half_way(self, function: Callable[..., Any]) -> Callable[..., Any]:
        turns = count()

        def stepping(counted: Any, data: Any) -> Any:
            view = memoryview(data).cast("B")
            if next(turns) % SOME:
                return function(counted, view)
            self.take()
            first = function(counted, view[: len(view) // 2])
            self.take()
            return first + function(counted, view[len(view) // 2 :])

        return stepping


def with_steps(last: int) -> None:
    steps = Steps(last)
    files._Counted.write = steps.half_way(files._Counted.write)  # type: ignore[method-assign]
    for owner, name in ((os, "fsync"), (Path, "rename"), (Path, "unlink")):
        setattr(owner, name, steps.around(getattr(owner, name)))


def in_a_child(work: Callable[[], None]) -> int:
    """Do it in another process; its number."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return child


def publish(folder: Path, batches: list[Batch], last: int | None = None) -> None:
    """last: the step at which to die."""
    if last is not None:
        with_steps(last)
    with Publisher(folder) as publisher:
        for batch in batches:
            publisher.publish([batch], SINCE)


def at_every_step(folder: Path) -> Counter[str]:
    """Kill a publication at each of its steps; what was there before is there, or what it was to publish."""
    first, second = as_batches(odd_batches(seed=1, batches=2, jobs=40))
    publish(folder / "before", [first])
    publish(folder / "after", [first, second])
    before, after = held(Store(folder / "before").current()), held(Store(folder / "after").current())
    seen: Counter[str] = Counter()
    for last in count():
        work = folder / "work"
        shutil.copytree(folder / "before", work)
        child = in_a_child(partial(publish, work, [second], last))
        killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        found = held(Store(work).current())
        seen["before" if found == before else "after" if found == after else "neither"] += 1
        publish(work, [second])
        assert held(Store(work).current()) == after
        assert {path.suffix for path in work.iterdir()} <= {"", ".part", ".words"}
        shutil.rmtree(work)
        if not killed:
            return seen
    raise AssertionError


def at_any_moment(folder: Path) -> Counter[str]:
    """Kill a publisher again and again; each time the store is that of a batch, and no batch is lost."""
    random, world = Random(9), odd_batches(seed=2, batches=600, jobs=60)
    batches, seen = as_batches(world), Counter[str]()
    publish(folder, batches[:1])
    for _ in range(ROUNDS):
        child = in_a_child(partial(publish, folder, batches))
        sleep(random.uniform(0.02, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        snapshot = Store(folder).current()
        wanted = plain.newest(world[: snapshot.manifest.batch])
        live = {row["pandaid"] for row in wanted if row["place"] != Place.ARCHIVED}
        seen["right" if set(held(snapshot)) == {row["pandaid"] for row in wanted} else "wrong"] += 1
        seen["right live"] += {job for job, (part, _) in held(snapshot).items() if part == "live"} == live
        seen["batches"] = snapshot.manifest.batch
    return seen


if __name__ == "__main__":
    kind = {"step": at_every_step, "moment": at_any_moment}[sys.argv[1]]
    print(json.dumps(kind(Path(sys.argv[2]))))
