"""Jobs of saved answers, turned back into what is stored."""

from typing import Any

import pytest

from bigpandamon_core.demo.importing import answers
from bigpandamon_core.demo.importing.rows import Row
from bigpandamon_core.sources.records import Record, Refused


def row(**values: Any) -> Row:
    return answers.answer_row(Record("record 1", {"pandaid": 7, **values}))


def stored(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in row(**values).values.items() if name != "pandaid"}


TURNED_BACK = [
    ({"schedulerid": "instance_one"}, {"schedulerid": "harvester-instance_one"}),
    ({"schedulerid": "harvester-instance_one"}, {"schedulerid": "harvester-instance_one"}),
    ({"schedulerid": "Not specified"}, {}),
    (
        {"jobstatus": "subfinished", "jobsubstatus": "fg_partial"},
        {"jobstatus": "finished", "jobsubstatus": "fg_partial"},
    ),
    (
        {"jobstatus": "failed", "jobsubstatus": "fg_stumble"},
        {"jobstatus": "failed", "jobsubstatus": "fg_stumble"},
    ),
    ({"eventservice": "ordinary"}, {}),
    ({"eventservice": "cojumbo"}, {"eventservice": 5}),
    ({"eventservice": 2}, {"eventservice": 2}),
    ({"maxpss": "1.50"}, {"maxpss": 1536}),
    ({"maxpss": 1536}, {"maxpss": 1536}),
    ({"produsername": "Unknown"}, {}),
    ({"produserid": "/CN=one", "produsername": "/CN=one"}, {"produserid": "/CN=one"}),
    ({"produserid": "/CN=one", "produsername": "Ada"}, {"produserid": "/CN=one", "produsername": "Ada"}),
    ({"transformation": "run.py", "corecount": 1}, {"transformation": "run.py", "corecount": 1}),
    ({"jobname": "", "reqid": None}, {}),
]


@pytest.mark.parametrize(("shown", "expected"), TURNED_BACK)
def test_what_is_shown_is_turned_back(shown: dict[str, Any], expected: dict[str, Any]):
    assert stored(**shown) == expected


def test_computed_keys_are_dropped_without_a_word():
    told = row(durationsec=5, wn="node1", errorinfo="pilot:1099", category="run", priorityrange="900:999")
    assert told.values == {"pandaid": 7}
    assert told.left_out == ()


def test_what_could_have_been_stored_but_has_no_column_is_named():
    assert row(metastruct={"a": 1}, durationsec=1).left_out == ("metastruct",)


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        ({"eventservice": "rodeo"}, "eventservice: 'rodeo' is none of"),
        ({"maxpss": "big"}, "maxpss: 'big' is not"),
    ],
)
def test_what_cannot_be_turned_back_is_refused(shown: dict[str, Any], reason: str):
    with pytest.raises(Refused, match=reason):
        row(**shown)


def test_recognised_by_a_computed_key(tmp_path):
    assert answers.recognises(tmp_path, Record("record 1", {"pandaid": 1, "durationmin": 3}))
    assert not answers.recognises(tmp_path, Record("record 1", {"pandaid": 1, "jobstatus": "failed"}))
