"""What is to blame for failures: the values that failed jobs have more often than jobs do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bigpandamon_core.summaries.jobs import Attribute, ValueCount, telling

SMALLEST_SHARE = 0.02
"""What fewer of the failures have explains little, however often it fails."""


@dataclass(frozen=True)
class Suspect:
    """A value of an attribute. failures: how many of those in view have it; ended: of all that ended. alike:
    fields and values that exactly as many have: most likely the same jobs."""

    field: str
    value: Any
    failures: int
    ended: int
    of_failures: int
    of_ended: int
    alike: tuple[tuple[str, Any], ...] = ()

    @property
    def share(self) -> float:
        """Of the failures, 0 to 1."""
        return self.failures / self.of_failures

    @property
    def share_of_all(self) -> float:
        """Of the jobs that ended, 0 to 1."""
        return self.ended / self.of_ended

    @property
    def excess(self) -> float:
        """Failures above those that as many jobs have elsewhere: lift alone makes small numbers shout."""
        return self.failures - self.of_failures * self.share_of_all

    @property
    def lift(self) -> float:
        """How much more often failures have it than jobs: the share among failures over that among all."""
        return self.share / self.share_of_all


def suspects(
    failed: Iterable[Attribute],
    ended: Mapping[str, Attribute],
    of_failures: int,
    of_ended: int,
    least_share: float = SMALLEST_SHARE,
) -> list[Suspect]:
    """The values that stand out among failures, by lift.

    failed: attributes of the jobs in view, whose `failed` counts are the failures. ended: by field, those of
    all jobs that ended under the same conditions. A value must have at least `least_share` of the failures
    and fail far more often than the rest (`summaries.jobs.telling`).
    """
    found = []
    for attribute in failed:
        known = {one.value: one.ended for one in ended[attribute.field.name].values}
        for one in attribute.values:
            all_ended = max(known.get(one.value, 0), one.failed)
            as_all = ValueCount(one.value, all_ended, one.failed, all_ended - one.failed)
            if one.failed < max(least_share * of_failures, 1):
                continue
            if telling(as_all, of_failures, max(of_ended - of_failures, 0)):
                name = attribute.field.name
                found.append(Suspect(name, one.value, one.failed, all_ended, of_failures, of_ended))
    return _joined(sorted(found, key=lambda one: (-one.lift, -one.failures, one.field, str(one.value))))


def _joined(found: list[Suspect]) -> list[Suspect]:
    """Those with equal counts as one, but never two values of a field: no job has both."""
    groups: list[list[Suspect]] = []
    by_counts: defaultdict[tuple[int, int], list[list[Suspect]]] = defaultdict(list)
    for one in found:
        alike = by_counts[one.failures, one.ended]
        group = next((some for some in alike if all(each.field != one.field for each in some)), None)
        if group is None:
            group = []
            alike.append(group)
            groups.append(group)
        group.append(one)
    return [replace(first, alike=tuple((one.field, one.value) for one in more)) for first, *more in groups]
