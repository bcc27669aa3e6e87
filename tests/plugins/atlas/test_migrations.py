"""Tables with rows come from one release to the next."""

from datetime import timedelta

from bigpandamon_core.plugin import now
from tests.plugins.conftest import NOON

APP = "bigpandamon_atlas"


def test_windows_of_before_count_as_come_now(at_release):
    try:
        old = at_release(APP, "0001_first").get_model(APP, "Interval").objects
        old.create(begin=NOON - timedelta(hours=1), end=NOON, activities="")
        began = now()
        new = at_release(APP, "0002_how_long_kept").get_model(APP, "Interval").objects
        assert began - timedelta(seconds=2) <= new.get().received <= now()
    finally:
        at_release(APP, "0002_how_long_kept").get_model(APP, "Interval").objects.all().delete()
