"""Answers that people wait for are made anew before they expire.

The web process is asked over loopback, so what is kept are the bytes that a client gets; see
caching/warming.py for the header that asks for it.
"""

import http.client
from collections.abc import Iterable

from django.conf import settings

from bigpandamon_core.caching.warming import HEADER, asking
from bigpandamon_core.domain.periodic import PeriodicTask, Turn
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.schedule.loopback import connection

PATIENCE_SECONDS = 100.0
ACCEPTED = "text/html,application/xhtml+xml,*/*;q=0.8"
"""What browsers say, so that an address which has a page gives it."""
KEPT = ("hit", "miss")
CHUNK_BYTES = 1 << 16


def run(turn: Turn) -> str:
    wanted = turn.option("schedule.warm_up")
    told = {address: _ask(turn, address) for address in wanted if not turn.is_over()}
    failed = [f"{address} ({words})" for address, words in told.items() if words]
    if failed:
        raise Problem(f"{len(failed)} of {len(told)} addresses gave no answer to keep: {', '.join(failed)}.")
    return f"{len(told)} answers"


def _ask(turn: Turn, address: str) -> str:
    """Why there is no answer, "" if there is one."""
    headers = {
        "Host": host_of(turn.option("web.allowed_hosts")),
        "Accept": ACCEPTED,
        "Accept-Encoding": "gzip",
        HEADER: asking(turn.every_seconds, settings.SECRET_KEY),
    }
    asked = connection(turn.option("web.bind"), PATIENCE_SECONDS)
    try:
        asked.request("GET", turn.option("web.base_path") + address, headers=headers)
        answer = asked.getresponse()
        while answer.read(CHUNK_BYTES):
            pass
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}"
    finally:
        asked.close()
    kept = answer.status == http.HTTPStatus.OK and answer.headers["X-Cache"] in KEPT
    return "" if kept else f"status {answer.status}, {answer.headers['X-Cache'] or 'never'} kept"


def host_of(allowed: Iterable[str]) -> str:
    """A name that the monitor answers under."""
    named = [name.removeprefix(".") for name in allowed if name != "*"]
    return named[0] if named else "localhost"


TASK = PeriodicTask(
    name="warm-up",
    help="Ask for the answers of schedule.warm_up before they expire, so that nobody waits for them.",
    every_seconds=60,
    run=run,
    limit_seconds=300,
)
