"""Data sets of tasks: how they are named and asked for, and the groups their states are shown in."""

from collections.abc import Mapping

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.conditions import All, AnyOf, Condition, like, one_of
from bigpandamon_core.domain.problems import Problem

_GROUP_OF = {
    "done": "good", "finished": "good", "ready": "running", "failed": "bad", "broken": "bad",
    "removed": "ended",
}  # fmt: skip
STATES = tuple("registered defined toupdate ready done finished failed removed broken".split())
BY_NAME = ("datasetname", "containername")
BY_NUMBER = ("datasetid", "jeditaskid")


def dataset_group(state: str) -> str:
    """The group a data set's state is shown in; an unknown or absent one counts as waiting."""
    return _GROUP_OF.get(state, "waiting")


def without_scope(name: str) -> str:
    return name.partition(":")[2] or name


def scope_of(name: str) -> str:
    return name.partition(":")[0] if ":" in name else ""


def numbers(column: str, value: str) -> Condition:
    """One whole number or a list of as many as one statement binds, of a column that is never absent."""
    rules.split(value, "|,")
    return rules.identifiers(column, value)


def named(column: str, name: str) -> Condition:
    """Names to the letter, `*` for anything, whatever scope stands before them or none. No index serves that:
    something else must say where to look."""
    if len(name) > rules.LONGEST_PIECE:
        raise rules.illegal(name, f"Give at most {rules.LONGEST_PIECE} characters.")
    bare = without_scope(name)
    return AnyOf((like(column, bare), like(column, f"*:{bare}")))


def spelled(column: str, name: str) -> Condition:
    """A name as a table may have it: as it is given, without its scope, or with the scope that its first word
    or two make. An index serves that."""
    bare = without_scope(name)
    words = bare.split(".")
    scopes = [".".join(words[:count]) for count in (1, 2) if len(words) > count]
    return one_of(column, tuple(dict.fromkeys((name, bare, *(f"{scope}:{bare}" for scope in scopes)))))


def wanted(asked: Mapping[str, str]) -> Condition:
    """Data sets by their numbers, names, tasks and containers, as a request has them.

    Raises:
        Problem: what is given is no number, or a pattern of names without anything that says where to look.
    """
    found = [numbers(name, asked[name]) for name in BY_NUMBER if name in asked]
    if "containername" in asked:
        found.append(spelled("containername", asked["containername"]))
    if "datasetname" in asked:
        found.append(_named(asked["datasetname"], is_narrowed=bool(found)))
    return All(tuple(found))


def _named(name: str, is_narrowed: bool) -> Condition:
    if not is_narrowed and "*" in name:
        raise Problem(
            "A datasetname with * cannot be looked for alone",
            parameter="datasetname",
            code="illegal-value",
            remedy="Give the whole name, or the jeditaskid or containername beside the pattern.",
        )
    return named("datasetname", name) if is_narrowed else spelled("datasetname", name)
