"""Jobs by the site that collects their output and the queue they run on."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.states import JOB_STATES
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads import tabs
from bigpandamon_core.payloads.asked import data_links, doubts, request_shown
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.jobs_links import link
from bigpandamon_core.payloads.jobs_page import state_strip
from bigpandamon_core.payloads.regions_page import state_cells, state_columns
from bigpandamon_core.payloads.tables import table
from bigpandamon_core.payloads.translated_jobs import TranslatedJobs
from bigpandamon_core.summaries.regions import States, failing_of

_GROUPED = named("nucleus", "computingsite", "jobstatus")
MOST_ROWS = 300
By = Mapping[str, Mapping[str, States]]


class World(TranslatedJobs):
    """The jobs of a selection that have a nucleus."""

    def __init__(self, call: Call):
        super().__init__(call, call.parameters)

    @cached_property
    def by_nucleus(self) -> By:
        """States by nucleus and queue, both in the order of names."""
        found: dict[str, dict[str, States]] = defaultdict(lambda: defaultdict(Counter))
        for (nucleus, queue, state), jobs in sorted(self.grouped(_GROUPED).items(), key=_names):
            if nucleus != NOT_SPECIFIED:
                found[nucleus][queue][state] += jobs
        return found

    @cached_property
    def summary(self) -> Mapping[str, States]:
        """States by nucleus."""
        return {nucleus: sum(queues.values(), States()) for nucleus, queues in self.by_nucleus.items()}


def _names(item: tuple[tuple[Any, ...], int]) -> tuple[str, ...]:
    return tuple(map(str, item[0]))


def compatible(world: World) -> dict[str, Any]:
    """As the BigPanDA JSON API gives it."""
    return {
        "nucleuses": {
            nucleus: {queue: _all(states) for queue, states in queues.items()}
            for nucleus, queues in world.by_nucleus.items()
        },
        "nucleussummary": {nucleus: _all(states) for nucleus, states in world.summary.items()},
        "statelist": list(JOB_STATES),
        "built": world.call.now.strftime("%Y-%m-%d %H:%M:%S"),
    }


def _all(states: States) -> dict[str, int]:
    """All sixteen; what did a part of its work has finished."""
    counts = states + States({"finished": states["subfinished"]})
    return {state: counts[state] for state in JOB_STATES}


def shape(world: World) -> dict[str, Any]:
    """The context of the page."""
    selection, call = world.shown, world.asked
    states = sum(world.summary.values(), States())
    columns = state_columns(states)
    rate = Column("failing", "Failing", "percent")
    rows = [_row(world, nucleus, "", found) for nucleus, found in world.summary.items()]
    queues = [
        _row(world, nucleus, queue, found)
        for nucleus, by_queue in world.by_nucleus.items()
        for queue, found in by_queue.items()
    ]
    cut = f"the first {MOST_ROWS} of {len(queues):,}" if len(queues) > MOST_ROWS else ""
    return {
        "title": "World",
        "heading": f"{states.total():,} jobs for {len(rows):,} nuclei",
        **tabs.dashboards(call),
        **request_shown(selection, call),
        "counted": "Jobs",
        "states": state_strip(world, states),
        "tables": [
            table("nuclei", "Nuclei", (Column("nucleus", "Nucleus"), rate, *columns), rows),
            table("satellites", "Queues that work for them",
                  (Column("nucleus", "Nucleus"), Column("queue", "Queue"), rate, *columns),
                  queues[:MOST_ROWS], sub=cut),
        ],
        "ignored": world.without_effect,
        "notes": [*doubts(selection), *world.lacking],
        "source": world.source.told,
        "links": data_links(selection, call),
    }  # fmt: skip


def _row(world: World, nucleus: str, queue: str, states: States) -> dict[str, Any]:
    where: dict[str, str | None] = {"nucleus" + SHOWN: nucleus}
    if queue:
        where |= {"computingsite" + SHOWN: queue}
    return state_cells(world, states, where) | {
        "nucleus": cell("text", nucleus, link(world, **{"nucleus" + SHOWN: nucleus})),
        "queue": cell("text", queue, link(world, **where)),
        "failing": failing_of(states),
    }
