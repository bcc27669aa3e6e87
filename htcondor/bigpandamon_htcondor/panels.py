"""The batch job of a PanDA job or of a Harvester worker, told beside its page."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bigpandamon_core.plugin import Call, Panel, fact, fact_groups
from bigpandamon_htcondor import telling
from bigpandamon_htcondor.job import percent
from bigpandamon_htcondor.jobs import job_url
from bigpandamon_htcondor.models import BatchJob, PandaLink
from bigpandamon_htcondor.states import hold

MOST = 3
CANDIDATES = 50
_NUMBER = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?![\d.])")
_PLACE = re.compile(r"[A-Za-z0-9_.@-]*[A-Za-z][A-Za-z0-9_.@-]*")
"""A scheduler or host that a batch id names: a word with a letter."""
Row = Mapping[str, Any]


def of_job(call: Call, row: Row) -> Sequence[Mapping[str, Any]]:
    """Those that are linked to the job, else those whose number its batch id tells."""
    links = PandaLink.objects.filter(pandaid=row["pandaid"]).order_by("globaljobid")
    named = list(links.values_list("globaljobid", flat=True)[:MOST])
    found = list(BatchJob.objects.filter(pk__in=named).order_by("pk")) if named else _by_number(row)
    return _told(call, found)


def of_worker(call: Call, row: Row) -> Sequence[Mapping[str, Any]]:
    """Those whose number the worker's batch id tells."""
    return _told(call, _by_number(row))


def _by_number(row: Row) -> list[BatchJob]:
    """Schedulers count alike: where the batch id names one, that decides, else the batch job's Harvester."""
    text = str(row.get("batchid") or "")
    numbers = [f"{cluster}.{process}" for cluster, process in _NUMBER.findall(text)]
    if not numbers:
        return []
    found = list(BatchJob.objects.filter(batchid__in=numbers).order_by("-queued", "pk")[:CANDIDATES])
    places = _PLACE.findall(text)
    for decides in (
        lambda one: one.schedd in places,
        lambda one: one.host in places,
        lambda one: one.harvesterid and one.harvesterid == row.get("harvesterid"),
    ):
        if any(map(decides, found)):
            return list(filter(decides, found))[:MOST]
    return [] if places else found[:MOST]


def _told(call: Call, jobs: Sequence[BatchJob]) -> list[dict[str, Any]]:
    """A group of facts each; of several it is said that one of them is meant."""
    title = "Batch job" if len(jobs) == 1 else "One of these batch jobs"
    return [
        group
        for number, one in enumerate(jobs, 1)
        for group in fact_groups({f"{title}, {number}" if len(jobs) > 1 else title: _facts(call, one)})
    ]


def _facts(call: Call, one: BatchJob) -> list[dict[str, Any]]:
    is_held = one.state == "held"
    meaning = hold(one.reason_code, one.reason_subcode)[0] if is_held else ""
    since = f"since {one.entered:%d %b %Y %H:%M} UTC" if one.entered else ""
    since = telling.gone(one) or since
    return [
        fact("GlobalJobId", one.globaljobid, job_url(call.root, one.globaljobid)),
        fact("State", one.state or "unknown", note=since, bad=is_held or one.state == "failed"),
        fact("Why", meaning or telling.reason(one, call), bad=is_held),
        fact("Submit host", one.host),
        fact("Site or gateway", one.site),
        fact("Node", one.node),
        fact("Starts", one.starts, bad=(one.starts or 0) > 1),
        fact("CPU efficiency", percent(one.cpu_s, one.cpu_core_s)),
    ]


PANELS = {
    "jobs": (Panel("htcondor-batch-job", "In the batch system", of_job, "htcondor"),),
    "workers": (Panel("htcondor-batch-job", "In the batch system", of_worker, "htcondor"),),
}
