from datetime import datetime
from decimal import Decimal

import pytest

from bigpandamon_core.demo.importing.conversion import CONVERTERS, converted
from bigpandamon_core.demo.importing.rows import columns
from bigpandamon_core.demo.schema import tables
from bigpandamon_core.panda.jobs import JobsArchived
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.sources.records import Refused

JOB = columns(JobsArchived)
DOCUMENT = columns(SchedconfigJson)["data"]

TAKEN = [
    ("nevents", "7", 7),
    ("nevents", "1178785.0", 1178785),
    ("nevents", 5.0, 5),
    ("nevents", Decimal("2E+3"), 2000),
    ("attemptnr", -32768, -32768),
    ("cpuconsumptiontime", "298.0", Decimal(298)),
    ("cpuconversion", "1", Decimal("1.0000")),
    ("meancorecount", 7.125, Decimal("7.13")),
    ("starttime", "2017-01-01T06:42:30", datetime(2017, 1, 1, 6, 42, 30)),
    ("starttime", "2017-01-01T06:42:30.0", datetime(2017, 1, 1, 6, 42, 30)),
    ("starttime", "2026-11-21 00:16:47.35484", datetime(2026, 11, 21, 0, 16, 47, 354840)),
    ("starttime", "2017-01-01T06:42:30Z", datetime(2017, 1, 1, 6, 42, 30)),
    ("starttime", "2017-01-01T06:42:30+02:00", datetime(2017, 1, 1, 4, 42, 30)),
    ("maxdiskunit", "MB  ", "MB"),
    ("ipconnectivity", "yes            ", "yes"),
    ("transexitcode", 65, "65"),
    ("jobname", "  kept as it is ", "  kept as it is "),
    ("jobname", "\N{GRINNING FACE}" * 256, "\N{GRINNING FACE}" * 256),
]
REFUSED = [
    ("nevents", "7.5", "nevents: '7.5' is not a whole number"),
    ("nevents", "many", "nevents: 'many' is not a number"),
    ("nevents", "NaN", "nevents: 'NaN' is not a number"),
    ("nevents", float("inf"), "nevents: inf is not a number"),
    ("nevents", "1e400000", "outside"),
    ("nevents", True, "nevents: True is not a number"),
    ("nevents", [1], "nevents: [1] is not a number"),
    ("attemptnr", "32768", "attemptnr: '32768' is outside -32768 to 32767"),
    ("pandaid", 2**63, "pandaid: 9223372036854775808 is outside"),
    ("cpuconversion", "100000", "cpuconversion: '100000' has more than 9 digits"),
    ("starttime", "yesterday", "starttime: 'yesterday' is not a time"),
    ("starttime", 1500000000, "starttime: 1500000000 is not a time"),
    ("jobstatus", "x" * 16, "jobstatus: 16 characters, room for 15"),
    ("jobname", {"a": 1}, "jobname: {'a': 1} is not a text"),
    ("jobname", "a\0b", "jobname: holds a NUL character"),
    ("jobname", "\udcff", "jobname: is not UTF-8 text"),
    ("jobname", "x" * 1000, "jobname: 1000 characters"),
]


@pytest.mark.parametrize(("name", "value", "expected"), TAKEN)
def test_understood(name: str, value: object, expected: object):
    assert converted(JOB[name], value) == expected


@pytest.mark.parametrize(("name", "value", "reason"), REFUSED)
def test_refused_with_the_column_s_name(name: str, value: object, reason: str):
    with pytest.raises(Refused) as refusal:
        converted(JOB[name], value)
    assert reason in str(refusal.value)
    assert str(refusal.value).startswith(f"{name}: ")
    assert len(str(refusal.value)) < 120


def test_documents_are_parsed():
    assert converted(DOCUMENT, '{"status": "online"}') == {"status": "online"}
    with pytest.raises(Refused, match="data: 'offline' is not a JSON document"):
        converted(DOCUMENT, "offline")


def test_every_column_of_every_table_has_a_rule():
    kinds = tuple(kind for kind, _ in CONVERTERS)
    assert [
        column for table in tables() for column in columns(table).values() if not isinstance(column, kinds)
    ] == []
