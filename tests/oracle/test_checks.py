"""The checks find what they are for, and let pass what is right."""

from datetime import datetime

import pytest
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import TruncHour, Upper

from bigpandamon_core.panda.files import FilesTable4, FilesTableArch
from bigpandamon_core.panda.jobs import JobsActive4, JobsArchived, JobsArchived4
from bigpandamon_core.panda.statuslog import JobsStatusLog
from bigpandamon_core.panda.tasks import JediJobRetryHistory
from tests.oracle.checks import DoesNotParse, check
from tests.oracle.compiler import Statement

BEGIN, END = datetime(2026, 1, 1), datetime(2026, 1, 2)
BOUNDED = JobsArchived.objects.filter(modificationtime__range=(BEGIN, END)).values_list("pandaid")
ACTIVE = JobsActive4.objects.values_list("pandaid")
RETRIES = JediJobRetryHistory.objects.filter(
    jeditaskid=OuterRef("jeditaskid"), oldpandaid=OuterRef("pandaid")
)
IN_FROM = 'SELECT "PANDAID" FROM "OWNER_PANDA"."JOBSACTIVE4"'

GOOD = {
    "bounded": BOUNDED,
    "half bounded": JobsArchived4.objects.filter(modificationtime__gte=BEGIN).values("pandaid"),
    "one by key": JobsArchived.objects.filter(pandaid=1).values("pandaid"),
    "some by key": FilesTableArch.objects.filter(pandaid__in=[1, 2]).values("lfn"),
    "page": BOUNDED.order_by("-modificationtime", "-pandaid")[20:30],
    "not retried": BOUNDED.exclude(Exists(RETRIES)).filter(~Exists(RETRIES)),
    "counted": BOUNDED.values("jobstatus").annotate(jobs=Count("pandaid")).order_by("jobstatus"),
    "by hour": BOUNDED.annotate(hour=TruncHour("modificationtime")).values("hour"),
    "prefix": BOUNDED.filter(jobname__startswith="a%_\\"),
    "upper with its own index": BOUNDED.filter(produsername__iexact="ada"),
    "upper without any": BOUNDED.filter(nucleus__icontains="one"),
    "status log": JobsStatusLog.objects.filter(pandaid=1)
    .order_by("modiftime_extended")
    .values_list("jobstatus"),
    "many ids": FilesTable4.objects.filter(pandaid__in=range(2500)).values("lfn"),
    "both": BOUNDED.union(ACTIVE),
}


@pytest.mark.parametrize("rows", GOOD.values(), ids=GOOD)
def test_a_right_statement_passes(oracle_compiler_without_server, rows):
    check(oracle_compiler_without_server.statement(rows))


BAD = {
    "archive without bounds": JobsArchived.objects.filter(jobstatus="failed").values("pandaid"),
    "archive bounded in one branch": JobsArchived.objects.filter(
        Q(modificationtime__gte=BEGIN) | Q(jobstatus="failed")
    ).values("pandaid"),
    "recent archive without bounds": JobsArchived4.objects.values("pandaid"),
    "inner archive without bounds": ACTIVE.filter(
        Exists(JobsArchived.objects.filter(jeditaskid=OuterRef("jeditaskid")))
    ),
    "function around an index": ACTIVE.annotate(site=Upper("computingsite")).filter(site="ONE"),
    "ignoring case": ACTIVE.filter(jobname__icontains="x"),
    "sum with an indexed column": ACTIVE.annotate(later=F("currentpriority") + 1).filter(later__gt=5),
    "truncated time": BOUNDED.annotate(hour=TruncHour("modificationtime")).filter(hour=BEGIN),
}


@pytest.mark.parametrize("rows", BAD.values(), ids=BAD)
def test_a_wrong_statement_fails(oracle_compiler_without_server, rows):
    with pytest.raises(AssertionError):
        check(oracle_compiler_without_server.statement(rows))


