"""Times of jobs in bins, where what was noted before does not tell them."""

from bigpandamon_core.rollups.declared import TIMES
from bigpandamon_core.state.follow import JobState
from bigpandamon_core.state.rollups import RollupBin
from tests.follow.server import change, job
from tests.rollups.conftest import agree


def test_what_was_noted_before_times_were_kept_is_taken_back_as_it_was_put_in(panda, step, clock):
    pandaid = job(
        panda,
        "jobsarchived4",
        jobstatus="finished",
        at=clock.moment,
        endtime=clock.moment,
        cpuconsumptiontime=50,
    )
    step()
    noted = JobState.objects.get(pandaid=pandaid)
    words = noted.rolled.split(" ")
    assert "," in words.pop(3)
    JobState.objects.update(rolled=" ".join(words))
    RollupBin.objects.update(**dict.fromkeys(TIMES, 0))
    change(pandaid, "jobsarchived4", computingsite="QUEUE_TWO", modificationtime=clock.moment)
    step()
    agree()


def test_what_no_job_can_have_used_does_not_stop_the_others(panda, step, clock):
    at = clock.moment
    wrong = {"cpuconsumptiontime": 10**18, "actualcorecount": 2**31 - 1, "corecount": 2**31 - 1}
    for _ in range(20):
        job(panda, "jobsarchived4", jobstatus="finished", at=at, endtime=at, **wrong | {"corecount": 1})
    job(panda, "jobsarchived4", jobstatus="finished", at=at, endtime=at, cpuconsumptiontime=7)
    step()
    days = RollupBin.objects.filter(rollup=4, hours=24)
    assert sum(one.jobs for one in days) == 21
    assert sum(one.cpu_seconds for one in days) == 7
