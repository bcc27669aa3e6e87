"""The processes of a demonstration: started, listened to, and all ended when one of them ends."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from time import monotonic

from bigpandamon_core.domain.problems import Problem

PROGRAM = (sys.executable, "-m", "bigpandamon_core.management.main")
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 15.0
"""How long a process may take to end when asked."""


class Children:
    """Processes by name; each runs one command of ours, in a session of its own: Ctrl-C reaches us alone."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._running: dict[str, subprocess.Popen[str]] = {}
        self.asked_to_end = threading.Event()

    def finish(self, *words: str) -> int:
        """Run a command to its end; its exit code."""
        self._running[words[0]] = child = self._start(words)
        code = child.wait()
        del self._running[words[0]]
        return code

    def keep(self, name: str, *words: str, until: str = "") -> None:
        """Start a command that stays. until: wait for a line of its output that begins so.

        Raises Problem if it ends before.
        """
        self._running[name] = child = self._start(words, listened=bool(until))
        if until and not _says(child, until):
            self.end()
            if not self.asked_to_end.is_set():
                raise Problem(f"The {name} ended with exit code {child.wait()}; what it said stands above.")

    def _start(self, words: Iterable[str], listened: bool = False) -> subprocess.Popen[str]:
        output = subprocess.PIPE if listened else None
        return subprocess.Popen(
            [*PROGRAM, *words], env=self._environment, stdout=output, text=True, start_new_session=True
        )

    def ended(self) -> str:
        """The name of a process that has ended, "" while all run."""
        return next((name for name, child in self._running.items() if child.poll() is not None), "")

    def is_over(self) -> bool:
        """Whether we were asked to end, or one of the processes has ended."""
        return self.asked_to_end.is_set() or bool(self.ended())

    def wait(self) -> None:
        """Wait until it is over."""
        while not self.ended() and not self.asked_to_end.wait(LOOK_SECONDS):
            pass

    def ask_to_end(self, *_signal: object) -> None:
        """Also as a handler of signals: whoever waits for a process goes on, for it ends."""
        self.asked_to_end.set()
        self._interrupt()

    def _interrupt(self) -> None:
        for child in reversed(self._running.values()):
            if child.poll() is None:
                child.send_signal(signal.SIGINT)

    def end(self) -> None:
        """End all processes, the last started first; those that do not end in time are killed.

        SIGINT: to gunicorn SIGTERM means to wait for its clients.
        """
        if not self.asked_to_end.is_set():
            self._interrupt()
        ends = monotonic() + PATIENCE_SECONDS
        for child in self._running.values():
            try:
                child.wait(max(0.1, ends - monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _says(child: "subprocess.Popen[str]", expected: str) -> bool:
    """Pass the output on until the expected line came; then go on passing it on aside."""
    for line in child.stdout or ():
        print(line, end="", flush=True)
        if line.startswith(expected):
            threading.Thread(target=_pass_on, args=(child,), daemon=True).start()
            return True
    return False


def _pass_on(child: "subprocess.Popen[str]") -> None:
    for line in child.stdout or ():
        print(line, end="", flush=True)
