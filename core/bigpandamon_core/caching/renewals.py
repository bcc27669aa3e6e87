"""Answers made anew in the background, while those who ask get the older one."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock

from bigpandamon_core.caching.store import Event, Notice, unnoticed
from bigpandamon_core.domain.problems import Problem

Job = Callable[[], bool]
"""Whether it has made the answer: another process may have been faster."""
logger = logging.getLogger(__name__)


class Renewals:
    """Those under way in this process, each in a thread of its own. most: how many at a time."""

    def __init__(self, most: int, notice: Notice = unnoticed):
        self._most = most
        self._notice = notice
        self._under_way: set[str] = set()
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(most, "renewal")

    def start(self, key: str, job: Job) -> None:
        """Do it in the background, unless the same is under way or too much else is: then the next who asks
        tries again."""
        with self._lock:
            if key in self._under_way:
                return
            if len(self._under_way) >= self._most:
                self._notice(Event.POSTPONED)
                return
            self._under_way.add(key)
        try:
            self._threads.submit(copy_context().run, self._run, key, job)
        except RuntimeError:  # the process is about to end
            self._end(key)

    def _run(self, key: str, job: Job) -> None:
        try:
            if job():
                self._notice(Event.RENEWED)
        except Problem as problem:
            self._notice(Event.NOT_RENEWED)
            logger.warning("an answer could not be made anew: %s", problem)
        except Exception:  # pylint: disable=broad-exception-caught  # nobody waits who could be told
            self._notice(Event.NOT_RENEWED)
            logger.exception("an answer could not be made anew")
        finally:
            self._end(key)

    def _end(self, key: str) -> None:
        with self._lock:
            self._under_way.discard(key)
