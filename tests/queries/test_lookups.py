"""Parameters that need another table: which jobs they find."""

import pytest

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import parse
from bigpandamon_core.panda.errors import ErrorDescriptions
from bigpandamon_core.panda.files import FilesTableArch
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from bigpandamon_core.queries import lookups
from bigpandamon_core.queries.job_pages import page
from tests.instance.defaults import moment

NOUN = job_requests.noun()


@pytest.fixture
def jobs(panda, own):
    """Seven jobs that ended now, and what they are found by."""
    names = ("QUEUE_ONE", "QUEUE_ONE", "QUEUE_TWO", "QUEUE_TWO", "queue_one", "GONE", None)
    for number, queue in enumerate(names, 1):
        panda.job(pandaid=number, computingsite=queue, jeditaskid=70 + number, modificationtime=moment())
    return panda


def found(**parameters: str) -> list[int]:
    selection = parse(parameters.items(), NOUN, moment())
    return sorted(row["pandaid"] for row in page(selection, ("pandaid",), 100, moment()))


def test_jobs_of_a_file_and_of_a_dataset(jobs):
    jobs.file(1, jeditaskid=71, datasetid=5, fileid=50)
    jobs.file(2, jeditaskid=72, datasetid=5, fileid=50)
    jobs.file(3, jeditaskid=71, datasetid=5, fileid=51)
    jobs.file(4, FilesTableArch, jeditaskid=71, datasetid=5, fileid=51)
    jobs.row(JediDatasetContents, jeditaskid=71, datasetid=5, fileid=52, pandaid=5, lfn="x", type="input")
    jobs.row(JediDatasets, jeditaskid=71, datasetid=5, datasetname="x", type="input")
    task = {"jeditaskid": "71|72|73|74|75"}
    assert found(**task, datasetid="5", fileid="50") == [1, 2]
    assert found(**task, datasetid="5", fileid="51|52") == [3, 4, 5]
    assert found(jeditaskid="71", datasetid="5", mode="nodrop") == [1]
    assert found(datasetid="5") == [1, 3, 4, 5]
    assert found(datasetid="6") == []


def test_jobs_of_a_worker_an_instance_or_a_gateway(jobs):
    jobs.worker(1, workerid=9, harvesterid="H1", computingelement="ce.one")
    jobs.worker(2, workerid=9, harvesterid="H2", computingelement="CE.two")
    jobs.worker(3, workerid=10, harvesterid="H1", computingelement="other")
    assert found(workerid="9") == [1, 2]
    assert found(workerid="9|10") == [1, 2, 3]
    assert found(workerid="9", harvesterinstance="H1") == [1]
    assert found(workerid="9", harvesterid="H2") == [2]
    assert found(workerid="9", harvesterid="h2") == []
    assert found(workerid="9", harvesterinstance="all") == [1, 2]
    assert found(harvesterce="ce.*") == [1, 2]
    assert found(harvesterce="CE.ONE", harvesterid="H1") == [1]
    assert found(workerid="11") == []


def test_jobs_of_an_instance(jobs):
    jobs.job(pandaid=20, schedulerid="harvester-H1")
    jobs.job(pandaid=21, schedulerid="harvester-h1")
    assert found(harvesterid="H1") == [20]
    assert found(harvesterinstance="H1") == [20]
    assert found(harvesterinstance="all") == [20, 21]
    assert found(harvesterinstance="Not specified") == [1, 2, 3, 4, 5, 6, 7]


def test_jobs_of_tasks_by_name(jobs):
    jobs.task(jeditaskid=71, taskname="task.One/", username="Ada Example")
    jobs.task(jeditaskid=72, taskname="task.two/", username="Joe")
    assert found(taskname="task.one/") == [1]
    assert found(taskname="task.*") == [1, 2]
    assert found(taskname="task.*", username="ada*") == [1]
    assert found(taskname="task.*", user="joe") == []
    assert found(taskname="nothing*") == []


def test_jobs_on_queues_with_a_property(jobs):
    jobs.queue("QUEUE_ONE", cloud="North", atlas_site="Site A", status="online", corecount=8)
    jobs.queue("QUEUE_TWO", cloud="South", atlas_site="Site B", status="offline")
    jobs.queue("EMPTY", cloud="South")
    assert found(region="north") == [1, 2]
    assert found(region="N*|S*") == [1, 2, 3, 4]
    assert found(site="site a") == [1, 2]
    assert found(queuestatus="!online") == [3, 4]
    assert found(queuecorecount="8") == [1, 2]
    assert found(queuecorecount="Not specified") == [3, 4]
    assert found(queuenothing="x") == []
    assert found(region="south", queuestatus="offline") == [3, 4]


def test_jobs_with_an_error_of_a_category(jobs):
    descriptions = (("pilot", 1099, 1), ("trans", 65, 2), ("exe", 60, 1), ("ddm", 200, 3))
    for number, (component, code, category) in enumerate(descriptions, 1):
        jobs.row(ErrorDescriptions, id=number, component=component, code=code, category=category)
    jobs.job(pandaid=30, piloterrorcode=1099)
    jobs.job(pandaid=31, transexitcode="65")
    jobs.job(pandaid=32, exeerrorcode=60, piloterrorcode=5)
    jobs.job(pandaid=33, ddmerrorcode=200)
    assert found(errorcategory="1") == [30, 32]
    assert found(errorcategory="2|3") == [31, 33]
    assert found(errorcategory="9") == []


@pytest.mark.parametrize("parameter", ["datasetid", "workerid", "errorcategory"])
def test_what_is_no_number_is_refused(parameter):
    with pytest.raises(Problem, match=f"for {parameter}"):
        parse([(parameter, "x")], NOUN, moment())


def test_too_many_records_are_refused(jobs, monkeypatch):
    monkeypatch.setattr(lookups, "MOST_IDS", 2)
    for number in range(1, 4):
        jobs.worker(number, workerid=9, harvesterid=f"H{number}")
    with pytest.raises(Problem, match="More than 2 records belong to this workerid"):
        found(workerid="9")
