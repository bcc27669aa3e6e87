"""`bigpandamon demo simulate`: a PanDA that is alive, in a database that `demo schema` made."""

import json
import signal
import threading
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import iso, now, parse_moment
from bigpandamon_core.management import start
from bigpandamon_core.management.amounts import above_zero, from_zero, whole

if TYPE_CHECKING:
    from bigpandamon_core.demo.simulation.profile import Profile
    from bigpandamon_core.demo.simulation.simulation import Simulation

NAME = "simulate"
HELP = "write a PanDA that is alive into a database that `demo schema` made"
SEED, JOBS_PER_DAY, HISTORY_HOURS, STEP_SECONDS = 1, 20_000.0, 24.0, 2.0
ALIVE = "The world is alive."
"""What the first line after the history begins with."""
BENCH_HOURS = 34.5
"""Of 600,000 jobs that ended in so many hours, 209,000 did so in the last 12."""


def world_arguments(parser: ArgumentParser) -> None:
    """What `demo run` passes on."""
    parser.add_argument("--profile", default="default", help="name of a profile, or path of its TOML file")
    parser.add_argument("--seed", type=int, default=SEED, help="the same seed makes the same world")
    parser.add_argument("--jobs-per-day", type=above_zero, default=JOBS_PER_DAY, metavar="N")
    parser.add_argument(
        "--hours", type=from_zero, default=HISTORY_HOURS, help="of history that a new world has"
    )
    parser.add_argument(
        "--speed", type=above_zero, default=1.0, help="simulated seconds that pass in a second"
    )


def words(parsed: Namespace) -> list[str]:
    """world_arguments as they were given."""
    given = {
        "--profile": parsed.profile,
        "--seed": parsed.seed,
        "--jobs-per-day": parsed.jobs_per_day,
        "--hours": parsed.hours,
        "--speed": parsed.speed,
    }
    return [word for name, value in given.items() for word in (name, str(value))]


def arguments(parser: ArgumentParser) -> None:
    world_arguments(parser)
    parser.add_argument("--history-only", action="store_true", help="end when the history is written")
    parser.add_argument(
        "--until", type=_moment, metavar="TIME", help="end the history there (UTC) instead of now, and end"
    )
    parser.add_argument("--step", type=above_zero, default=STEP_SECONDS, help="seconds between two writes")
    parser.add_argument(
        "--truth", type=Path, metavar="FILE", help="tell there how many jobs chains have, and end"
    )
    parser.add_argument("--for", type=from_zero, dest="seconds", metavar="SECONDS", help="end after so long")
    _bulk_arguments(parser.add_argument_group("bulk", "many jobs at once instead of a world that lives"))


def _bulk_arguments(group: Any) -> None:
    group.add_argument("--days", type=above_zero, metavar="N", help="so many days of --jobs-per-day")
    group.add_argument(
        "--archived", type=whole(1), metavar="N", help=f"jobs that ended, in {BENCH_HOURS} hours"
    )
    group.add_argument(
        "--live", type=whole(0), metavar="N", help="jobs that have not ended; default: an eighth"
    )
    group.add_argument("--no-indexes", action="store_true", help="leave the indexes out")


def run(parsed: Namespace) -> int:
    start.django()
    profile = _profile(parsed.profile)
    if parsed.days or parsed.archived:
        return _fill(parsed, profile)
    ends = parsed.until or now()
    simulation = _opened(parsed, profile, ends)
    _tell_history(simulation, ends)
    if parsed.truth:
        _tell_truth(simulation, parsed.truth)
    elif not parsed.history_only and parsed.until is None:
        simulation.hasten(parsed.speed)
        _live(simulation, parsed.step, parsed.seconds)
    return 0


def _profile(name: str) -> "Profile":
    # Imported here, as below: models can only be imported once Django is set up.
    from bigpandamon_core.demo.simulation.profile import (  # pylint: disable=import-outside-toplevel
        ProfileMistakes,
        load,
    )

    try:
        return load(name)
    except ProfileMistakes as mistakes:
        raise Problem("The profile has mistakes.", "\n  ".join(mistakes.mistakes)) from mistakes


def _fill(parsed: Namespace, profile: "Profile") -> int:
    # pylint: disable=import-outside-toplevel
    from bigpandamon_core.demo import connection
    from bigpandamon_core.demo.bulk import filling

    ended = parsed.archived or int(parsed.jobs_per_day * parsed.days)
    hours = BENCH_HOURS if parsed.archived else parsed.days * 24
    alive = ended * 3 / hours if parsed.live is None else parsed.live
    size = filling.Size(ended, int(alive), timedelta(hours=hours))
    want = filling.Wanted(size, parsed.seed, now(), indexes=not parsed.no_indexes)
    tally = filling.fill(connection.writing(), profile, want, lambda text: print(text, flush=True))
    print(f"{tally.jobs:,} jobs, {tally.rows:,} rows, {tally.per_second:,.0f} jobs/s with everything.")
    return 0


def _moment(text: str) -> datetime:
    moment = parse_moment(text)
    if moment is None or moment > now():
        raise ArgumentTypeError(f"expected a time that has passed, such as {iso(now())} (UTC)")
    return moment


def _opened(parsed: Namespace, profile: "Profile", ends: datetime) -> "Simulation":
    """The world that the database holds, or a new one that began some hours before `ends`."""
    # pylint: disable=import-outside-toplevel
    from bigpandamon_core.demo import connection, schema
    from bigpandamon_core.demo.simulation import position, simulation

    writing = connection.writing()
    schema.require_ours(writing)
    place = position.found(writing)
    if place is not None:
        print(f"A world that began {place.start} goes on from {place.reached or place.start}.", flush=True)
        return simulation.resume(writing, profile, place)
    begin = ends - timedelta(hours=parsed.hours)
    return simulation.begin(writing, profile, parsed.seed, begin, parsed.jobs_per_day)


def _tell_history(simulation: "Simulation", upto: datetime) -> None:
    began = monotonic()
    written = simulation.until(upto, lambda at, rows: print(f"  up to {iso(at)}: {rows:,} rows", flush=True))
    print(f"History written: {written:,} rows in {monotonic() - began:.1f} s.", flush=True)


def _tell_truth(simulation: "Simulation", file: Path) -> None:
    """What the world knows of the jobs of its chains, as JSON."""
    # pylint: disable-next=import-outside-toplevel
    from bigpandamon_core.demo.simulation import chains

    jobs = list(chains.told(simulation.world))
    told = {"moment": iso(simulation.world.moment), "jobs": jobs}
    try:
        file.write_text(json.dumps(told), encoding="utf-8")
    except OSError as error:
        raise Problem(f"The truth cannot be written: {error.strerror}.", str(file)) from error
    print(f"Truth written: {sum(one['jobs'] for one in jobs):,} jobs.", flush=True)


def _live(simulation: "Simulation", step: float, seconds: float | None) -> None:
    """Step until the time is over, or until a signal asks to end; a step begun is finished."""
    asked = threading.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: asked.set())
    ends = None if seconds is None else monotonic() + seconds
    print(f"{ALIVE} Ctrl-C ends it; the next start goes on from there.", flush=True)
    while not asked.wait(step) and (ends is None or monotonic() < ends):
        simulation.until(now())
