"""What each parameter of jobs means. json-api facts, section 2, second table: its lines are the comments."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from bigpandamon_core.domain.job_fields import FIELDS
from bigpandamon_core.domain.problems import Problem
from tests.domain.requests import matches, selection

T = datetime(2026, 11, 20, 6)
MINUTE = timedelta(minutes=1)

Row = dict[str, Any]
RULES: list[tuple[str, list[Row], list[Row]]] = [
    # query, rows it takes, rows it does not take; a row is its columns, the others absent
    # workinggroup | exact, or text rules if it has wildcards
    ("workinggroup=GP_One", [{"workinggroup": "GP_One"}], [{"workinggroup": "gp_one"}, {}]),
    ("workinggroup=gp_*", [{"workinggroup": "GP_One"}], [{"workinggroup": "One"}]),
    ("workinggroup=!gp_*", [{"workinggroup": "One"}, {}], [{"workinggroup": "GP_One"}]),
    ("workinggroup=a|b", [{"workinggroup": "A"}], [{"workinggroup": "c"}]),
    ("workinggroup=Not specified", [{}, {"workinggroup": ""}], [{"workinggroup": "x"}]),
    # minramcount | an integer, or A-BGB = A*1000 … B*1000-1
    ("minramcount=2000", [{"minramcount": 2000}], [{"minramcount": 2001}, {}]),
    ("minramcount=2-3GB", [{"minramcount": 2000}, {"minramcount": 2999}], [{"minramcount": 3000}, {}]),
    ("minramcount=0-8GB", [{"minramcount": 0}, {"minramcount": 7999}], [{"minramcount": 8000}]),
    ("minramcount=2-3gb", [{"minramcount": 2500}], [{"minramcount": 1999}]),
    ("minramcount=-1-0GB", [{"minramcount": -1}], [{"minramcount": 0}]),
    ("minramcount=Not specified", [{}], [{"minramcount": 0}]),
    # processingtype | exact if no | * !
    ("processingtype=Reco", [{"processingtype": "Reco"}], [{"processingtype": "reco"}]),
    ("processingtype=reco,x", [{"processingtype": "reco,x"}], [{"processingtype": "reco"}]),
    ("processingtype=reco|sim", [{"processingtype": "RECO"}, {"processingtype": "sim"}], [{}]),
    ("processingtype=!re*", [{"processingtype": "sim"}, {}], [{"processingtype": "Reco"}]),
    # jobstatus | `|` or `,` list, exact; no wildcard and no !
    ("jobstatus=failed", [{"jobstatus": "failed"}], [{"jobstatus": "Failed"}, {}]),
    ("jobstatus=failed|holding", [{"jobstatus": "holding"}], [{"jobstatus": "running"}]),
    ("jobstatus=failed,holding", [{"jobstatus": "holding"}], [{"jobstatus": "running"}]),
    ("jobstatus=fail*", [], [{"jobstatus": "failed"}]),
    ("jobstatus=!failed", [], [{"jobstatus": "running"}, {"jobstatus": "failed"}]),
    # pandaid | one or , list
    ("pandaid=5", [{"pandaid": 5}], [{"pandaid": 6}]),
    ("pandaid=5,6", [{"pandaid": 5}, {"pandaid": 6}], [{"pandaid": 56}]),
    ("pandaid=5|6", [{"pandaid": 6}], [{"pandaid": 7}]),
    ("pandaid=5|Not specified", [{"pandaid": 5}], [{"pandaid": 6}]),
    ("pandaid=Not specified", [], [{"pandaid": 5}]),
    # jeditaskid, taskid, reqid | one or | list
    ("jeditaskid=7|8", [{"jeditaskid": 7}, {"jeditaskid": 8}], [{"jeditaskid": 9}, {}]),
    ("taskid=7", [{"taskid": 7}], [{"taskid": 8}, {}]),
    ("taskid=7|8", [{"taskid": 8}], [{"taskid": 9}]),
    ("reqid=7", [{"reqid": 7}], [{"reqid": 8}]),
    ("reqid=7|8", [{"reqid": 8}], [{}]),
    ("reqid=Not specified", [{}], [{"reqid": 0}]),
    # user, username | produsername contains, ignoring case, no wildcards
    ("user=jane", [{"produsername": "Jane Doe"}, {"produsername": "xJANE"}], [{"produsername": "Jan"}, {}]),
    ("username=*jane*", [{"produsername": "Jane Doe"}], [{"produsername": "Joe"}]),
    ("user=j*e", [{"produsername": "a J*E b"}], [{"produsername": "Jane"}]),
    # produsername | contains, ignoring case; with * | , ! the text rules
    ("produsername=jane", [{"produsername": "Mary Jane Doe"}], [{"produsername": "Joe"}]),
    ("produsername=jane*", [{"produsername": "Jane Doe"}], [{"produsername": "Mary Jane"}]),
    ("produsername=jane|joe", [{"produsername": "JOE"}], [{"produsername": "Jane Doe"}]),
    ("produsername=!jane*", [{"produsername": "Joe"}, {}], [{"produsername": "Jane"}]),
    ("produsername=*a*,*b*", [{"produsername": "Abe"}], [{"produsername": "Ann"}]),
    # prodsourcelabel | exact
    ("prodsourcelabel=user", [{"prodsourcelabel": "user"}], [{"prodsourcelabel": "User"}, {}]),
    ("prodsourcelabel=us*", [{"prodsourcelabel": "us*"}], [{"prodsourcelabel": "user"}]),
    # computingsite | text rules
    ("computingsite=a|b", [{"computingsite": "A"}, {"computingsite": "b"}], [{"computingsite": "c"}]),
    ("computingsite=!A", [{"computingsite": "b"}, {}], [{"computingsite": "a"}]),
    ("computingsite=X*", [{"computingsite": "xy"}], [{"computingsite": "yx"}]),
    # resourcetype | exact or | list
    ("resourcetype=SCORE", [{"resourcetype": "SCORE"}], [{"resourcetype": "score"}]),
    ("resourcetype=SCORE|MCORE", [{"resourcetype": "MCORE"}], [{"resourcetype": "X"}]),
    ("resourcetype=SCORE|Not specified", [{"resourcetype": "SCORE"}, {}], [{"resourcetype": "X"}]),
    # modificationhost | without @: contains (leading/trailing * dropped)
    ("modificationhost=node1", [{"modificationhost": "slot@Node1.example"}], [{"modificationhost": "n1"}]),
    ("modificationhost=*node1*", [{"modificationhost": "slot@node1"}], [{"modificationhost": "node2"}]),
    ("modificationhost=s@node1", [{"modificationhost": "s@node1"}], [{"modificationhost": "s@node11"}]),
    # transformation | contains, * dropped
    ("transformation=run", [{"transformation": "http://x/RunIt.py"}], [{"transformation": "ru"}, {}]),
    ("transformation=*r*un*", [{"transformation": "http://x/run.py"}], [{"transformation": "r.un"}]),
    ("transformation=*", [{"transformation": "x"}], [{}, {"transformation": ""}]),
    # specialhandling | contains, or text rules
    ("specialhandling=lb", [{"specialhandling": "ALB,ts"}], [{"specialhandling": "ts"}]),
    ("specialhandling=lb*", [{"specialhandling": "lb:1"}], [{"specialhandling": "alb"}]),
    # corecount=1 | also matches NULL
    ("corecount=1", [{"corecount": 1}, {}], [{"corecount": 8}]),
    ("corecount=1|8", [{"corecount": 8}, {}], [{"corecount": 4}]),
    ("corecount=8", [{"corecount": 8}], [{"corecount": 1}, {}]),
    # eventservice | names or numbers, | list; not2; all; any other word = NULL
    ("eventservice=esmerge", [{"eventservice": 2}], [{"eventservice": 1}, {}]),
    ("eventservice=1|jumbo", [{"eventservice": 1}, {"eventservice": 4}], [{"eventservice": 2}, {}]),
    ("eventservice=finegrained", [{"eventservice": 6}], [{"eventservice": 5}]),
    ("eventservice=not2", [{"eventservice": 1}, {}], [{"eventservice": 2}]),
    ("eventservice=all", [{"eventservice": 1}, {"eventservice": 6}], [{}]),
    ("eventservice=ordinary", [{}], [{"eventservice": 1}]),
    # jobtype
    ("jobtype=analysis", [{"prodsourcelabel": "user", "transformation": "http://x"}],
     [{"prodsourcelabel": "user", "transformation": "x.py"},
      {"prodsourcelabel": "managed", "transformation": "http://x"}, {}]),
    ("jobtype=analy*", [{"prodsourcelabel": "rc_test2", "transformation": "http://x"}], [{}]),
    ("jobtype=production", [{"prodsourcelabel": "managed", "transformation": "x.py"}],
     [{"prodsourcelabel": "user", "transformation": "x.py"},
      {"prodsourcelabel": "managed", "transformation": "http://x"}]),
    ("jobtype=groupproduction", [{"prodsourcelabel": "managed", "workinggroup": "G"}],
     [{"prodsourcelabel": "managed"}, {"workinggroup": "G"}]),
    ("jobtype=eventservice", [{"eventservice": 1}], [{"eventservice": 2}, {}]),
    ("jobtype=esmerge", [{"eventservice": 2}], [{"eventservice": 1}]),
    ("jobtype=*test*", [{"prodsourcelabel": "prod_Test"}], [{"prodsourcelabel": "managed"}]),
    ("jobtype=nonsense", [], [{"prodsourcelabel": "managed"}, {}]),
    # harvesterinstance | scheduler id equals harvester-<value>; all; Not specified
    ("harvesterinstance=H_1", [{"schedulerid": "harvester-H_1"}], [{"schedulerid": "harvester-h_1"}, {}]),
    ("harvesterinstance=all", [{"schedulerid": "harvester-H_1"}], [{"schedulerid": "other"}, {}]),
    ("harvesterinstance=Not specified", [{"schedulerid": "other"}, {}], [{"schedulerid": "harvester-x"}]),
    # pilotversion | pilot id ends with it
    ("pilotversion=3.1", [{"pilotid": "url|x|3.1"}], [{"pilotid": "url|x|3.10"}, {}]),
    # processor_type | cpu / gpu (job metrics without / with nGPU=)
    ("processor_type=gpu", [{"jobmetrics": "a=1 nGPU=2"}], [{"jobmetrics": "a=1"}, {}]),
    ("processor_type=CPU", [{"jobmetrics": "a=1"}, {}], [{"jobmetrics": "nGPU=2"}]),
    ("processor_type=tpu", [], [{"jobmetrics": "nGPU=2"}, {}]),
    # container_name=all | any container
    ("container_name=all", [{"container_name": "x"}], [{}, {"container_name": ""}]),
    ("container_name=x*", [{"container_name": "Xy"}], [{"container_name": "all"}]),
    # priorityrange, jobsetrange | lo:hi inclusive
    ("priorityrange=900:999", [{"currentpriority": 900}, {"currentpriority": 999}],
     [{"currentpriority": 899}, {"currentpriority": 1000}, {}]),
    ("priorityrange=-100:-1", [{"currentpriority": -50}], [{"currentpriority": 0}]),
    ("jobsetrange=100:199", [{"jobsetid": 150}], [{"jobsetid": 200}, {}]),
    ("jobsetrange=Not specified", [{}], [{"jobsetid": 1}]),
    # durationmin, neventsrange | lo-hi; durationmin=0-0 = not started
    ("durationmin=10-29", [{"starttime": T, "endtime": T + 10 * MINUTE},
                           {"starttime": T, "endtime": T + 30 * MINUTE - timedelta(seconds=1)}],
     [{"starttime": T, "endtime": T + 30 * MINUTE}, {"starttime": T, "endtime": T + 9 * MINUTE}, {}]),
    ("durationmin=0-0", [{}, {"endtime": T}], [{"starttime": T, "endtime": T}]),
    ("durationmin=0-9", [{"starttime": T, "endtime": T}, {"starttime": T, "endtime": T - MINUTE}], [{}]),
    ("durationmin=10080-9999999", [{"starttime": datetime(1980, 1, 1), "endtime": T}], [{}]),
    ("durationmin=99999999-99999999", [], [{"starttime": datetime(1980, 1, 1), "endtime": T}]),
    ("neventsrange=10-99", [{"nevents": 10}, {"nevents": 99}], [{"nevents": 100}, {"nevents": 9}, {}]),
    # other integer columns | equality with one integer
    ("attemptnr=3", [{"attemptnr": 3}], [{"attemptnr": 2}, {}]),
    ("piloterrorcode=1099", [{"piloterrorcode": 1099}], [{"piloterrorcode": 0}]),
    # Without a wildcard jobname is exact and case-sensitive
    ("jobname=Job.1", [{"jobname": "Job.1"}], [{"jobname": "job.1"}, {}]),
    ("jobname=job*", [{"jobname": "Job.1"}], [{"jobname": "xjob"}]),
    # any text column of the job
    ("nucleus=x*", [{"nucleus": "Xa"}], [{"nucleus": "a"}]),
    ("transexitcode=65", [{"transexitcode": "65"}], [{"transexitcode": "6"}]),
    ("cpuconsumptiontime=12.5", [], [{"cpuconsumptiontime": 12}]),
    # different parameters are joined by and
    ("cloud=A&computingsite=b*", [{"cloud": "a", "computingsite": "Bx"}], [{"cloud": "A"}]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "row"), [(query, row) for query, taken, _ in RULES for row in taken])
def test_takes(query, row):
    assert matches(query, **row)


@pytest.mark.parametrize(("query", "row"), [(query, row) for query, _, refused in RULES for row in refused])
def test_does_not_take(query, row):
    assert not matches(query, **row)


@pytest.mark.parametrize(
    "query",
    """priorityrange=900 priorityrange=a:b durationmin=5 durationmin=a-b neventsrange=5 jobsetrange=1-2
    minramcount=2GB minramcount=a-bGB minramcount=x corecount=many cpuconversion=much cpuconversion=nan
    cpuconversion=1e400 cpuconversion=Infinity pandaid=a jeditaskid=x witherrors=yes""".split(),
)
def test_a_value_that_cannot_be_read_is_refused(query):
    name = query.partition("=")[0]
    with pytest.raises(Problem, match=f"for {name}$|for {name} ") as refused:
        selection(query)
    assert (refused.value.status, refused.value.parameter) == (400, name)
    assert refused.value.remedy


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
@pytest.mark.parametrize("value", ["x", "1", "1-2", "1:2", "a*|!b", "Not specified", "%_\\", "é😀"])
def test_every_field_has_a_condition_or_a_problem(field, value):
    for make in (field.condition, field.condition_shown):
        with suppress(Problem):
            assert make(value) is not None


def test_every_field_says_what_it_is():
    assert all(field.help.endswith(".") for field in FIELDS)
    assert len({field.name for field in FIELDS}) == len(FIELDS)
