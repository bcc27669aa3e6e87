"""One host's facets kept up with what the follower tells."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.db import Error, connections

from bigpandamon_core.facets.batch import Batch, Unreadable, encode
from bigpandamon_core.facets.columns import WrongVersion
from bigpandamon_core.facets.store.files import Damaged
from bigpandamon_core.facets.store.manifest import Manifest
from bigpandamon_core.facets.store.publishing import Gap, Publisher
from bigpandamon_core.queries.own import batches
from bigpandamon_core.sources.failures import failure
from bigpandamon_core.state.follow import FacetBatch, FollowStatus
from bigpandamon_core.state.leases import ALIAS

SECONDS = 2.0
"""How often it looks for new batches."""
LONGEST_PAUSE_SECONDS = 30.0
DAY = timedelta(days=1)
NOTHING = encode([])
UNUSABLE = (Damaged, WrongVersion, Gap, Unreadable)
logger = logging.getLogger("bigpandamon.facets")


class Replayer:
    """Publishes in a folder of this host. keep_days: how many days before the present one are kept.

    Raises:
        Busy: from the constructor, another process publishes there.
    """

    def __init__(self, folder: Path, keep_days: int):
        self._publisher = Publisher(folder, keep_days)
        self._is_usable = True
        self._failures = 0

    def live(self, wait: Callable[[float], bool]) -> None:
        """Until told to end. wait: for so many seconds; whether to end."""
        pause = 0.0
        with self._publisher:
            while not wait(pause):
                pause = self.step()

    def discard(self) -> None:
        """Begin anew."""
        self._publisher.discard()

    def step(self) -> float:
        """Replay what there is; seconds to wait before the next time."""
        try:
            was_something = self._replay()
        except UNUSABLE as problem:
            logger.warning("facets are rebuilt: %s", problem)
            self._is_usable = False
        except OSError as error:
            logger.error("facets cannot be written: %s", error)
        except Error as error:
            logger.warning("%s", failure(ALIAS, error))
            connections[ALIAS].close()  # one that is lost would be asked for ever
        else:
            self._failures = 0
            return 0.0 if was_something else SECONDS
        self._failures += 1
        return min(2.0**self._failures, LONGEST_PAUSE_SECONDS)

    def _replay(self) -> bool:
        """Whether there was something."""
        if not self._is_usable:
            self._publisher.discard()
            self._is_usable = True
        status = batches.status()
        if status is None or status.complete_since is None:
            return False
        number = self._begun(status)
        if number is None:
            return False
        found = batches.after(number)
        if found:
            self._publisher.publish(_read(found), found[-1].complete_since)
        return bool(found)

    def _begun(self, status: FollowStatus) -> int | None:
        """The last batch that is published, or the one before everything is told; None where that is lost."""
        current = self._publisher.current()
        was_ahead = current is not None and _is_ahead(current.manifest, status)
        if current and not was_ahead and status.told_from <= current.manifest.batch <= status.last_batch:
            return current.manifest.batch
        if current:
            self._publisher.discard()
        earliest = batches.earliest()
        if was_ahead or earliest is None or earliest > status.told_from:
            batches.want_refill(status.as_of)
            return None
        return status.told_from - 1


def _is_ahead(manifest: Manifest, status: FollowStatus) -> bool:
    """Whether a clock has been set back by days: days to come have taken the place of others."""
    return status.as_of is not None and manifest.live_day > (status.as_of + DAY).date()


def _read(found: list[FacetBatch]) -> list[Batch]:
    """As the store takes them: what belongs to one read is of the moment of its end."""
    as_of = found[-1].as_of
    if as_of is None:
        raise Unreadable(f"batch {found[-1].id} is of no moment")
    return [Batch(each.id, each.as_of or as_of, bytes(each.payload) or NOTHING) for each in found]
