"""Tables with rows come from one release to the next."""

from datetime import datetime, timedelta
from typing import Any

APP = "bigpandamon_htcondor"
NOW = datetime(2026, 5, 4, 12)
MINUTE = timedelta(minutes=1)


def test_since_when_and_what_processor_time_is_of(at_release):
    old = at_release(APP, "0001_batch_jobs").get_model(APP, "BatchJob").objects
    usual: dict[str, Any] = {"observed": NOW, "received": NOW, "core_s": 100.0, "committed_core_s": 60.0}
    told: dict[str, dict[str, Any]] = {
        "q@h#1.0#1": {"entered": NOW - MINUTE, "ended": NOW - 2 * MINUTE, "starts": 1},
        "q@h#2.0#1": {"ended": NOW - 2 * MINUTE, "starts": 3},
        "q@h#3.0#1": {"starts": 3, "attributes": '{"CumulativeRemoteUserCpu": 5}'},
        "q@h#4.0#1": {"entered": NOW + MINUTE},
    }
    try:
        for name, more in told.items():
            old.create(globaljobid=name, **({"attributes": "{}"} | usual | more))
        new = at_release(APP, "0002_since").get_model(APP, "BatchJob").objects
        found = {name: rest for name, *rest in new.values_list("globaljobid", "since", "cpu_core_s")}
        assert found == {
            "q@h#1.0#1": [NOW - MINUTE, 100],
            "q@h#2.0#1": [NOW - 2 * MINUTE, 60],
            "q@h#3.0#1": [NOW, 100],
            "q@h#4.0#1": [NOW, 100],
        }
    finally:
        at_release(APP, "0002_since").get_model(APP, "BatchJob").objects.all().delete()
