"""What pages count of jobs, from facets, beside a loop over the rows and beside statements."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks import references
from benchmarks.instance import Instance
from benchmarks.measures import Measured, in_turn, milliseconds, too_slow
from benchmarks.truth import ATTRIBUTES, CODES, ERRORS_TOLD, Truth, same
from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_fields import COUNTED
from bigpandamon_core.domain.selection import Selection, parse
from bigpandamon_core.domain.states import shown_state
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.window import now
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.facets.groups import groups
from bigpandamon_core.facets.store.reading import Store
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.summaries.trends import pieces

LOOP = "loop over rows"
SAMPLE_ROWS = 20_000
QUEUE_SHARE = 50
"""The queue that is counted has about one job in so many."""
FIELDS = {field.name: field for field in COUNTED}
REGION = ("cloud", "computingsite", "jobstatus")


@dataclass(frozen=True)
class Jobs:
    """Some jobs of the window: as a request, and as a condition in SQL."""

    name: str
    asked: dict[str, str]
    condition: str = ""


@dataclass(frozen=True)
class Counting:
    """Both ways to the same jobs."""

    snapshot: Snapshot
    truth: Truth

    def selection(self, jobs: Jobs) -> Selection:
        window = self.truth.window
        asked = {"date_from": window.begin.replace(" ", "T"), "date_to": window.end.replace(" ", "T")}
        return parse((asked | jobs.asked).items(), job_requests.noun(), now())

    def counted(self, jobs: Jobs, *fields: Field) -> Counted:
        return Counted(self.snapshot, self.selection(jobs), fields or COUNTED, now())


EVERY, FAILED = Jobs("all", {}), Jobs("failed", {"jobstatus": "failed"}, "jobstatus = 'failed'")


def measure(instance: Instance, truth: Truth) -> Iterator[Measured]:
    counting = Counting(Store(instance.facets).current(), truth)
    queue = _queue(truth)
    for jobs in (queue, FAILED):
        yield from _against_loop(counting, jobs)
    yield from _all_against_sample(counting)
    yield from _errors(counting)
    yield _regions(counting)
    yield _users(counting)
    yield _trend(counting)


def _queue(truth: Truth) -> Jobs:
    """The queue whose number of jobs comes nearest to the wanted share."""
    by_queue = truth.counts("computingsite")
    wanted = by_queue.total() / QUEUE_SHARE
    name = min(by_queue, key=lambda queue: abs(by_queue[queue] - wanted))
    return Jobs("queue", {"computingsite": name}, f"computingsite = '{name}'")


def _against_loop(counting: Counting, jobs: Jobs) -> Iterator[Measured]:
    count = _compare(counting, jobs)
    found = in_turn(
        lambda: counting.counted(jobs).attributes(),
        lambda: references.row_loop(counting.truth, jobs.condition),
    )
    rate = 1000 * count / found.theirs
    refused = too_slow(rate, references.LEAST_ROWS_PER_SECOND, f"the {LOOP}")
    yield Measured(f"summary.{jobs.name}.jobs", count, "")
    yield Measured(f"summary.{jobs.name}.loop-rate", rate, "rows/s")
    yield Measured(
        f"summary.{jobs.name}.time", found.ours, "ms", found.theirs, LOOP, found.ratio, refused=refused
    )


def _compare(counting: Counting, jobs: Jobs) -> int:
    """Raises WrongAnswer unless facets, statements and the loop agree. Returns the number of jobs."""
    counted = counting.counted(jobs)
    loop = references.row_loop(counting.truth, jobs.condition)
    for attribute in counted.attributes():
        field = attribute.field
        told = Counter({str(value.value): value.count for value in attribute.values})
        if field.name in ATTRIBUTES:
            column = f"COALESCE({field.name}, 1)" if field.name == "corecount" else field.name
            same(f"{jobs.name}: {field.name}", told, counting.truth.counts(column, jobs.condition))
        elif field.shown is None and len(field.sources) == 1:
            column = references.stored(field.sources[0])
            same(f"{jobs.name}: {field.name}, by rows", told, _specified(loop[column]))
    return counted.total


def _specified(counts: dict[Any, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, jobs in counts.items():
        found[NOT_SPECIFIED if value in (None, "") else str(value)] += jobs
    return found


def _all_against_sample(counting: Counting) -> Iterator[Measured]:
    """All jobs, exactly, in the time in which a loop looks at some."""
    count = _compare(counting, EVERY)
    found = in_turn(
        lambda: counting.counted(EVERY).attributes(),
        lambda: references.row_loop(counting.truth, limit=SAMPLE_ROWS),
    )
    rate = 1000 * SAMPLE_ROWS / found.theirs
    refused = too_slow(rate, references.LEAST_ROWS_PER_SECOND, f"the {LOOP}")
    against = f"{LOOP}, {SAMPLE_ROWS:,} only"
    yield Measured("summary.all.jobs", count, "")
    yield Measured("summary.all.time", found.ours, "ms", found.theirs, against, found.ratio, refused=refused)
    one = milliseconds(lambda: counting.truth.counts("computingsite"))
    columns = len(references.counted_columns())
    yield Measured("summary.all.group-by", one * columns, "ms", against="one attribute, times all")


def _errors(counting: Counting) -> Iterator[Measured]:
    """Of all jobs that tell errors."""
    told = Counter({error.key: error.count for error in counting.counted(EVERY).errors()})
    known = Counter({key: jobs for key, jobs in told.items() if key.partition(":")[0] in CODES})
    same("errors", known, counting.truth.errors())
    condition = f"({ERRORS_TOLD})"
    same("errors, by rows", references.told_errors(references.error_loop(counting.truth, condition)), known)
    found = in_turn(
        lambda: counting.counted(EVERY).errors(), lambda: references.error_loop(counting.truth, condition)
    )
    rows = counting.truth.counts("1", condition).total()
    rate = 1000 * rows / found.theirs
    refused = too_slow(rate, references.LEAST_ROWS_PER_SECOND, f"the {LOOP}")
    yield Measured("errors.loop-rate", rate, "rows/s")
    yield Measured("errors.time", found.ours, "ms", found.theirs, LOOP, found.ratio, refused=refused)


def _regions(counting: Counting) -> Measured:
    selection = counting.selection(EVERY)
    fields = [FIELDS[name] for name in REGION]
    columns = (*REGION, "jobsubstatus")

    def ours() -> dict[tuple[Any, ...], int]:
        return groups(counting.snapshot, selection, fields)

    expected: Counter[tuple[Any, ...]] = Counter()
    for (*place, state, substate), jobs in references.grouped(counting.truth, columns).items():
        expected[*(value or NOT_SPECIFIED for value in place), shown_state(state, substate)] += jobs
    told: Counter[tuple[Any, ...]] = Counter()
    for (*place, state), jobs in ours().items():
        told[*(value or NOT_SPECIFIED for value in place), state] += jobs
    same("regions", told, expected)
    found = in_turn(ours, lambda: references.grouped(counting.truth, columns))
    return Measured("region.time", found.ours, "ms", found.theirs, "GROUP BY", found.ratio)


def _users(counting: Counting) -> Measured:
    """Jobs by user and by node."""
    found = in_turn(
        lambda: counting.counted(EVERY, FIELDS["produsername"]).attributes(),
        lambda: counting.truth.counts("produsername"),
    )
    return Measured("user.time", found.ours, "ms", found.theirs, "GROUP BY", found.ratio)


def _trend(counting: Counting) -> Measured:
    """Jobs by the hour of their last change, and how they ended."""
    window = counting.truth.window
    begin, end = (datetime.fromisoformat(text) for text in (window.begin, window.end))
    edges = [begin + timedelta(hours=hour) for hour in range(int((end - begin) / timedelta(hours=1)) + 1)]
    hour = f"FLOOR(TIMESTAMPDIFF(SECOND, '{begin}', modificationtime) / 3600)"
    told = pieces(edges)
    counting.counted(EVERY).count_over_time(told)
    expected = {int(number): jobs for number, jobs in counting.truth.counts(hour).items()}
    hours = Counter({number: piece.jobs for number, piece in enumerate(told)})
    same("trend", hours, Counter({number: expected.get(number, 0) for number in hours}))
    found = in_turn(
        lambda: counting.counted(EVERY).count_over_time(pieces(edges)),
        lambda: counting.truth.counts(hour),
    )
    return Measured("trend.time", found.ours, "ms", found.theirs, "GROUP BY", found.ratio)
