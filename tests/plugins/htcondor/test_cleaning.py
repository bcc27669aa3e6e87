"""What has not changed for long goes with all that belongs to it, and nothing else."""

from datetime import timedelta

import pytest
from django.db import transaction

from bigpandamon_core.plugin import Turn
from bigpandamon_core.schedule import clean_up
from bigpandamon_htcondor.dag_store import put_dag, put_nodes
from bigpandamon_htcondor.models import BatchEvent, BatchJob, Dag, DagNode, PandaLink
from bigpandamon_htcondor.plugin import Htcondor
from bigpandamon_htcondor.store import store
from tests.plugins.conftest import NOON

OLD, YOUNG = NOON - timedelta(days=11), NOON - timedelta(days=9)
TEN = dict.fromkeys(Htcondor.retentions, 10)


@pytest.fixture
def kept(own, noon):
    for name, moment in (("old", OLD), ("young", YOUNG)):
        ads = [{"GlobalJobId": f"{name}#{number}.0#1", "wmsid": str(number)} for number in range(5)]
        assert store(ads, moment).stored == 5
        for one in ads:
            BatchEvent.objects.create(globaljobid=one["GlobalJobId"], moment=moment, number=0)
        put_dag(name, moment, {"state": "done"}, {})
        put_nodes(name, {"a": {"state": "done"}, "b": {"parents": {"a"}}})


def counts() -> list[int]:
    return [model.objects.count() for model in (BatchJob, PandaLink, BatchEvent, Dag, DagNode)]


def test_old_ones_go(kept):
    turn = Turn({"schedule.keep_days": TEN}.__getitem__, 3600, transaction.atomic, lambda: False)
    assert clean_up.run(Htcondor.retentions, turn) == "5 of htcondor-jobs, 1 of htcondor-dags removed"
    assert counts() == [5, 5, 5, 1, 2]
    assert {name.partition("#")[0] for name in BatchJob.objects.values_list("pk", flat=True)} == {"young"}
    assert clean_up.run(Htcondor.retentions, turn) == "no rows removed"
