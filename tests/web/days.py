"""A shelf in memory, and a world of jobs of some days."""

from datetime import datetime, timedelta
from random import Random

from tests.instance.factory import Panda
from tests.web.conftest import NOON

DAY = timedelta(days=1)
CLOSED = 6
"""Days of a window of ten that are closed: of today and the two before facets may tell, the first is cut."""
ASKED = "days=10"


class Shelf(dict[str, bytes]):
    """Keeps everything."""

    def put(self, key: str, content: bytes) -> bool:
        self[key] = content
        return True


def fill(panda: Panda) -> None:
    """Jobs of twelve days, some in two tables."""
    random = Random(9)
    for number in range(300):
        at = NOON - timedelta(minutes=random.randrange(12 * 1440))
        state = random.choice(("finished", "failed", "cancelled", "running"))
        told = {
            "jobstatus": state, "modificationtime": at, "statechangetime": at, "endtime": at,
            "computingsite": f"Q{number % 3}", "piloterrorcode": 1099 * (state == "failed"),
        }  # fmt: skip
        panda.job("jobsactive4" if state == "running" else "jobsarchived4", pandaid=9000 + number, **told)
        if number % 50 == 0 and state != "running":
            panda.job("jobsactive4", pandaid=9000 + number, **told | {"statechangetime": at - DAY})
            panda.job("jobsarchived", pandaid=9000 + number, **told | {"statechangetime": at - 2 * DAY})
    panda.job("jobsarchived4", modificationtime=datetime(2026, 2, 25), jobstatus="closed")
    panda.job("jobsarchived", modificationtime=datetime(2026, 2, 24), jobstatus="failed")
