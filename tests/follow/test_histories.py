"""Drawn histories: whatever the server does, in time or late, the follower ends with what PanDA shows."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bigpandamon_core.domain.states import JOB_STATES
from tests.campaigns import examples
from tests.follow.conftest import TABLES, agree
from tests.follow.server import change, job, move, remove

LATE = timedelta(seconds=200)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["new", "move", "change", "copy", "remove", "look", "look"]),
        st.integers(0, 5),
        st.sampled_from(TABLES),
        st.sampled_from(JOB_STATES),
        st.sampled_from([0, 0, 0, 30, 90, 200]),
    ),
    max_size=30,
)


class Server:
    """Jobs by number, each in one or two tables."""

    def __init__(self, panda, clock):
        self.panda, self.clock = panda, clock
        self.tables: dict[int, list[str]] = {}

    def act(self, act: str, number: int, table: str, state: str, late: int) -> None:
        at = self.clock.moment - timedelta(seconds=late)
        here = self.tables.setdefault(number, [])
        told = {"jobstatus": state, "statechangetime": at, "modificationtime": at}
        if (act == "new" and not here) or (act == "copy" and table not in here):
            job(self.panda, table, pandaid=number, at=at, jobstatus=state)
            here.append(table)
        elif here and act == "move" and table not in here:
            move(number, here[0], table, **told)
            here[0] = table
        elif here and act == "change":
            change(number, here[-1], **told)
        elif here and act == "remove":
            remove(number, here.pop())


@pytest.mark.slow
@settings(
    max_examples=examples(25),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS)
def test_every_history(panda, clock, follower, step, acts):
    from bigpandamon_core.state.follow import FacetBatch, FollowPosition, FollowStatus, JobState

    panda.clear()
    for model in (JobState, FollowPosition, FollowStatus, FacetBatch):
        model.objects.all().delete()
    server = Server(panda, clock)
    for act, number, *how in acts:
        if act == "look":
            step(7)
        else:
            server.act(act, number + 1, *how)
    step(61)
    step(61)
    step(3 * 3600)
    agree()
