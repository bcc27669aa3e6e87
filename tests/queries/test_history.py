"""What happened to a job, as it is read."""

from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers
from bigpandamon_core.queries import history


def test_the_workers_of_a_job_the_newest_first(panda):
    pandaid = panda.job()
    for number in (70, 72, 71):
        panda.worker(pandaid, workerid=number, batchid=f"batch{number}")
    panda.worker(panda.job(), workerid=80)
    panda.row(HarvesterRelJobsWorkers, harvesterid="h1", workerid=99, pandaid=pandaid)
    told = [(row["workerid"], row["batchid"]) for row in history.workers_of(pandaid)]
    assert told == [(72, "batch72"), (71, "batch71"), (70, "batch70")]
    assert set(history.workers_of(pandaid)[0]) == set(history.WORKER_COLUMNS)
