"""What requests for the summary of states may say. Rules from the BigPanDA JSON API."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.conditions import All, AnyOf, Condition, holds
from bigpandamon_core.domain.job_fields import BY_NAME
from bigpandamon_core.domain.parameters import SHOWN, named, whole_number
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.request_window import read_moment
from bigpandamon_core.domain.states import JOB_STATES
from bigpandamon_core.domain.text import nearest
from bigpandamon_core.domain.vocabulary import Doubt
from bigpandamon_core.domain.window import iso

HOURS = 12
OF_JOBS: Mapping[str, str] = {"computingsite": "computingsite", "mcp_cloud": "cloud"}
"""Columns of jobs by the parameters that ask for them."""
OF_QUEUES = ("corecount", "cloud", "atlas_site", "status")
JOB_TYPES = ("production", "analysis", "test")
SIGNS, NOTHING = "*,-", "NULL"
PART = "subfinished"
"""As finished, where no state of its own is told."""
_STATE, _TYPE, _QUEUE = "jobstatus", "jobtype", "computingsite"
_rule = rules.patterns(",", "-", NOTHING)


@dataclass(frozen=True)
class Wanted:
    """What a request asks for.

    window: as requests for jobs have it. of_jobs: condition on the jobs counted. of_queues: condition on the
    properties of their queues. states: those that are told. where: what a link to the jobs says of them, None
    where no link can.
    """

    window: Mapping[str, str]
    of_jobs: Condition
    of_queues: Condition
    states: tuple[str, ...]
    where: Mapping[str, str] | None


def read(given: dict[str, str]) -> Wanted:
    """given: cleaned parameters.

    Raises:
        Problem: a value cannot be read.
    """
    states = _fitting(given, _STATE, JOB_STATES)
    kinds = _fitting(given, _TYPE, JOB_TYPES)
    if not kinds:
        raise Problem(
            f"Illegal value '{given[_TYPE][:60]}' for {_TYPE}",
            parameter=_TYPE,
            code="illegal-value",
            remedy=f"Give one of {', '.join(JOB_TYPES)}, or several separated by a comma.",
        )
    conditions = [_condition(name, given[name], column) for name, column in OF_JOBS.items() if name in given]
    if _STATE in given:
        conditions.append(AnyOf(tuple(BY_NAME[_STATE].condition_shown(one) for one in _as_shown(states))))
    if _TYPE in given:
        conditions.append(AnyOf(tuple(BY_NAME[_TYPE].condition(kind) for kind in kinds)))
    return Wanted(
        window=_window(given),
        of_jobs=All(tuple(conditions)),
        of_queues=All(tuple(_condition(name, given[name], name) for name in OF_QUEUES if name in given)),
        states=states,
        where=_where(given),
    )


def doubts(given: Mapping[str, str], queues: Collection[str]) -> Iterator[Doubt]:
    """The names asked for that no state, no type of jobs or none of the queues has."""
    known: Mapping[str, Collection[str]] = {_STATE: JOB_STATES, _TYPE: JOB_TYPES, _QUEUE: queues}
    for name, words in known.items():
        for word in _plain(given.get(name, "")) if words else ():
            if word not in words:
                yield Doubt(name, word, nearest(word, words))


def _plain(text: str) -> Iterator[str]:
    """The pieces of a list that are no patterns, as they are without what negates them."""
    pieces = (piece.strip().removeprefix("-") for piece in text.split(","))
    return (piece for piece in pieces if piece not in ("", NOTHING) and "*" not in piece)


def _fitting(given: Mapping[str, str], name: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that a parameter asks for, all without it."""
    if name not in given:
        return words
    condition = _condition(name, given[name], name)
    return tuple(word for word in words if holds(condition, {name: word}))


def _condition(name: str, text: str, column: str) -> Condition:
    try:
        return _rule(column, text)
    except Problem as problem:
        raise named(problem, name) from None


def _as_shown(states: tuple[str, ...]) -> tuple[str, ...]:
    return (*states, PART) if "finished" in states else states


def _window(given: dict[str, str]) -> Mapping[str, str]:
    """Moments win over hours."""
    found = {"hours": str(whole_number(given, "nhours", 1) or HOURS)}
    begin, end = (_moment(given, name) for name in ("starttime", "endtime"))
    if begin and end and begin > end:
        remedy = "Give starttime before endtime."
        raise Problem(
            "The window ends before it begins", parameter="starttime", code="illegal-window", remedy=remedy
        )
    moments = {"date_from": iso(begin), "date_to": iso(end)}
    return found | {name: text for name, text in moments.items() if text}


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    return read_moment(given[name], name) if name in given else None


def _where(given: Mapping[str, str]) -> Mapping[str, str] | None:
    known = ((_TYPE, _TYPE), ("mcp_cloud", OF_JOBS["mcp_cloud"] + SHOWN))
    asked = {name: given[parameter] for parameter, name in known if parameter in given}
    is_plain = not any(sign in text for text in asked.values() for sign in SIGNS)
    return asked if is_plain and NOTHING not in asked.values() else None
