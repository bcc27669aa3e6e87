"""The same values come back on SQLite, MariaDB and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connections

from bigpandamon_core.panda.jobs import JobsArchived4
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.panda.statuslog import JobsStatusLog

WHOLE = datetime(2026, 3, 29, 1, 0, 0)
FRACTION = datetime(2026, 3, 29, 1, 0, 0, 1)
NEXT = datetime(2026, 3, 29, 1, 0, 1)


def jobs(reader, **conditions):
    found = JobsArchived4.objects.using(reader).filter(**conditions).order_by("modificationtime")
    return list(found.values_list("modificationtime", flat=True))


def test_times_are_naive_and_keep_their_fractions(panda, reader):
    for moment in (NEXT, FRACTION, WHOLE):
        panda.job(modificationtime=moment)
    assert jobs(reader) == [WHOLE, FRACTION, NEXT]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"modificationtime": FRACTION}, [FRACTION]),
        ({"modificationtime__gt": WHOLE}, [FRACTION, NEXT]),
        ({"modificationtime__gte": FRACTION}, [FRACTION, NEXT]),
        ({"modificationtime__lt": FRACTION}, [WHOLE]),
        ({"modificationtime__lte": FRACTION}, [WHOLE, FRACTION]),
        ({"modificationtime__range": (FRACTION, NEXT)}, [FRACTION, NEXT]),
        ({"modificationtime__in": [WHOLE, NEXT]}, [WHOLE, NEXT]),
    ],
)
def test_times_compare_as_times(panda, reader, condition, expected):
    for moment in (NEXT, FRACTION, WHOLE):
        panda.job(modificationtime=moment)
    assert jobs(reader, **condition) == expected


def test_a_time_with_a_zone_is_refused(reader):
    with pytest.raises(ValueError, match="naive UTC"):
        jobs(reader, modificationtime__gt=WHOLE.replace(tzinfo=UTC))


def test_decimals_are_decimals(panda, reader):
    panda.job(cpuconsumptiontime=Decimal("12345678901234"), cpuconversion=Decimal("1.25"), meancorecount=None)
    row = (
        JobsArchived4.objects.using(reader)
        .values("cpuconsumptiontime", "cpuconversion", "meancorecount")
        .get()
    )
    assert list(row.values()) == [Decimal("12345678901234"), Decimal("1.25"), None]
    assert all(isinstance(value, Decimal) for value in list(row.values())[:2])


def test_fixed_text_comes_without_its_padding(panda, reader):
    panda.job(ipconnectivity="yes", maxdiskunit=None)
    row = JobsArchived4.objects.using(reader).values_list("ipconnectivity", "maxdiskunit")
    assert list(row.filter(ipconnectivity="yes")) == [("yes", None)]


def test_text_is_exact(panda, reader):
    for name in ("Ärger %_\\ 🐼", "ärger %_\\ 🐼", "trailing ", "trailing"):
        panda.job(jobname=name)
    names = JobsArchived4.objects.using(reader).order_by("pandaid").values_list("jobname", flat=True)
    assert list(names) == ["Ärger %_\\ 🐼", "ärger %_\\ 🐼", "trailing ", "trailing"]
    assert list(names.filter(jobname="Ärger %_\\ 🐼")) == ["Ärger %_\\ 🐼"]


def test_a_document_is_an_object(panda, reader):
    panda.queue("QUEUE_ONE", status="online", list=[1, {"ü": None}])
    document = SchedconfigJson.objects.using(reader).get().data
    assert document == {"panda_resource": "QUEUE_ONE", "status": "online", "list": [1, {"ü": None}]}


def test_a_broken_document_does_not_take_the_others_away(panda, reader, vendor):
    if vendor == "postgresql":
        pytest.skip("PostgreSQL stores no broken documents")
    panda.queue("QUEUE_ONE")
    panda.queue("QUEUE_TWO")
    with connections["demo"].cursor() as cursor:
        cursor.execute("UPDATE schedconfig_json SET data = '{oops' WHERE panda_queue = 'QUEUE_ONE'")
    found = dict(SchedconfigJson.objects.using(reader).values_list("panda_queue", "data"))
    assert found == {"QUEUE_ONE": None, "QUEUE_TWO": {"panda_resource": "QUEUE_TWO"}}


def test_a_table_without_a_key_holds_equal_rows(panda, reader):
    for _ in range(2):
        panda.status(1, "running", WHOLE)
    assert JobsStatusLog.objects.using(reader).filter(pandaid=1).count() == 2


def test_whole_jobs_leave_the_long_texts_behind(panda, reader):
    panda.job(jobparameters="x" * 100)
    job = JobsArchived4.objects.using(reader).get()
    assert job.get_deferred_fields() == {"jobparameters", "metadata"}
