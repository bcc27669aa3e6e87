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
