"""Jobs of one queue by worker node."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.parameters import SHOWN, refuse_illegal
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.grouped_jobs import GroupedJobs
from bigpandamon_core.payloads.sites import no_such_queue
from bigpandamon_core.payloads.translated_jobs import TranslatedJobs
from bigpandamon_core.queries import nodes as node_queries
from bigpandamon_core.queries import queues
from bigpandamon_core.summaries.nodes import FAST_MINUTES, Group, Node, Nodes, nodes

_MEMORY = Field("minramcount", "Memory asked for, MB.", Kind.INTEGER)
_GROUPED = (*named("modificationhost", "jobstatus", "corecount"), _MEMORY)
FAST = {"jobstatus" + SHOWN: "failed", "durationmin": f"0-{FAST_MINUTES - 1}"}
"""What asks for jobs that failed at once."""


class NodesOfQueue(TranslatedJobs):
    """The jobs of a queue, or of one of its nodes. queue, node: what its address names, "" for all nodes."""

    def __init__(self, call: Call):
        self.queue = call.path.get("queue", "") or call.parameter("site")
        self.node = call.path.get("node", "")
        if not self.queue:
            raise Problem(
                "No computing site specified",
                parameter="site",
                code="missing-parameter",
                remedy="Ask for /wns/ and the name of a queue.",
            )
        refuse_illegal("site", self.queue)
        refuse_illegal("node", self.node)
        super().__init__(call, self._as_jobs(call.parameters))

    def _as_jobs(self, pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
        """The parameters as requests for jobs have them."""
        told = {"computingsite" + SHOWN: self.queue} | ({"wn" + SHOWN: self.node} if self.node else {})
        for name, value in pairs:
            if name.lower() == "wnname":
                yield "modificationhost", value
            elif name.lower() not in ("site", "sortby", "fields", "limit", *told):
                yield name, value
        yield from told.items()

    @cached_property
    def nodes(self) -> Nodes:
        """
        Raises:
            Problem: the queue is not defined, and has no jobs in the window (404).
        """
        groups = self.grouped(_GROUPED)
        if not groups and not self.definition and self.queues:
            raise no_such_queue(self.queue, self.queues)
        told = (Group(_text(host), str(state), int(cores), _number(memory), jobs)
                for (host, state, cores, memory), jobs in groups.items())  # fmt: skip
        return nodes(told, self._fast)

    @cached_property
    def _fast(self) -> Mapping[str, int]:
        """By node, how many jobs failed at once."""
        asked = self.call.parameters
        kept = [pair for pair in asked if not pair[0].lower().startswith(tuple(FAST))]
        jobs = GroupedJobs(replace(self.call, parameters=(*kept, *FAST.items())))
        jobs.older_rows = self.older_rows
        found: Counter[str] = Counter()
        for (name,), count in jobs.grouped(named("wn")).items():
            found[str(name)] += count
        return found

    @cached_property
    def definition(self) -> Mapping[str, Any]:
        nothing: Mapping[str, Any] = {}
        return self.optional("queues", lambda: queues.definition(self.queue), nothing)

    @cached_property
    def hardware(self) -> list[dict[str, Any]]:
        """What the node is made of, as pilots saw it."""
        site = str(self.definition.get("atlas_site") or "")
        if not (self.node and site):
            return []
        return self.optional("worker nodes", lambda: node_queries.hardware(site, self.node), [])

    def in_order(self) -> list[Node]:
        """By name, or those with most jobs first."""
        found = list(self.nodes.by_name.values())
        by_count = self.asked.parameter("sortby") == "count"
        return sorted(found, key=lambda one: (-one.jobs, one.name)) if by_count else found


def _text(value: Any) -> str:
    return "" if value == NOT_SPECIFIED else str(value)


def _number(value: Any) -> int:
    return 0 if value == NOT_SPECIFIED else int(value)
