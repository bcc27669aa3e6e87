"""One batch job: what it is, what happened to it, and the PanDA jobs it ran."""

import json
from functools import cached_property
from typing import Any

from bigpandamon_core.plugin import Call, not_found
from bigpandamon_htcondor import telling
from bigpandamon_htcondor.hiding import ADDRESS, said
from bigpandamon_htcondor.models import BatchEvent, BatchJob, DagNode
from bigpandamon_htcondor.states import AFTER_EVENT, ALIVE, EVENTS, STATES, group

MOST_EVENTS = 2_000
FINAL = {"completed", "failed", "removed"}
PUBLIC = frozenset(
    """GlobalJobId ScheddName AccountingGroup AcctGroup ProjectName MATCH_APF_QUEUE Factory APFFID
    MATCH_GLIDEIN_Site MATCH_EXP_JOBGLIDEIN_ResourceName GridResource GridJobStatus RemoteHost LastRemoteHost
    DAGNodeName harvesterID CondorVersion CondorPlatform x509UserProxyVOName ShouldTransferFiles
    WhenToTransferOutput wmsid condorid""".split()
)
"""Attributes whose texts everybody may read; of all others only numbers and truth values."""
NAMED = frozenset({"AccountingGroup", "AcctGroup", "ProjectName"})
"""Of these, what tells who it is, where names are hidden."""


class Job:
    """A batch job by its GlobalJobId.

    Raises:
        Problem: from the constructor: 404, there is none.
    """

    def __init__(self, call: Call):
        self.call = call
        name = call.path.get("globaljobid", "")
        found = BatchJob.objects.filter(pk=name[:255]).first()
        if found is None:
            raise not_found(
                f"There is no batch job {name[:80]}.", "A GlobalJobId is schedd#cluster.proc#time."
            )
        self.job = found
        self.ad: dict[str, Any] = json.loads(found.attributes)

    @cached_property
    def pandaids(self) -> list[int]:
        return telling.pandaids([self.job]).get(self.job.globaljobid, [])

    @cached_property
    def events(self) -> list[BatchEvent]:
        """As logged, oldest first."""
        found = BatchEvent.objects.filter(globaljobid=self.job.globaljobid)
        return list(found.order_by("moment", "place")[:MOST_EVENTS])

    @cached_property
    def dag(self) -> str:
        """The name of the DAG that it ran a node of, "" for none."""
        found = DagNode.objects.filter(globaljobid=self.job.globaljobid).order_by("dag").first()
        return found.dag if found else ""

    @property
    def public(self) -> list[dict[str, Any]]:
        """The attributes that everybody may read."""
        texts = PUBLIC - NAMED if self.call.privacy.hides_names else PUBLIC
        return [
            {"name": name, "value": self._public(name, value)}
            for name, value in sorted(self.ad.items())
            if isinstance(value, int | float) or (name in texts and isinstance(value, str))
        ]

    def _public(self, name: str, value: Any) -> Any:
        if name == "GridResource":
            return said(value, self.job.owner, self.call) if isinstance(value, str) else value
        return ADDRESS.sub("(address)", value) if isinstance(value, str) else value

    @property
    def stages(self) -> list[dict[str, Any]]:
        """The states it was in, each with when it began and how long it lasted."""
        changes = self._logged() or self._told()
        found = []
        for at, (state, begin, reason) in enumerate(changes):
            is_last = at == len(changes) - 1
            final = is_last and state in FINAL
            until = (self.call.now if state in ALIVE else None) if is_last else changes[at + 1][1]
            found.append(
                {
                    "state": state,
                    "group": group(state),
                    "begin": begin,
                    "end": None if is_last else until,
                    "seconds": None if until is None else max((until - begin).total_seconds(), 0),
                    "final": final,
                    "reason": reason,
                }
            )
        return found

    def _logged(self) -> list[tuple[str, Any, str]]:
        """Changes of state that its event log tells, each state once in a row."""
        changes: list[tuple[str, Any, str]] = []
        for event in self.events:
            state = STATES.get(AFTER_EVENT.get(event.number, 0), "")
            if state == "completed" and self.job.state == "failed":
                state = "failed"
            if state and not (changes and changes[-1][0] == state):
                changes.append((state, event.moment, EVENTS[event.number]))
        return changes

    def _told(self) -> list[tuple[str, Any, str]]:
        """The same from its own times."""
        job = self.job
        since = job.ended or job.entered
        known = [("idle", job.queued), ("running", job.started)]
        told = sorted((moment, at, state) for at, (state, moment) in enumerate(known) if moment)
        last, reason = since or job.observed, "" if since else "as told then; since when is not known"
        changes: list[tuple[str, Any, str]] = []
        for moment, _, state in told:
            if not (changes and changes[-1][0] == state):
                changes.append((state, moment, ""))
        if job.state and not (changes and changes[-1][0] == job.state):
            begins = max([last, *(moment for _, moment, _ in changes)])
            changes.append((job.state, begins, reason))
        return changes
