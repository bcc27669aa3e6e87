"""Who does what is done every so often, and what failed: looked at where it is expected to be done."""

from collections.abc import Iterator

from django.db import DatabaseError

from bigpandamon_core.config import Configuration
from bigpandamon_core.management.inspection import Finding, trouble
from bigpandamon_core.management.inspection.own import is_absent
from bigpandamon_core.queries.own.periodic import scheduler, states

SUBJECT = "schedule"


def findings(configuration: Configuration) -> Iterator[Finding]:
    if not configuration.get("schedule.expected") or is_absent(configuration.get("database.url")):
        return
    try:
        lease, failing = scheduler(), [state for state in states().values() if state.failures]
    except DatabaseError:
        yield trouble(SUBJECT, "the own database does not tell who schedules")
        return
    if lease:
        yield Finding(SUBJECT, f"{lease.holder} schedules")
    else:
        yield trouble(SUBJECT, "nobody schedules", "start `bigpandamon schedule`")
    for state in failing:
        text = f"{state.task} failed, {state.failures} in a row: {state.failure_words}"
        yield trouble(SUBJECT, text)
