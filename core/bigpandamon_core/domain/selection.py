"""The request language: one parser for every page.

A Selection is immutable: conditions over the declared fields of a noun, a window, an order, a limit and the
wanted parts. The same Selection becomes SQL, a predicate over rows, a key and a URL again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from bigpandamon_core.domain import parameters as request
from bigpandamon_core.domain import request_window, vocabulary
from bigpandamon_core.domain.conditions import All, AnyOf, Condition, between
from bigpandamon_core.domain.cursors import Place, read_cursor
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.nouns import Asked, Noun, Sort
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.vocabulary import Doubt
from bigpandamon_core.domain.window import Window, iso

MOST_ROWS = 10_000_000


@dataclass(frozen=True)
class Selection:
    """What a request asks for.

    parameters: the cleaned ones it was made of, unknown names left out. ignored: those names, and the known
    ones of which a word or a value had no effect. after: the place to continue from. extra: conditions that
    did not come with the request. doubts: values that nothing can match.
    """

    noun: Noun
    asked: tuple[Asked, ...]
    window: Window | None
    sort: tuple[Sort, ...]
    limit: int | None
    fields: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...] = ()
    after: Place | None = None
    extra: tuple[Condition, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def condition(self) -> Condition:
        return All((*(asked.condition for asked in self.asked), *self.extra))

    def get(self, name: str, default: str = "") -> str:
        return dict(self.parameters).get(name, default)

    def values(self, name: str) -> list[str]:
        """Those of a parameter, none where it is absent; several only of `<field>.is`."""
        return [
            one for given, value in self.parameters if given == name for one in request.values_of(name, value)
        ]

    def has(self, *names: str) -> bool:
        present = dict(self.parameters)
        return any(name in present for name in names)

    @property
    def ends_now(self) -> bool:
        """Whether its window ends where nobody asked it to: at the present."""
        ranges = (column + "range" for column in self.noun.window.time_columns)
        return self.window is not None and not self.has(*request_window.ENDS, *ranges)

    @property
    def key(self) -> str:
        """Equal for requests that ask for the same thing: also at different times while the moment they were
        read for (`until` of a call) is the same."""
        asked = [pair for pair in self.parameters if pair[0] not in _NOT_IN_KEY]
        return repr((self.noun.name, asked, self.extra, self.window))

    def pairs(self, *drop: str) -> list[tuple[str, str]]:
        """The request as a form sends it again, without parameters dropped and what a form does not send."""
        left_out = {*drop, "after", "timestamp", "json", "format"}
        kept = ((name, value) for name, value in self.parameters if name not in left_out and value)
        return [(name, request.written(name, value)) for name, value in request.as_given(kept)]

    def query(self, drop: Iterable[str] = (), /, **changes: str | None) -> str:
        """The request as a query string again, with parameters dropped (None) or set."""
        dropped = set(drop) | changes.keys() | {"after", "timestamp", "json", "format"}
        kept = [text for name, text in self._encoded.items() if name not in dropped]
        added = [_added(name, value) for name, value in changes.items() if value is not None]
        return "&".join((*kept, *added))

    @cached_property
    def _encoded(self) -> Mapping[str, str]:
        """Each parameter as a part of a query string: a page has hundreds of links that share them."""
        return {name: _encoded(name, value) for name, value in self.parameters}

    @cached_property
    def absolute(self) -> Mapping[str, str | None]:
        """Changes that make a link mean this window for ever: absolute ends, and whether live records are
        bound by them."""
        if self.window is None or self.window.column != self.noun.window.column:
            return {}
        if not self.has(*request_window.EXPLICIT) and self.has(*self.noun.window.lifted_by):
            return {}
        changes: dict[str, str | None] = dict.fromkeys(sorted(request_window.NAMES))
        changes |= {"date_from": iso(self.window.begin), "date_to": iso(self.window.end)}
        return changes if self.window.bounds_active else changes | {"active": "all"}


def _encoded(name: str, value: str) -> str:
    return urlencode([(name, request.written(name, one)) for one in request.values_of(name, value)])


def _added(name: str, value: str) -> str:
    """The same of a change, which is often that of other links, too."""
    return _often_encoded(name, value) if len(value) < OFTEN_SIGNS else _encoded(name, value)


OFTEN_SIGNS = 100
_often_encoded = lru_cache(maxsize=4096)(_encoded)

_NOT_IN_KEY = frozenset({"timestamp", "json", "format", *request_window.NAMES} - {"active"})


def parse(
    pairs: Iterable[tuple[str, str]],
    noun: Noun,
    now: datetime,
    strict: bool = False,
    understood: Collection[str] = (),
) -> Selection:
    """Read a request.

    understood: names that steer the answer asked for, beside the noun's. strict: names and words that
    mean nothing are refused instead of ignored.

    Raises:
        Problem: names the parameter, what is wrong with it and what to write instead.
    """
    pairs = tuple(pairs)
    parameters, repeated = request.clean(pairs), request.repeated(pairs)
    request.check_whole_numbers(parameters)
    combined, used = noun.combined(parameters)
    asked = [*combined, *_conditions(parameters, noun, used), *_further_ranges(parameters, noun)]
    known = _known(parameters, noun, {*used, *understood})
    if strict:
        request.refuse_repeated(repeated)
        vocabulary.refuse(parameters, noun, known)
    vocabulary.refuse_reversed(asked)
    return Selection(
        noun=noun,
        asked=tuple(asked),
        window=request_window.window_of(parameters, noun.window, now, _live_states(parameters, noun)),
        sort=_order(parameters, noun),
        limit=_limit(parameters),
        fields=tuple(name.strip() for name in parameters.get("fields", "").split(",") if name.strip()),
        parameters=tuple(sorted((name, parameters[name]) for name in known)),
        ignored=tuple(
            sorted(
                {*(parameters.keys() - known), *repeated, *vocabulary.without_effect(parameters, noun.words)}
            )
        ),
        after=read_cursor(parameters["after"]) if "after" in parameters else None,
        doubts=tuple(vocabulary.doubts(parameters, noun)),
    )


def _further_ranges(parameters: Mapping[str, str], noun: Noun) -> list[Asked]:
    """Of several ranges of times the first is the window, the others are conditions."""
    further = request_window.ranges(parameters, noun.window)[1:]
    return [
        Asked(name, parameters[name], between(window.column, window.begin, window.end))
        for name, window in further
    ]


def _conditions(parameters: Mapping[str, str], noun: Noun, used: set[str]) -> list[Asked]:
    asked = []
    for name, value in parameters.items():
        plain, shown = name.removesuffix(request.SHOWN), name.endswith(request.SHOWN)
        declared = noun.field(plain)
        if name in used or declared is None:
            continue
        _refuse_percent(plain, value)
        try:
            condition = (
                _shown(declared, request.values_of(name, value)) if shown else declared.condition(value)
            )
        except Problem as problem:
            raise request.named(problem, name) from None
        asked.append(Asked(name, request.told(name, value), condition))
    return asked


def _shown(declared: Field, values: list[str]) -> Condition:
    """Records that have one of some values, as they are shown."""
    found = tuple(declared.condition_shown(value) for value in values)
    return found[0] if len(found) == 1 else AnyOf(found)


def _refuse_percent(name: str, value: str) -> None:
    if name in ("jobname", "taskname") and "%" in value:
        raise Problem(
            f"Use * symbol for pattern search instead of % for {name}", parameter=name, code="illegal-value"
        )


def _known(parameters: Mapping[str, str], noun: Noun, used: set[str]) -> set[str]:
    ranges = {column + "range" for column in noun.window.time_columns}
    windows = request_window.NAMES if ranges else frozenset[str]()
    steering = noun.steering | windows | ranges | used
    return {
        name
        for name in parameters
        if name in steering or noun.field(name.removesuffix(request.SHOWN)) is not None
    }


def _live_states(parameters: Mapping[str, str], noun: Noun) -> tuple[str, ...]:
    """The live states a request names when it names nothing else."""
    for name, live in noun.live_states.items():
        wanted = parameters.get(name, "").replace("|", ",").split(",")
        if len(wanted) == 1 and wanted[0] in live:
            return (wanted[0],)
    return ()


def _order(parameters: Mapping[str, str], noun: Noun) -> tuple[Sort, ...]:
    """`sort=-column` is ours, `sortby=<word>` the compatible form; its unknown words are as absent."""
    if "sort" in parameters:
        name = parameters["sort"].strip().removeprefix("-")
        if name not in noun.sortable:
            raise Problem(
                f"Cannot sort by {name[:60]}",
                parameter="sort",
                code="illegal-value",
                remedy="Give the name of a column, with - before it for descending order.",
            )
        return (Sort(name, parameters["sort"].strip().startswith("-")),)
    return noun.sorts.get(parameters.get("sortby", ""), ()) or _task_order(parameters, noun)


def _task_order(parameters: Mapping[str, str], noun: Noun) -> tuple[Sort, ...]:
    return noun.task_sort or noun.default_sort if "jeditaskid" in parameters else noun.default_sort


def _limit(parameters: dict[str, str]) -> int | None:
    limit = request.whole_number(parameters, "limit")
    return None if limit is None else min(limit, MOST_ROWS)
