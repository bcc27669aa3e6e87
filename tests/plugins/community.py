"""Jobs inside and outside the scopes of the two invented plugins."""

from datetime import datetime, timedelta
from typing import Any

from tests.instance.factory import Panda

TASK = 7000


class Community:
    """Jobs of the two communities and of others; task, user and name are the same."""

    def __init__(self, panda: Panda, now: datetime):
        self.panda = panda
        self.now = now
        windless = {"jobstatus": "failed", "transexitcode": "77"}
        self.inner = [
            self.job(vo="zephyr", computingsite=f"ZEPHYR_INNER_{number}", minramcount=2000, **windless)
            for number in (1, 2)
        ]
        self.outer = [
            self.job(vo="Zephyr", computingsite="ZEPHYR_OUTER_1", workinggroup="spring", minramcount=4000)
        ]
        self.live = [self.job("jobsactive4", vo="zephyr", computingsite="ZEPHYR_CORE")]
        self.hush = [self.job(vo="hush", computingsite="ZEPHYR_INNER_1")]
        self.others = [
            self.job(vo="other", computingsite="ZEPHYR_INNER_1", **windless),
            self.job(vo="zephyr", computingsite="QUEUE_ONE"),
            self.job("jobsdefined4", vo=""),
        ]
        panda.task(jeditaskid=TASK)
        named = {"taskname": "same.name", "username": "Ada Example"}
        self.windmills = [
            self.task(vo="zephyr", taskname="mill.spring.1", workinggroup="north"),
            self.task(vo="Zephyr", taskname="mill.autumn.2"),
            self.task(vo="zephyr", **named),
        ]
        self.hushed = [self.task(vo="hush", **named)]
        self.foreign = [self.task(vo="other", **named), self.task(vo=None, taskname="mill.spring.3")]

    def job(self, table: str = "jobsarchived4", **columns: Any) -> int:
        hour_ago = self.now - timedelta(hours=1)
        return self.panda.job(table, **({"modificationtime": hour_ago, "jobname": "same.name"} | columns))

    def task(self, **columns: Any) -> int:
        times = {"creationdate": self.now - timedelta(hours=2), "modificationtime": self.now}
        return self.panda.task(**(times | columns))

    @property
    def zephyr(self) -> list[int]:
        """The jobs inside demo_vo's scope."""
        return [*self.inner, *self.outer, *self.live]

    @property
    def outside(self) -> list[int]:
        return [*self.hush, *self.others]
