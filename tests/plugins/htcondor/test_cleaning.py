"""What has not changed for long goes with all that belongs to it, and nothing else."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from bigpandamon_core.plugin import Turn
from bigpandamon_htcondor import cleaning
from bigpandamon_htcondor.dag_store import put_dag, put_nodes
from bigpandamon_htcondor.models import BatchEvent, BatchJob, Dag, DagNode, PandaLink
from bigpandamon_htcondor.store import store
from tests.plugins.conftest import NOON

OLD, YOUNG = NOON - timedelta(days=11), NOON - timedelta(days=9)


@pytest.fixture
def kept(own, noon, monkeypatch):
    monkeypatch.setattr(cleaning, "AT_ONCE", 2)
    for name, moment in (("old", OLD), ("young", YOUNG)):
        ads = [{"GlobalJobId": f"{name}#{number}.0#1", "wmsid": str(number)} for number in range(5)]
        assert store(ads, moment).stored == 5
        for one in ads:
            BatchEvent.objects.create(globaljobid=one["GlobalJobId"], moment=moment, number=0)
        put_dag(name, moment, {"state": "done"}, {})
        put_nodes(name, {"a": {"state": "done"}, "b": {"parents": {"a"}}})


def cleaned(days: int, over: bool = False, fence=transaction.atomic) -> str:
    return cleaning.clean(Turn(lambda _: days, 3600, fence, lambda: over))


def counts() -> list[int]:
    return [model.objects.count() for model in (BatchJob, PandaLink, BatchEvent, Dag, DagNode)]


def test_old_ones_go(kept):
    assert cleaned(10) == "5 batch jobs and 1 DAGs let go"
    assert counts() == [5, 5, 5, 1, 2]
    assert {name.partition("#")[0] for name in BatchJob.objects.values_list("pk", flat=True)} == {"young"}
    assert cleaned(10) == "0 batch jobs and 0 DAGs let go"


def test_what_is_written_meanwhile_stays(kept):
    """Between looking for old ones and letting go of them one is told of again."""

    @contextmanager
    def late():
        store([{"GlobalJobId": "old#0.0#1", "JobStatus": 2}], NOON)
        with transaction.atomic():
            yield

    assert cleaned(10, fence=late) == "4 batch jobs and 1 DAGs let go"
    left = BatchJob.objects.get(pk="old#0.0#1")
    assert (left.state, PandaLink.objects.filter(globaljobid=left.pk).count()) == ("running", 1)


def test_all_stay_for_ever_or_while_the_process_ends(kept):
    cleaned(0)
    cleaned(10, over=True)
    assert counts() == [10, 10, 10, 2, 4]
