"""Jobs counted in one pass with their errors by place and over time."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from bigpandamon_core.domain.fields import Field
from bigpandamon_core.summaries.error_times import ErrorsOverTime
from bigpandamon_core.summaries.errors import ErrorsByPlace
from bigpandamon_core.summaries.jobs import Key, Row, Tally


class ErrorTally(Tally):
    """A tally that tells of each error also where and when jobs had it."""

    def __init__(
        self,
        fields: Sequence[Field],
        places: ErrorsByPlace,
        times: ErrorsOverTime,
        errors_in_all_states: bool = False,
    ):
        super().__init__(fields, errors_in_all_states)
        self.places, self.times = places, times
        self._needed = tuple(dict.fromkeys((*places.columns, *times.columns)))
        self.columns = tuple(dict.fromkeys((*self.columns, *self._needed)))
        self._take = itemgetter(*map(self.columns.index, self._needed))

    def _add_errors(self, sign: int, row: Row) -> list[Key]:
        errors = super()._add_errors(sign, row)
        if errors:
            told = dict(zip(self._needed, self._take(row), strict=True))
            self.places.add_errors(sign, told, errors)
            self.times.add_errors(sign, told, errors)
        return errors

    def told(self) -> dict[str, Any]:
        return super().told() | {"places": self.places.kept(), "times": self.times.kept()}

    def add_told(self, told: Mapping[str, Any]) -> None:
        super().add_told(told)
        self.places.add_kept(told["places"])
        self.times.add_kept(told["times"])
