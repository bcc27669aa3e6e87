"""ART tests and transfers that are old go with all that belongs to them, and nothing else."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from bigpandamon_atlas import cleaning
from bigpandamon_atlas.models import ArtTest, Flow, Interval
from bigpandamon_core.plugin import Turn
from tests.plugins.conftest import NOON

OLD, YOUNG = NOON - timedelta(days=11), NOON - timedelta(days=9)
HOUR = timedelta(hours=1)


@pytest.fixture
def kept(own, noon, monkeypatch):
    monkeypatch.setattr(cleaning, "TESTS_AT_ONCE", 2)
    monkeypatch.setattr(cleaning, "WINDOWS_AT_ONCE", 2)
    for name, moment in (("old", OLD), ("young", YOUNG)):
        for number in range(5):
            known = {"branch": "main", "nightly": name, "package": "P", "test": str(number)}
            ArtTest.objects.create(**known, registered=moment, changed=moment)
            window = Interval.objects.create(begin=moment - number * HOUR, end=moment, activities="")
            for kind in ("transfer", "staging"):
                Flow.objects.create(interval=window, kind=kind, files=1, size=1, failed=0)


def cleaned(days: int, over: bool = False, fence=transaction.atomic) -> str:
    return cleaning.clean(Turn(lambda _: days, 3600, fence, lambda: over))


def counts() -> list[int]:
    return [model.objects.count() for model in (ArtTest, Interval, Flow)]


def test_old_ones_go(kept):
    assert cleaned(10) == "5 ART tests and 5 windows of transfers let go"
    assert counts() == [5, 5, 10]
    assert {*ArtTest.objects.values_list("nightly", flat=True)} == {"young"}
    assert {*Interval.objects.values_list("end", flat=True)} == {YOUNG}
    assert cleaned(10) == "0 ART tests and 0 windows of transfers let go"


def test_a_result_that_comes_meanwhile_stays(kept):
    """Between looking for old ones and letting go of them one is told of again."""

    @contextmanager
    def late():
        ArtTest.objects.filter(nightly="old", test="0").update(changed=NOON)
        with transaction.atomic():
            yield

    assert cleaned(10, fence=late).startswith("4 ART tests")
    assert ArtTest.objects.get(nightly="old").test == "0"


def test_all_stay_for_ever_or_while_the_process_ends(kept):
    cleaned(0)
    cleaned(10, over=True)
    assert counts() == [10, 10, 20]
