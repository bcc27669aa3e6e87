"""Runs of the batch production service on HTCondor: DAGs that the plugin htcondor knows, if it is there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from django.apps import apps
from django.db import connections

from bigpandamon_core.plugin import Call
from bigpandamon_lsst.hidden import shown
from bigpandamon_lsst.names import RunName, run_name
from bigpandamon_lsst.workflows import Files

APP = "bigpandamon_htcondor"
MOST = 500
STATES = {
    "NodesDone": ("done", "good"),
    "NodesFailed": ("error", "bad"),
    "NodesFutile": ("futile", "ended"),
    "NodesQueued": ("submitted", "running"),
    "NodesReady": ("ready", "waiting"),
    "NodesUnready": ("not ready", "waiting"),
}
"""By counter of a DAG the state of its nodes, and the colour of that."""


@dataclass(frozen=True)
class Run:
    """name: of the run. dag: as the plugin knows it. state: of DAGMan, in words. counts: of nodes."""

    name: str
    told: RunName
    dag: str
    state: str
    counts: dict[str, int]

    @property
    def files(self) -> Files:
        """Nodes in the place of files."""
        told, ended = self.counts, ("NodesDone", "NodesFailed", "NodesFutile")
        done, failed, futile = (told.get(name, 0) for name in ended)
        total, used = told.get("NodesTotal", 0), done + failed + told.get("NodesQueued", 0)
        return Files(total, total - told.get("NodesUnready", 0), done, failed, futile, used)

    @property
    def states(self) -> Iterator[tuple[str, str, int]]:
        """State, colour and number of nodes."""
        return ((*shown, self.counts[name]) for name, shown in STATES.items() if self.counts.get(name))


def runs(call: Call, days: int, name: str, user: str) -> list[Run]:
    """Those submitted in the last days whose name and operator have these parts, as far
    as the caller may read them."""
    since = call.now - timedelta(days=days)
    wanted, asked_for = (given.strip("*").lower() for given in (name, user))
    return [
        run
        for run in _all()
        if run.told.submitted >= since
        and wanted in shown(call, run.name).lower()
        and asked_for in ("" if call.privacy.hides_names else run.told.operator.lower())
    ]


def _all() -> Iterator[Run]:
    if not apps.is_installed(APP):
        return
    model: Any = apps.get_model(APP, "Dag")
    if model._meta.db_table not in connections["default"].introspection.table_names():
        return
    for dag, state, attributes in model.objects.order_by("-observed", "pk").values_list(
        "name", "state", "attributes"
    )[:MOST]:
        told = json.loads(attributes or "{}")
        file = PurePosixPath((told.get("DagFiles") or [f"{dag}.dag"])[0])
        if found := run_name(file.stem):
            counts = {key: int(one) for key, one in told.items() if _counts(key, one)}
            yield Run(file.stem, found, dag, state, counts)


def _counts(name: str, told: Any) -> bool:
    """Files of DAGMan may hold anything."""
    return name.startswith("Nodes") and isinstance(told, int | float)
