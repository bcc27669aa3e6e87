"""The history of queue configurations: what PanDA overwrites is noted, as far as it changed.

A queue whose document cannot be read is left as it was recorded last: neither changed nor gone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bigpandamon_core.domain.documents import Document, difference, digest_of
from bigpandamon_core.domain.periodic import PeriodicTask, Turn
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import now
from bigpandamon_core.queries.queues import ALL, definitions
from bigpandamon_core.sources.reading import if_present
from bigpandamon_core.state.queues import (
    APPEARED,
    CHANGED,
    LONGEST_STATUS,
    VANISHED,
    QueueChange,
    QueueConfiguration,
)

BATCH = 100
NOTHING: Document = {}


@dataclass(frozen=True)
class Step:
    """A queue from one recording to the next; NOTHING before it appeared and after it vanished."""

    queue: str
    old: Document
    new: Document

    @property
    def kind(self) -> str:
        if not self.old:
            return APPEARED
        return CHANGED if self.new else VANISHED

    @property
    def digest(self) -> str:
        return digest_of(self.new) if self.new else ""

    @property
    def status(self) -> str:
        """As PanDA has it, if it is one: a short word."""
        status = self.new.get("status")
        return status[:LONGEST_STATUS] if isinstance(status, str) and status.isprintable() else ""


def run(turn: Turn) -> str:
    found = if_present(definitions, lambda: None)
    if found is None:
        return "this PanDA database has no table of queues"
    seen_at = now()
    with turn.fenced():
        known = {row.queue: row for row in QueueConfiguration.objects.all()}
        _refuse_half_a_table(len(found), len(known))
        made = list(steps({name: row.document for name, row in known.items()}, found))
        _keep(made, seen_at)
        _note_present(made, known)
    return f"{len(found)} queues, {len(made)} changes"


def _refuse_half_a_table(found: int, known: int) -> None:
    """What is not there is recorded as gone, so all must have been read."""
    if known and not found:
        raise Problem("The table of queues is empty, so nothing was recorded.")
    if found >= ALL.cap:
        raise Problem(f"There are more than {ALL.cap} queues, so nothing was recorded.")


def steps(known: Mapping[str, Document], found: Mapping[str, Document]) -> Iterator[Step]:
    """What happened between two recordings, by queue."""
    for queue in sorted({*known, *found}):
        step = Step(queue, known.get(queue, NOTHING), found.get(queue, NOTHING))
        unreadable = queue in found and not step.new
        if not unreadable and digest_of(step.old) != digest_of(step.new):
            yield step


def _keep(made: Iterable[Step], seen_at: datetime) -> None:
    rows = [
        QueueChange(
            queue=step.queue,
            seen_at=seen_at,
            kind=step.kind,
            status=step.status,
            digest=step.digest,
            changes=difference(step.old, step.new),
        )
        for step in made
    ]
    QueueChange.objects.bulk_create(rows, BATCH)


def _note_present(made: Iterable[Step], known: Mapping[str, QueueConfiguration]) -> None:
    """For the next recording to compare with."""
    by_kind: dict[str, list[QueueConfiguration]] = {APPEARED: [], CHANGED: [], VANISHED: []}
    for step in made:
        row = known.get(step.queue) or QueueConfiguration(queue=step.queue)
        row.digest, row.document = step.digest, dict(step.new)
        by_kind[step.kind].append(row)
    QueueConfiguration.objects.bulk_create(by_kind[APPEARED], BATCH)
    QueueConfiguration.objects.bulk_update(by_kind[CHANGED], ["digest", "document"], BATCH)
    QueueConfiguration.objects.filter(pk__in=[row.pk for row in by_kind[VANISHED]]).delete()


TASK = PeriodicTask(
    name="queue-recorder",
    help="Note what changed in the status and configuration of every queue: PanDA keeps no history of it.",
    every_seconds=300,
    run=run,
    limit_seconds=240,
)
