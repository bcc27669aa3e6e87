"""Jobs that a page asks for in words of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from bigpandamon_core.domain.nouns import Noun
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.grouped_jobs import GroupedJobs
from bigpandamon_core.queries import queues

Pairs = Iterable[tuple[str, str]]


class TranslatedJobs(GroupedJobs):
    """The jobs that `pairs` ask for; links lead to their list. asked: the call as it came, by which the page
    and the copy that is kept of it are known. noun: as requests see jobs there, where that differs.

    Raises:
        Problem: from the constructor, when the request cannot be read.
    """

    def __init__(self, asked: Call, pairs: Pairs, noun: Noun | None = None):
        self.asked = asked
        self._shown = scope.selection(asked, asked.parameters, asked.strict, noun)
        super().__init__(
            replace(asked, parameters=tuple(pairs), url=f"{asked.root}jobs/", strict=False), noun
        )

    @property
    def shown(self) -> Selection:
        return self._shown

    @property
    def added(self) -> list[str]:
        """What the page asks for beside the request, as a note."""
        given = {name for name, _ in self.asked.parameters}
        more = [f"{name}={value}" for name, value in self.call.parameters if name not in given]
        return [f"Only jobs with {', '.join(more)}: the page asks for these."] if more else []

    @property
    def own_url(self) -> str:
        """The address that answers the same again."""
        return f"{self.asked.url}?{self.shown.query()}"

    @cached_property
    def queues(self) -> Mapping[str, dict[str, Any]]:
        """Definitions of queues, none where the installation has none."""
        nothing: Mapping[str, dict[str, Any]] = {}
        return self.optional("queues", queues.definitions, nothing)

    def region_of(self, queue: str) -> str:
        """The cloud of the queue."""
        return str(self.queues.get(queue, {}).get("cloud") or NOT_SPECIFIED)