WRITTEN = {
    "value": f"{IN_FROM} WHERE JOBSTATUS = 'failed'",
    "number": f"{IN_FROM} WHERE PANDAID = 12",
    "uncast time": f"{IN_FROM} WHERE MODIFICATIONTIME > %s",
    "uncast range": f"{IN_FROM} WHERE MODIFICATIONTIME BETWEEN %s AND %s",
    "hint on no table": 'SELECT /*+ INDEX(x JOBS_IX) */ "PANDAID" FROM "OWNER_PANDA"."JOBSACTIVE4" a',
    "unknown hint": 'SELECT /*+ INDEKS(a) */ "PANDAID" FROM "OWNER_PANDA"."JOBSACTIVE4" a',
    "owner forgotten": 'SELECT "PANDAID" FROM "JOBSACTIVE4"',
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_wrong_written_statement_fails(oracle_compiler_without_server, text):
    params = (BEGIN, END)[: text.count("%s")]
    with pytest.raises(AssertionError):
        check(oracle_compiler_without_server.sql(text, params))


def test_a_written_statement_with_hint_and_name_passes(oracle_compiler_without_server):
    text = (
        "/* jobs.list */ SELECT /*+ INDEX_RS_ASC(a JOBS_IX) LEADING(a) */ a.PANDAID"
        " FROM OWNER_PANDA.JOBSACTIVE4 a WHERE a.MODIFICATIONTIME > CAST(%s AS DATE) AND a.JOBSTATUS = %s"
    )
    check(oracle_compiler_without_server.sql(text, (BEGIN, "failed")))


def test_binds_that_do_not_fit_the_text_fail():
    with pytest.raises(AssertionError, match="binds differ"):
        check(Statement(f"{IN_FROM} WHERE PANDAID = :arg0", {":arg0": 1, ":arg1": 2}))


@pytest.mark.parametrize(
    "text", [f"{IN_FROM} WHERE", f"{IN_FROM} WHERE NO_SUCH_COLUMN = :a", "SELECT 1 FROM a.b.c."]
)
def test_what_oracle_could_not_read_fails(text):
    with pytest.raises(DoesNotParse):
        check(Statement(text, {":a": 1}))


def test_what_is_meant_can_be_said(oracle_compiler_without_server):
    rows = JobsArchived.objects.filter(jobname__icontains="x").values("pandaid")
    check(
        oracle_compiler_without_server.statement(rows),
        functions_on=("jobname",),
        unbounded="imported records",
    )


def test_everything_an_alias_is_asked_is_noted(oracle_compiler_without_server, panda_tables):
    from django.db import connections

    with oracle_compiler_without_server.in_place_of("panda") as statements:
        with connections["panda"].cursor() as cursor:
            cursor.execute("/* test */ SELECT %s FROM DUAL", [1])
        assert statements == [Statement("/* test */ SELECT :arg0 FROM DUAL", {":arg0": 1})]
    assert connections["panda"].vendor != "oracle"


def test_times_are_cast_in_every_comparison(oracle_compiler_without_server):
    rows = ACTIVE.filter(
        Q(modificationtime=BEGIN)
        | Q(modificationtime__in=[BEGIN, END])
        | Q(starttime__lt=Value(END, output_field=JobsActive4._meta.get_field("starttime")))
    )
    statement = oracle_compiler_without_server.statement(rows)
    check(statement)
    assert statement.text.count("AS DATE)") == 4


def test_exact_fractions_are_not_cast_away(oracle_compiler_without_server):
    rows = JobsStatusLog.objects.filter(modiftime_extended__gt=BEGIN).values("pandaid")
    assert "AS DATE" not in oracle_compiler_without_server.statement(rows).text


def test_fixed_text_is_compared_with_its_padding(oracle_compiler_without_server):
    statement = oracle_compiler_without_server.statement(ACTIVE.filter(ipconnectivity="yes"))
    assert list(statement.binds.values()) == ["yes  "]
