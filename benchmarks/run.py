"""`make bench`: how fast the monitor answers at a size like production, every answer compared first.

Prints a table, writes one JSON object a line to build/bench.jsonl and notes what was missed in
build/bench-missed.json. Exit code: 0, 1 where a goal was missed in two runs one after the other or was not
measured by a whole run, 2 where an answer is wrong.
"""

import os
import platform
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import (
    facets,
    load,
    nouns,
    pages,
    pull,
    push,
    report,
    serve,
    sizes,
    stream,
    streams,
    summary,
    truth,
    written,
)
from benchmarks.instance import Instance, instance, sized
from benchmarks.judging import SIZES, Judged, judged, unmeasured
from benchmarks.measures import Measured
from benchmarks.service import Service, service
from bigpandamon_core import __version__

BUILD = Path(__file__).resolve().parent.parent / "build"
HOURS = 12
WRONG, MISSED = 2, 1
TENTH = 0.1
ALONE = frozenset({"counting", "stream", "push", "pull"})
"""Parts that make their own worlds."""


class Run:
    """What the parts of one run share: an instance that is made when the first of them wants it."""

    def __init__(self, scale: float, parts: Sequence[str], stack: ExitStack):
        self.scale = scale
        self.wants_instance = not ALONE.issuperset(parts)
        self._stack = stack

    @cached_property
    def instance(self) -> Instance:
        size = sized(self.scale)
        _tell(f"Filling a private MariaDB with {size.ended:,} ended and {size.alive:,} live jobs …")
        return self._stack.enter_context(instance(size))

    @cached_property
    def service(self) -> Service:
        return self._stack.enter_context(service(self.instance))

    @cached_property
    def truth(self) -> truth.Truth:
        """Known once the answers agree with it."""
        connection = self.instance.connect()
        found = truth.Truth(connection, truth.latest(connection, HOURS))
        jobs = truth.compare(self.service, found)
        _tell(f"Answers agree with the database: {jobs:,} jobs in {HOURS} hours.")
        return found


def _pull(run: Run) -> Iterator[Measured]:
    """Nothing of it is timed: it goes on while the instance is filled that others want."""
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(lambda: list(pull.measure(run.scale)))
        if run.wants_instance:
            run.instance.forget()
        yield from found.result()


PARTS: Mapping[str, Callable[[Run], Iterator[Measured]]] = {
    "counting": lambda run: facets.measure(run.scale),
    "stream": lambda run: stream.measure(run.scale),
    "push": lambda run: push.measure(run.scale),
    "pull": _pull,
    "summary": lambda run: summary.measure(run.instance, run.truth),
    "sizes": lambda run: sizes.measure(run.instance, run.service),
    "serve": lambda run: serve.measure(run.instance, run.truth.window, pages=run.scale == 1),
    "pages": lambda run: pages.measure(run.instance, run.service, HOURS),
    "nouns": lambda run: nouns.measure(run.instance, run.service, HOURS),
    "streams": lambda run: streams.measure(run.service, HOURS),
    "burst": lambda run: written.burst(run.instance, run.scale),
    "catch-up": lambda run: written.catch_up(run.instance, run.scale),
}
"""In the order in which they are measured: the last ones change the jobs that those before count."""


def main(words: Sequence[str] | None = None) -> int:
    asked = _arguments().parse_args(words)
    if asked.markdown:
        print("\n".join(report.markdown(*report.read(asked.output))))
        return 0
    found: list[Measured] = []
    try:
        _measure(asked, found)
    except truth.WrongAnswer as wrong:
        print(f"A WRONG ANSWER, so no time counts. {wrong}", file=sys.stderr)
        return WRONG
    finally:  # whatever ended it, what was measured before is kept
        lines = _kept(asked, found)
    return MISSED if _missing(asked, found) or any(line.failed for line in lines) else 0


def _kept(asked: Namespace, found: Sequence[Measured]) -> list[Judged]:
    """Figures judged, written and printed."""
    lines = judged(found, SIZES.get(asked.scale, ""), asked.output.with_name("bench-missed.json"))
    records = [line.record for line in lines]
    report.write(asked.output, _about(asked), records)
    _tell("\n".join(report.table(records)))
    _tell(f"{len(lines)} figures in {asked.output}")
    return lines


def _missing(asked: Namespace, found: Sequence[Measured]) -> list[str]:
    """Goals that a whole run says nothing about, for a program is absent or a reference too slow."""
    missing = unmeasured(found, SIZES.get(asked.scale, "")) if {*asked.parts} == {*PARTS} else []
    if missing:
        _tell(f"NOT MEASURED: {', '.join(missing)}")
    return missing


def _arguments() -> ArgumentParser:
    parser = ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument(
        "--scale",
        type=float,
        default=TENTH,
        help="1: two million ended and 250,000 live jobs; 0.3: what the upstream monitor was measured on",
    )
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=tuple(PARTS))
    parser.add_argument("--output", type=Path, default=BUILD / "bench.jsonl")
    parser.add_argument(
        "--markdown", action="store_true", help="measure nothing: the last run as a table for the docs"
    )
    return parser


def _measure(asked: Namespace, found: list[Measured]) -> None:
    """Figures of all parts, told as they come."""
    whole = perf_counter()
    with ExitStack() as stack:
        run = Run(asked.scale, asked.parts, stack)
        for name in (name for name in PARTS if name in asked.parts):
            began = perf_counter()
            for each in PARTS[name](run):
                _tell(f"  {each.name} {each.value:,.4g} {each.unit}")
                found.append(each)
            _tell(f"{name}: {perf_counter() - began:.0f} s")
    _tell(f"{perf_counter() - whole:.0f} s in all")


def _about(asked: Namespace) -> dict[str, Any]:
    size = sized(asked.scale)
    return {
        "version": __version__,
        "scale": asked.scale,
        "ended": size.ended,
        "alive": size.alive,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "asked by": load.GENERATOR,
    }


def _tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
