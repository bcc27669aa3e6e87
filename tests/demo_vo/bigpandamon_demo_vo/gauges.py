"""Wind gauges: a table of the PanDA database that core does not read."""

from typing import Any

from django.db import models

from bigpandamon_core.plugin import (
    Access,
    Call,
    GroupedJobs,
    PaddedText,
    PandaDecimal,
    PandaJson,
    PandaTable,
    PandaTime,
    PandaTimestamp,
    Resource,
    Selection,
    declare,
    dicts,
    queue_definitions,
)

COLUMNS = ("gauge", "ring", "speed", "seen", "sent", "details")


class Gauges(PandaTable):
    """What a gauge told last. speed: m/s."""

    gauge = models.IntegerField(primary_key=True)
    ring = PaddedText(max_length=8, null=True)
    speed = PandaDecimal(max_digits=5, decimal_places=2, null=True)
    seen = PandaTime(null=True)
    sent = PandaTimestamp(null=True)
    details = PandaJson(null=True)

    class Meta(PandaTable.Meta):
        db_table = "panda.gauges"


class Alarms(PandaTable):
    """When the service of the masts was alarmed: a table of its own schema."""

    alarm = models.IntegerField(primary_key=True)
    gauge = models.IntegerField(null=True)
    raised = PandaTime(null=True)

    class Meta(PandaTable.Meta):
        db_table = "masts.alarms"


FAMILIES = {"gauges": (Gauges,), "alarms": (Alarms,)}


def told() -> list[dict[str, Any]]:
    """The strongest wind first."""
    return dicts(STRONGEST, Gauges.objects.order_by("-speed", "gauge")[: STRONGEST.cap], COLUMNS)


STRONGEST = declare("demo_vo.gauges", "The gauges with the strongest wind.", cap=100, example=told)
WIND = Resource(
    name="demo_vo-wind",
    path="demo_vo/wind/",
    help="What wind gauges told last.",
    access=Access.READ,
    build=lambda _call: told(),
    formats={"json": lambda rows: {"gauges": rows}},
    answer={"type": "object"},
    needs=("gauges",),
)


def raised() -> list[dict[str, Any]]:
    """The newest first."""
    return dicts(RAISED, Alarms.objects.order_by("-alarm")[: RAISED.cap], ("alarm", "gauge", "raised"))


RAISED = declare("demo_vo.alarms", "The newest alarms of masts.", cap=100, example=raised)
ALARMS = Resource(
    name="demo_vo-alarms",
    path="demo_vo/alarms/",
    help="When masts were alarmed.",
    access=Access.READ,
    build=lambda _call: raised(),
    formats={"json": lambda rows: {"alarms": rows}},
    answer={"type": "object"},
    needs=("alarms",),
)


class Load:
    """Jobs by queue and size, with the mast that each queue's definition names."""

    def __init__(self, call: Call):
        self.jobs = GroupedJobs(call)

    @property
    def shown(self) -> Selection:
        return self.jobs.shown

    @property
    def rows(self) -> list[dict[str, Any]]:
        masts = {name: told.get("mast") for name, told in queue_definitions().items()}
        counted = self.jobs.counted_by("computingsite", "demo_vo_size")
        return [
            {"queue": queue, "size": size, "mast": masts.get(queue), "jobs": jobs}
            for (queue, size), jobs in counted.items()
        ]


LOAD = Resource(
    name="demo_vo-load",
    path="demo_vo/load/",
    help="Jobs by queue and size, and the mast of each queue.",
    access=Access.READ,
    build=Load,
    formats={"json": lambda load: {"load": load.rows}},
    noun="jobs",
    answer={"type": "object"},
    needs=("jobs", "queues"),
)
