"""Jobs with odd values at any place, batches of them, and requests for them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any
from urllib.parse import urlencode

from hypothesis import settings
from hypothesis import strategies as st

from bigpandamon_core.domain.conditions import Condition
from bigpandamon_core.domain.fields import Kind
from bigpandamon_core.domain.job_errors import CODE_COLUMNS
from bigpandamon_core.domain.job_requests import TIMES
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import JOB_STATES
from bigpandamon_core.facets.batch import Batch, Place, encode
from bigpandamon_core.facets.columns import COLUMNS, unanswered
from bigpandamon_core.facets.store.publishing import Publisher
from bigpandamon_core.facets.store.snapshot import Snapshot
from tests.campaigns import examples
from tests.domain.requests import selection
from tests.facets.plain import Row
from tests.queries.odd_values import INTEGERS, Rows, T, conditions, odd_text

SINCE = T - timedelta(days=3)
PLACES = (Place.DEFINED, Place.ACTIVE, Place.ACTIVE, *(Place.ARCHIVED,) * 5, Place.GONE)
MOMENTS = tuple(T - timedelta(seconds=s) for s in (0, 0.000001, 1, 599, 3600, 43200, 86399, 90000, 200000))
ENDED = ("failed", "failed", "finished", "finished", "cancelled", "closed", "", None, "holding", "😀")
NAMES = (None, "", "QUEUE_A", "Queue_a", "QUEUE_B ", "QUEUE_B", "Not specified", "Zoë", "😀", "prod_test")
VALUES: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(CODE_COLUMNS, (None, 0, 0, 0, 1, 65, 1099, -9)),
    "transexitcode": (None, "", "0", "0", "65", "065", "abc", "NULL", "137 "),
    "jobsubstatus": (None, None, "", "fg_partial", "fg_stumble", "fg_done", "toreassign"),
    "pilotid": (None, "", "3.10", "|3.10", "url|3.10", "url|", "|", "||", "||3.10", "|a|3.10", "a|b|3.10.1"),
    "jobmetrics": (None, "", "nGPU=1", "leak=1 nGPU=0", "ngpu=1"),
    "schedulerid": (None, "harvester-", "harvester-one", "Harvester-one", "other"),
    "transformation": (None, "", "/", "a/b/run.py", "http://x/y/run", "run.py/"),
    "modificationhost": (None, "node1", "slot1@node1", "@node1", "slot1@"),
    "eventservice": (None, *range(7)),
    "nevents": (0, 1, 9, 10, 99, 100, None),
    "cpuconsumptiontime": (None, *map(Decimal, (0, 1, 3600, -5, 10**12, 10**12 + 1, 10**20 - 1))),
}


def odd_row(pandaid: int, random: Random, place: Place) -> Row:
    states = ENDED if place == Place.ARCHIVED else JOB_STATES
    row = {name: _value(name, column.kind, random) for name, column in COLUMNS.items()}
    row |= {name: random.choice((None, *MOMENTS)) for name in TIMES}
    row |= {"modificationtime": random.choice(MOMENTS), "jobstatus": random.choice(states)}
    return row | {"pandaid": pandaid, "place": place}


def _value(name: str, kind: Kind, random: Random) -> Any:
    if name in VALUES:
        return random.choice(VALUES[name])
    if kind is Kind.INTEGER:
        return random.choice(INTEGERS)
    return random.choice(NAMES) if random.random() < 0.7 else odd_text(random)


def odd_batches(seed: int, batches: int, jobs: int) -> list[Rows]:
    """Some of `jobs` jobs in each of `batches`, so that many are told of again."""
    random = Random(seed)
    numbers = [random.sample(range(1, jobs + 1), random.randint(0, jobs)) for _ in range(batches)]
    return [Rows(odd_row(number, random, random.choice(PLACES)) for number in some) for some in numbers]


def as_batches(rows: Iterable[Iterable[Row]], first: int = 1, as_of: datetime = T) -> list[Batch]:
    return [Batch(number, as_of, encode(some)) for number, some in enumerate(rows, first)]


def published(publisher: Publisher, batches: Iterable[Iterable[Row]]) -> Snapshot:
    publisher.publish(as_batches(batches), SINCE)
    snapshot = publisher.current()
    assert snapshot is not None
    return snapshot


def split(rows: Sequence[Row], cuts: Sequence[int]) -> list[Sequence[Row]]:
    """The same rows in the same order, cut at some places."""
    bounds = [0, *sorted(cut % (len(rows) + 1) for cut in cuts), len(rows)]
    return [rows[begin:end] for begin, end in pairwise(bounds)]


fewer = settings(max_examples=examples(50))
"""For properties that write stores."""
worlds = st.builds(odd_batches, st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 60))
WINDOWS: tuple[dict[str, str], ...] = (
    {"hours": "12"},
    {"hours": "1"},
    {"days": "2", "active": "all"},
    {},
    {"date_from": "2026-11-19T11:00", "date_to": "2026-11-20T11:50:01"},
    {"date_from": "2026-11-19T11:00", "date_to": "2026-11-20T11:50:01", "active": "all"},
    {"creationtimerange": "2026-11-19|2026-11-20T12:00"},
    {"endtimerange": "2026-11-20T00:00|2026-11-20T11:50", "modificationtimerange": "2026-11-19|2026-11-21"},
    {"statechangetimerange": "2026-11-20T11:59:59|2026-11-20T12:00"},
)
REQUESTS: tuple[tuple[str, str], ...] = (
    *(("jobstatus", text) for text in ("failed", "running", "finished,failed", "holding|closed")),
    *(("jobstatus.is", text) for text in ("failed", "subfinished", "Not specified", "holding")),
    *(("computingsite", text) for text in ("queue_a", "QUEUE*", "!queue_b", "*b|queue_a", "Not specified")),
    *(("computingsite.is", text) for text in ("QUEUE_B ", "QUEUE_B", "Not specified", "😀", "nowhere")),
    *(("produsername", text) for text in ("zo", "*E*,!*b*", "Not specified")),
    *(("jeditaskid", text) for text in ("1|2|8", "99", "Not specified", "1|Not specified")),
    *(("pandaid", text) for text in ("1,2,3,5,8,13,21", "7", "9223372036854775807")),
    *(("minramcount", text) for text in ("0-1GB", "32-33GB", "-1")),
    *(("corecount", text) for text in ("1", "8|2")),
    *(("durationmin", text) for text in ("0-9", "10-29", "0-0", "0-9999999", "1440-2879")),
    *(("durationmin.is", text) for text in ("0-0", "0-9", "10080-9999999", "Not specified")),
    *(("pilotversion", text) for text in ("3.10", "10", "|3.10", "Not specified")),
    *(("pilotversion.is", text) for text in ("3.10", "3.10.1", "Not specified")),
    *(("processor_type", text) for text in ("gpu", "CPU")),
    *(("processor_type.is", text) for text in ("GPU", "CPU")),
    *(("transformation", text) for text in ("run", "*")),
    *(("transformation.is", text) for text in ("run.py", "Not specified")),
    *(("eventservice", text) for text in ("all", "not2", "jumbo|ordinary")),
    *(("harvesterinstance", text) for text in ("one", "all", "Not specified")),
    *(("wn.is", text) for text in ("node1", "Unknown")),
    *(("neventsrange.is", text) for text in ("0-0", "10-99")),
    *(("piloterrorcode", text) for text in ("1099|-9", "Not specified")),
    *(("transexitcode.is", text) for text in ("65", "Not specified")),
    *(("jobtype", text) for text in ("analysis", "production", "eventservice")),
    *(("witherrors", text) for text in ("1", "0")),
    *(
        ("prodsourcelabel", "prod_test"),
        ("vo", "queue_a"),
        ("jobsetrange", "0:99"),
        ("priorityrange", "0:99"),
    ),
)


def request(
    window: dict[str, str], asked: Iterable[tuple[str, str]], more: Iterable[Condition] = ()
) -> Selection:
    """A selection of all attempts, with further conditions."""
    query = urlencode([*window.items(), *asked, ("mode", "nodrop")])
    return replace(selection(query, now=T), extra=tuple(more))


requests = st.builds(
    request,
    st.sampled_from(WINDOWS),
    st.lists(st.sampled_from(REQUESTS), max_size=2, unique_by=lambda pair: pair[0].removesuffix(".is")),
    st.lists(conditions.filter(lambda condition: not unanswered(condition)), max_size=1),
)
