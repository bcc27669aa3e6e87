"""What requests about jobs may say: the fields, windows, orders and the parameters that only mean something
together. Rules from the BigPanDA JSON API."""

from collections.abc import Callable, Mapping

from bigpandamon_core.domain import failure_fields
from bigpandamon_core.domain.conditions import All, Not, Superseded, one_of
from bigpandamon_core.domain.error_rules import RULES
from bigpandamon_core.domain.failures import Rules
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_fields import FIELDS
from bigpandamon_core.domain.nouns import Asked, Noun, Sort, lookup
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.request_window import WindowRules
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import FINAL, JOB_STATES

LIFTING = frozenset({"jeditaskid", "taskid", "pandaid", "datasetid", "jobname", "origin"})
UNBOUNDED = frozenset({"pandaid", "origin"})
TIMES = ("modificationtime", "creationtime", "starttime", "endtime", "statechangetime")
CONTROLS = frozenset({"mode", "noarchjobs"})
CHOICES = {
    "active": ("all",),
    "mode": ("nodrop", "drop"),
    "noarchjobs": ("1", "0"),
}
UNFINISHED = "unfinishedfiles"
OF_EVENT_SERVICE_TASKS = (1, 2, 4, 5)
"""Event service, its merging, jumbo and co-jumbo jobs: never replaced. Clones and fine-grained jobs are
retried like any other."""
_SORTED_BY = {
    "pandaid": "pandaid",
    "create": "creationtime",
    "time": "modificationtime",
    "statetime": "statechangetime",
    "priority": "currentpriority",
    "duration": "duration",
    "queuetime": "queuetime",
    "attemptnr": "attemptnr",
}
SORTS = {
    f"{word}-{direction}": (Sort(column, direction == "descending"),)
    for word, column in _SORTED_BY.items()
    for direction in ("ascending", "descending")
} | {"count": (), "alpha": ()}


def noun(
    hours: int = 12, lookback_days: int = 180, more_fields: tuple[Field, ...] = (), rules: Rules = RULES
) -> Noun:
    """Jobs, with the instance's default window in hours and the reach of lifted windows in days. rules: by
    which failures are told apart."""
    return Noun(
        name="jobs",
        fields=(*FIELDS, *failure_fields.fields(rules), *more_fields),
        window=WindowRules(hours, lookback_days, LIFTING, UNBOUNDED, TIMES),
        sorts=SORTS,
        default_sort=(Sort("modificationtime", descending=True),),
        task_sort=(Sort("attemptnr", descending=True),),
        keys=("pandaid",),
        combined=combined,
        controls=CONTROLS,
        choices=CHOICES,
        beside={UNFINISHED: "jeditaskid"},
        live_states={"jobstatus": frozenset(JOB_STATES) - FINAL},
    )


Lookups = Callable[[Mapping[str, str]], tuple[list[Asked], set[str]]]


def combined(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """Conditions from parameters that need another table or each other, and the names used up."""
    asked: list[Asked] = []
    used: set[str] = set()
    for part in _COMBINED:
        more, names = part(parameters)
        asked += more
        used |= names
    return asked, used


def _looked_up(name: str, column: str, arguments: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    first, *beside = sorted(arguments)
    text = ", ".join((arguments[first], *(f"{key} {arguments[key]}" for key in beside)))
    return [Asked(first, text, lookup(name, column, **arguments), tuple(beside))], set(arguments)


def _present(parameters: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: parameters[name] for name in names if name in parameters}


def _of_file(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """Jobs that used a file or a dataset of a task."""
    named = _present(parameters, "fileid", "datasetid")
    if not named or "jeditaskid" not in parameters:
        if "fileid" in named:
            raise Problem(
                "fileid needs the task it belongs to",
                parameter="fileid",
                code="missing-parameter",
                remedy="Add jeditaskid and datasetid.",
            )
        return ([], set()) if not named else _looked_up("jobs_of_dataset", "pandaid", named)
    asked, _ = _looked_up("jobs_of_dataset", "pandaid", named | {"jeditaskid": parameters["jeditaskid"]})
    first, *beside = sorted(named)
    return [Asked(first, asked[0].text, asked[0].condition, tuple(beside))], set(named)


def _of_unfinished_files(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """Jobs of a task that used input which is not finished."""
    if parameters.get(UNFINISHED) != "1" or "jeditaskid" not in parameters:
        return [], set()
    found = lookup("jobs_of_unfinished_files", "pandaid", jeditaskid=parameters["jeditaskid"])
    return [Asked(UNFINISHED, "1", found)], {UNFINISHED}


def _of_worker(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """Jobs that a worker or a gateway's workers ran."""
    named = _present(parameters, "workerid", "harvesterce")
    if not named:
        if "harvesterid" in parameters and "harvesterinstance" not in parameters:
            return _looked_up("jobs_of_instance", "schedulerid", _present(parameters, "harvesterid"))
        return [], set()
    instance = _present(parameters, "harvesterinstance", "harvesterid")
    return _looked_up("jobs_of_worker", "pandaid", named | instance)


def _of_named_tasks(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """Jobs of the tasks so named; beside a task name, the user's name belongs to the task."""
    if "taskname" not in parameters:
        return [], set()
    if "%" in parameters["taskname"]:
        raise Problem(
            "Use * symbol for pattern search instead of % for taskname",
            parameter="taskname",
            code="illegal-value",
        )
    return _looked_up("tasks_named", "jeditaskid", _present(parameters, "taskname", "username"))


def _of_queues(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """Jobs on queues with given properties: `region`, `site` or any `queue<property>`."""
    named = {
        name: value
        for name, value in parameters.items()
        if name in ("region", "site") or (name.startswith("queue") and name != "queue" and len(name) > 5)
    }
    asked = [
        Asked(name, value, lookup("queues", "computingsite", **{name: value}))
        for name, value in named.items()
    ]
    return asked, set(named)


def _of_origin(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    return (
        _looked_up("origin", "pandaid", _present(parameters, "origin"))
        if "origin" in parameters
        else ([], set())
    )


def _of_category(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    named = _present(parameters, "errorcategory")
    return _looked_up("error_category", "", named) if named else ([], set())


def drops_retries(parameters: Mapping[str, str]) -> bool:
    """With one task the superseded attempts are left out, unless `mode=nodrop`."""
    return parameters.get("jeditaskid", "").strip().isdigit() and parameters.get("mode") != "nodrop"


def _last_attempts(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    if not drops_retries(parameters):
        return [], set()
    ordinary = Not(one_of("eventservice", OF_EVENT_SERVICE_TASKS))
    superseded = Superseded(int(parameters["jeditaskid"]))
    return [Asked("mode", "last attempts", Not(All((ordinary, superseded))))], {"mode"}


_COMBINED: tuple[Lookups, ...] = (
    _of_file, _of_unfinished_files, _of_worker, _of_named_tasks, _of_queues, _of_origin, _of_category,
    _last_attempts,
)  # fmt: skip


def link_changes(selection: Selection, **changes: str | None) -> dict[str, str | None]:
    """What a link must carry so that it opens exactly the rows that were counted."""
    carried = {**selection.absolute, "limit": None, "after": None}
    if "jeditaskid" in changes and not drops_retries(dict(selection.parameters)):
        carried["mode"] = "nodrop"
    return carried | changes
