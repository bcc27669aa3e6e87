"""What ATLAS hands in goes when it is old, by when it came: windows may be of years ago."""

from datetime import timedelta

from django.db import transaction

from bigpandamon_atlas.models import ArtTest, Flow, Interval
from bigpandamon_atlas.plugin import Atlas
from bigpandamon_core.plugin import Turn
from bigpandamon_core.schedule import clean_up
from tests.plugins.conftest import NOON

AGES = (500, 401, 399)


def test_old_ones_go_with_their_parts(own, noon):
    for days in AGES:
        came = NOON - timedelta(days=days)
        known = {"branch": "main", "nightly": str(days), "package": "P", "test": "t"}
        ArtTest.objects.create(**known, registered=came, changed=came)
        window = {"begin": NOON - timedelta(days=9000 + days), "end": NOON - timedelta(days=9000)}
        interval = Interval.objects.create(**window, received=came, activities="")
        Flow.objects.create(interval=interval, kind="transfer", files=days, size=1, failed=0)
    turn = Turn({"schedule.keep_days": {}}.__getitem__, 3600, transaction.atomic, lambda: False)
    assert clean_up.run(Atlas.retentions, turn) == "2 of atlas-art-tests, 2 of atlas-transfers removed"
    assert [*ArtTest.objects.values_list("nightly", flat=True)] == ["399"]
    assert [*Flow.objects.values_list("files", "interval__received")] == [(399, NOON - timedelta(days=399))]
    assert Interval.objects.count() == 1
