"""What agents and older programs hand in: batch jobs in bulk, the good ones stored, the others told with why.

The addresses and answers of 2014 are those of PanDAWMS/panda-bigmon-core-old (core/api/htcondorapi) and of
its REST successor PanDAWMS/panda-bigmon-htcondor.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bigpandamon_core.plugin import Action, Done, Problem, Submission
from bigpandamon_htcondor.store import MISSING_FIELD, NOT_SAVED, NOT_UPDATED, Refusal, Stored, store

MOST_ITEMS, MOST_BYTES = 5_000, 20_000_000
CREATED, ACCEPTED, REFUSED = 201, 202, 400
ITEMS = {"type": "array", "maxItems": MOST_ITEMS, "items": {"type": "object"}}
ONE_OR_MORE = {"oneOf": [ITEMS, {"type": "object"}]}
TOLD = {
    "type": "object",
    "properties": {
        "stored": {"type": "integer"},
        "refused": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "index": {"type": "integer"},
                    "globaljobid": {"type": "string"},
                    "code": {"type": "integer", "enum": [MISSING_FIELD, NOT_SAVED, NOT_UPDATED]},
                    "reason": {"type": "string"},
                },
            },
        },
    },
}


def _items(handed_in: Submission) -> list[Any]:
    """The items of a body.

    Raises:
        Problem: it is no list, or a longer one than is taken at a time.
    """
    body = handed_in.body
    if not isinstance(body, list):
        raise Problem("The body is no list", code="illegal-body", remedy="Send a JSON list of jobs.")
    if len(body) > MOST_ITEMS:
        raise Problem(
            f"There are {len(body):,} items",
            status=413,
            code="too-large",
            remedy=f"Send at most {MOST_ITEMS:,} at a time.",
        )
    return body


def _told(done: Stored) -> str:
    return f"{done.stored} batch jobs, {len(done.refused)} refused"


def push(handed_in: Submission) -> Done:
    """Store jobs of an agent."""
    done = store(_items(handed_in), handed_in.call.now)
    refused = [
        {"index": one.index, "globaljobid": one.globaljobid, "code": one.code, "reason": one.reason}
        for one in done.refused
    ]
    return Done({"stored": done.stored, "refused": refused}, _told(done))


def _of_2014(
    status: int, store_items: Callable[[list[Any], Submission], Stored]
) -> Callable[[Submission], Done]:
    """An act whose answer is what came, or a list of codes and descriptions where an item was refused."""

    def run(handed_in: Submission) -> Done:
        items = _items(handed_in)
        done = store_items(items, handed_in)
        if done.refused:
            return Done([_description(one) for one in done.refused], _told(done), REFUSED)
        return Done(items, _told(done), status)

    return run


def _description(one: Refusal) -> dict[str, Any]:
    return {"ret": one.code, "desc": one.reason, "index": one.index, "globaljobid": one.globaljobid}


def _put(items: list[Any], handed_in: Submission) -> Stored:
    """Both keys of 2014 are wanted: items without a wmsid are refused."""
    without = {
        index for index, one in enumerate(items) if isinstance(one, dict) and one.get("wmsid") in (None, "")
    }
    return _some(items, without, "Missing field 'wmsid' in the request data!", handed_in)


def _some(items: list[Any], without: set[int], reason: str, handed_in: Submission) -> Stored:
    """Store all but some items; places are those of the request."""
    places = [index for index in range(len(items)) if index not in without]
    done = store([items[index] for index in places], handed_in.call.now)
    refused = [Refusal(places[one.index], one.globaljobid, one.code, one.reason) for one in done.refused]
    refused += [
        Refusal(index, str(items[index].get("globaljobid", ""))[:255], MISSING_FIELD, reason)
        for index in sorted(without)
    ]
    return replace(done, refused=sorted(refused, key=lambda one: one.index))


def _rest(status: int) -> Callable[[Submission], Done]:
    """An act of the REST successor: of a list, or of one object, which then is the answer."""

    def run(handed_in: Submission) -> Done:
        body = handed_in.body
        items = [body] if isinstance(body, dict) else _items(handed_in)
        done = store([_by_id(one) for one in items], handed_in.call.now)
        if done.refused:
            return Done([_description(one) for one in done.refused], _told(done), REFUSED)
        return Done(body, _told(done), status)

    return run


def _by_id(item: Any) -> Any:
    """An item whose key is called `id` there."""
    if not isinstance(item, dict) or "id" not in item:
        return item
    return {"GlobalJobId": item["id"]} | {name: value for name, value in item.items() if name != "id"}


def _remove(items: list[Any], handed_in: Submission) -> Stored:
    """Mark jobs removed; nothing is deleted."""
    now = handed_in.call.now
    names = [
        one.get("globaljobid", one.get("GlobalJobId")) if isinstance(one, dict) else None for one in items
    ]
    return store([{"GlobalJobId": name, "Removed": True} for name in names], now, only_known=True)


def _ignore(handed_in: Submission) -> Done:
    return Done([], f"{handed_in.method} without effect", ACCEPTED)


def _action(run: Callable[[Submission], Done], told: str) -> Action:
    """One that answers with a list."""
    return Action(run, told, body=ITEMS, answer=ITEMS, most_bytes=MOST_BYTES)


PUSH = replace(
    _action(push, "Add or update up to 5,000 jobs, by GlobalJobId; either spelling of names."), answer=TOLD
)
ADD = _action(_of_2014(CREATED, _put), "Add jobs: globaljobid and wmsid are wanted.")
UPDATE = _action(_of_2014(ACCEPTED, _put), "Update jobs: globaljobid and wmsid are wanted.")
REMOVE = _action(_of_2014(ACCEPTED, _remove), "Mark jobs removed.")
REST_ADD = replace(
    _action(_rest(CREATED), "Add jobs, by id or GlobalJobId: a list, or one."), body=ONE_OR_MORE
)
REST_UPDATE = replace(
    _action(_rest(200), "Update jobs, by id or GlobalJobId: a list, or one; a part of the fields will do."),
    body=ONE_OR_MORE,
)
REST_DELETE = _action(_ignore, "Without effect: jobs are never deleted.")
