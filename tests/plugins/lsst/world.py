"""A run with five labels as the batch production service submits it, and others beside it."""

from datetime import datetime, timedelta
from typing import Any

from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from tests.instance.factory import Panda

REQUEST = 4711
RUN = "u_jdoe_DRP_w_2026_20260504T100000Z"
LATER = "u_asmith_check_20260504T113000Z"
NODE = "861192d5-2e1d-45db-b656-5e658b10a{:03d}"
NAN = "Failed to execute payload:cannot convert float NaN to integer"
KEYS = ("nfiles", "nfilestobeused", "nfilesused", "nfilesfinished", "nfilesfailed", "nfilesmissing")
PLAN = {
    "00_pipetaskInit_00": ("done", (1, 1, 1, 1, 0, 0)),
    "01_isr_00": ("done", (1000, 1000, 1000, 1000, 0, 0)),
    "01_isr_01": ("finished", (500, 500, 500, 498, 2, 0)),
    "02_calibrate_00": ("running", (1500, 1400, 1200, 1100, 3, 5)),
    "03_makeWarp_00": ("registered", (80, 0, 0, 0, 0, 0)),
    "04_finalJob_00": ("registered", (1, 0, 0, 0, 0, 0)),
}
"""By what follows the run's name the state of the task and the counters of its input."""


class World:
    """tasks: numbers by name. The clock stands at `now`."""

    def __init__(self, panda: Panda, now: datetime):
        self.panda, self.now = panda, now
        self.tasks = {
            f"{run}_{name}": self.task(f"{run}_{name}", status, counters, hours)
            for run, hours in ((RUN, 2), (LATER, 0.5))
            for name, (status, counters) in PLAN.items()
            if run == RUN or name.startswith("00")
        }
        self.task("user.jdoe.other", "done", (1, 1, 1, 1, 0, 0), 1)
        self.task(f"{RUN}_01_isr_00", "done", (9, 9, 9, 9, 0, 0), 1, vo="other")

    def task(self, name: str, status: str, counters: tuple[int, ...], hours: float, vo: str = "wlcg") -> int:
        """Tasks of the first run are those of a request, as told in REQUEST."""
        number = self.panda.task(
            taskname=name,
            reqid=REQUEST if name.startswith(RUN) else None,
            status=status,
            username="Jane Doe",
            vo=vo,
            site="SLAC",
            cloud="US",
            creationdate=self.now - timedelta(hours=hours),
            modificationtime=self.now - timedelta(minutes=5),
        )
        named = {"jeditaskid": number, "status": "ready", "datasetname": "pseudo_dataset"}
        counted = dict(zip(KEYS, counters, strict=True))
        self.panda.row(JediDatasets, datasetid=number * 10, type="pseudo_input", **named, **counted)
        self.panda.row(JediDatasets, datasetid=number * 10 + 1, type="log", nfiles=77, **named)
        return number

    def number(self, name: str, run: str = RUN) -> int:
        return self.tasks[f"{run}_{name}"]

    def job(self, name: str, run: str = RUN, **columns: Any) -> int:
        told: dict[str, Any] = {
            "vo": "wlcg",
            "modificationtime": self.now - timedelta(minutes=30),
            "jobstatus": "failed",
        }
        return self.panda.job(jeditaskid=self.number(name, run), **(told | columns))

    def file(self, name: str, fileid: int, what: str, run: str = RUN, **columns: Any) -> None:
        number, node = self.number(name, run), NODE.format(fileid % 1000)
        lfn = f"{fileid:06d}:{node}_{what}+qgraphNodeId:{node}+qgraphId:1681435625.68-42"
        numbers = {"jeditaskid": number, "datasetid": number * 10, "fileid": fileid}
        told = {"type": "pseudo_input", "status": "ready", "lfn": lfn}
        self.panda.row(JediDatasetContents, **numbers, **(told | columns))
