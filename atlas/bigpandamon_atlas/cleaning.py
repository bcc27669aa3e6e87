"""What is handed in night after night is let go when it is old."""

from datetime import timedelta
from typing import Any

from django.db import models

from bigpandamon_atlas.models import ArtTest, Interval
from bigpandamon_core.plugin import Option, PeriodicTask, Turn, now

TESTS_AT_ONCE, WINDOWS_AT_ONCE, HOUR = 1000, 10, 3600
KEEP_DAYS = Option(
    "keep_days",
    int,
    400,
    "How long ART tests are kept after their last result, and transfers after their window; 0: for ever.",
    "days",
)


def clean(turn: Turn) -> str:
    days = int(turn.option("atlas.keep_days"))
    if not days:
        return "all are kept"
    before = now() - timedelta(days=days)
    tests = _let_go(turn, ArtTest.objects.filter(changed__lt=before), TESTS_AT_ONCE)
    windows = _let_go(turn, Interval.objects.filter(end__lt=before), WINDOWS_AT_ONCE)
    return f"{tests:,} ART tests and {windows:,} windows of transfers let go"


def _let_go(turn: Turn, old: "models.QuerySet[Any]", at_once: int) -> int:
    """Some at a time, each with all that belongs to it; what has changed meanwhile is old no more."""
    gone = 0
    while not turn.is_over() and (found := list(old.order_by("pk").values_list("pk", flat=True)[:at_once])):
        with turn.fenced():
            _, by_kind = old.filter(pk__in=found).delete()
        gone += by_kind.get(old.model._meta.label, 0)
    return gone


CLEANING = PeriodicTask(
    "atlas-clean-up", "Let go of ART tests and transfers that are older than they are kept.", HOUR, clean
)
