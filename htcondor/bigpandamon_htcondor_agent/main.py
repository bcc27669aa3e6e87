"""The command `bigpandamon-htcondor-agent`: follows logs, asks the schedd, and sends what it learns."""

import argparse
import fcntl
import logging
import signal
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag

from bigpandamon_htcondor_agent.checking import complaints
from bigpandamon_htcondor_agent.configuration import Configuration, Misconfigured, load
from bigpandamon_htcondor_agent.event_log import Clock, Event, event
from bigpandamon_htcondor_agent.following import Batch, logs, news
from bigpandamon_htcondor_agent.polling import NotPolled, Schedd
from bigpandamon_htcondor_agent.pushing import Pusher, Unreachable
from bigpandamon_htcondor_agent.spool import Spool
from bigpandamon_htcondor_agent.values import Unreadable

LOG = logging.getLogger(__name__)
PLACE = Path("/etc/bigpandamon-htcondor-agent.toml")


class Agent:
    def __init__(self, configuration: Configuration, spool: Spool) -> None:
        self._configuration, self._spool = configuration, spool
        self._schedd = Schedd(configuration, spool.asked, spool.newest)
        self._pusher = Pusher(configuration.monitor)
        self._asked_at = self._push_at = float("-inf")
        self._unread: set[Path] = set()
        self.stop = Flag()

    def run(self) -> None:
        """Until told to stop."""
        while not self.stop.is_set():
            self.round()
            self.stop.wait(self._configuration.interval)

    def round(self) -> bool:
        """One look at everything; whether all that was found is sent."""
        whole = False
        while not whole and not self.stop.is_set():
            whole = self._follow_all()
            self._poll()
            if not self._push():
                return False
        return whole

    def _follow_all(self) -> bool:
        """Whether all logs are read to their ends; not so when too many jobs wait."""
        return all(self._follow(path) for path in logs(self._configuration.logs))

    def _follow(self, path: Path) -> bool:
        try:
            for batch in news(path, self._spool.position(path)):
                if self._spool.full or self.stop.is_set():
                    return False
                self._spool.follow(path, batch.position, self._events(path, batch))
            self._unread.discard(path)
        except OSError as reason:
            if path not in self._unread:
                LOG.warning("%s: %s", path, reason)
            self._unread.add(path)
        return True

    def _events(self, path: Path, batch: Batch) -> Iterator[Event]:
        clock = Clock(batch.written, self._configuration.zone)
        for block in batch.blocks:
            found = event(block, clock)
            if isinstance(found, Unreadable):
                LOG.warning("%s, byte %d: %s", path, block.begin, found)
            else:
                yield found

    def _poll(self) -> None:
        interval = self._configuration.poll.interval
        if not interval or time.monotonic() < self._asked_at + interval or self._spool.full:
            return
        self._asked_at = time.monotonic()
        try:
            self._spool.absorb(self._schedd.ads(), lambda: (self._schedd.asked, self._schedd.newest))
        except NotPolled as reason:
            LOG.warning("%s", reason)

    def _push(self) -> bool:
        if time.monotonic() < self._push_at:
            return False
        try:
            sent = self._pusher.push(self._spool)
        except Unreachable as reason:
            self._push_at = time.monotonic() + self._pusher.pause
            LOG.warning("%d jobs wait; again in %.0f s: %s", self._spool.waiting, self._pusher.pause, reason)
            return False
        if sent:
            LOG.info("%d jobs sent", sent)
            self._spool.forget()
        return True


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keeps a second agent out of the folder; BlockingIOError when there is one."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def main(arguments: Iterable[str] | None = None) -> int:
    """0: done; 1: something stands in the way; 2: the configuration is wrong."""
    asked = _arguments(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stderr)
    try:
        configuration = load(asked.config)
    except Misconfigured as reason:
        LOG.error("%s", reason)
        return 2
    if asked.command == "check":
        found = list(complaints(configuration))
        for complaint in found:
            LOG.error("%s", complaint)
        return int(bool(found))
    try:
        return _work(configuration, once=asked.once)
    except BlockingIOError:
        LOG.error("%s: another agent is at work here.", configuration.state)
    except (OSError, sqlite3.Error) as reason:
        LOG.error("%s: %s", configuration.state, reason)
    return 1


def _arguments(arguments: Iterable[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bigpandamon-htcondor-agent", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("run", "check"), default="run")
    parser.add_argument("--config", type=Path, default=PLACE, help=f"TOML file ({PLACE})")
    parser.add_argument("--once", action="store_true", help="read what is there, send it, end")
    return parser.parse_args(None if arguments is None else list(arguments))


def _work(configuration: Configuration, *, once: bool) -> int:
    folder = Path(configuration.state)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(folder):
        agent = Agent(configuration, Spool(folder / "spool.sqlite", configuration.schedd, configuration.most))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: agent.stop.set())
        if once:
            return int(not agent.round())
        agent.run()
    return 0
