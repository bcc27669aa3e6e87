"""Jobs of a selection counted by several fields at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from bigpandamon_core.domain.fields import Field
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.queries import job_groups
from bigpandamon_core.sources.reading import snapshot

Groups = Mapping[tuple[Any, ...], int]


class GroupedJobs(Jobs):
    """Counted in memory where facets can tell, else by the database."""

    def grouped(self, fields: Sequence[Field]) -> Groups:
        """How many jobs there are of each combination of what the fields tell."""
        return self.facets.groups(fields) if self.facets else self._in_database(fields)

    def counted_by(self, *names: str) -> Groups:
        """The same by the names of counted fields, a plugin's own among them; most jobs first."""
        known = {field.name: field for field in self._fields}
        found = self.grouped([known[name] for name in names])
        return dict(sorted(found.items(), key=lambda told: (-told[1], str(told[0]))))

    def _in_database(self, fields: Sequence[Field]) -> Groups:
        self._note_absent()
        columns = tuple(dict.fromkeys(column for one in fields for column in one.sources))
        with snapshot():
            raw = job_groups.groups(self.selection, columns, self.call.now, self.older_rows)
        if len(raw) >= job_groups.GROUPS.cap:
            self.truncated = f"counting stopped at {raw.total():,} jobs: ask for a shorter window"
        told: dict[tuple[Any, ...], int] = {}
        for values, jobs in raw.items():
            row = dict(zip(columns, values, strict=True))
            shown = tuple(one.show(*(row[name] for name in one.sources)) for one in fields)
            told[shown] = told.get(shown, 0) + jobs
        return told
