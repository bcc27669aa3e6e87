"""`make bench`: how fast the monitor answers at a size like production, every answer compared first.

Prints a table and writes one JSON object a line to build/bench.jsonl. Exit code: 0, 1 where a figure is worse
than its floor in goals.toml, 2 where an answer is wrong.
"""

import json
import os
import platform
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from benchmarks import load, references, serve, truth
from benchmarks.instance import Instance, instance
from benchmarks.judging import Judged, judged
from benchmarks.measures import Measured, kinds, measure
from benchmarks.service import Service, service
from bigpandamon_core import __version__

ROOT = Path(__file__).resolve().parent.parent
HOURS = 12
PARTS = ("pages", "serve")
GROUPED = ("computingsite", "cloud", "jeditaskid", "produsername")
WRONG, BELOW_FLOOR = 2, 1


def main(words: Sequence[str] | None = None) -> int:
    asked = _arguments().parse_args(words)
    began = perf_counter()
    try:
        found = _run(asked)
    except truth.WrongAnswer as wrong:
        print(f"A WRONG ANSWER, so no time counts. {wrong}", file=sys.stderr)
        return WRONG
    lines = judged(found, whole=asked.scale == 1 and asked.panda == "mariadb")
    _write(asked, lines)
    _print(lines)
    _tell(f"{perf_counter() - began:.0f} s in all, {len(lines)} figures in {asked.output}")
    return BELOW_FLOOR if any(line.ok is False for line in lines) else 0


def _arguments() -> ArgumentParser:
    parser = ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 600,000 ended and 120,000 live jobs")
    parser.add_argument("--panda", choices=("mariadb", "sqlite"), default="mariadb")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "bench.jsonl")
    return parser


def _run(asked: Namespace) -> list[Measured]:
    _tell(f"Filling a private {asked.panda} with jobs (scale {asked.scale:g}) …")
    with instance(asked.panda, asked.scale) as made, service(made) as serving:
        expected = truth.Truth(made.connect(), truth.latest(made.connect(), HOURS))
        jobs = truth.compare(serving, expected)
        _tell(f"Answers agree with the database: {jobs:,} jobs in {HOURS} hours. Measuring …")
        found = list(_pages(made, serving, expected)) if "pages" in asked.parts else []
        return [*found, *(serve.measure(made, expected.window) if "serve" in asked.parts else ())]


def _pages(made: Instance, serving: Service, expected: truth.Truth) -> Iterator[Measured]:
    found = [each for kind in kinds(_some_jobs(made), HOURS) for each in measure(serving, kind)]
    yield from (*found, *_paired(serving, expected, found))


def _some_jobs(made: Instance) -> list[int]:
    """Numbers of failed, running and finished jobs, in turn."""
    expected = truth.Truth(made.connect(), truth.Window("", ""))
    statement = "SELECT pandaid FROM {} WHERE jobstatus = '{}' ORDER BY modificationtime DESC LIMIT 5"
    wanted = (("jobsarchived4", "failed"), ("jobsactive4", "running"), ("jobsarchived4", "finished"))
    found = [[row[0] for row in expected.rows(statement.format(*each))] for each in wanted]
    return [number for turn in zip(*found, strict=False) for number in turn]


def _paired(serving: Service, expected: truth.Truth, found: Sequence[Measured]) -> Iterator[Measured]:
    """Other ways to count the same jobs at the same time on the same machine, against our whole page."""
    ours = next(each.value for each in found if each.name == "page.cold.time")
    loop = references.row_loop(expected)
    grouped = references.group_by(expected, GROUPED)
    for name, other in (("row-loop", loop), ("group-by", grouped)):
        yield Measured(f"{name}.time", 1000 * other.seconds, "ms")
        yield Measured(f"page-against-{name}", 1000 * other.seconds / ours, "times")
    yield Measured("jobs-counted", loop.jobs, "")


def _write(asked: Namespace, lines: Sequence[Judged]) -> None:
    about = {
        "version": __version__,
        "scale": asked.scale,
        "panda": asked.panda,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
        "asked by": load.GENERATOR,
    }
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    records = [{"run": about}, *(line.record for line in lines)]
    asked.output.write_text("".join(json.dumps(record) + "\n" for record in records))


def _print(lines: Sequence[Judged]) -> None:
    heading = ("measure", "value", "unit", "upstream", "ratio", "floor", "goal", "")
    rows = [heading, *(_cells(line) for line in lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print(row[0].ljust(len(first)), *rest, sep="  ")
    print(f"upstream: {references.UPSTREAM}, measured elsewhere on like data; {references.__doc__}")


def _cells(line: Judged) -> tuple[str, ...]:
    verdict = {None: "", True: "ok", False: "WORSE THAN ITS FLOOR"}[line.ok]
    short = "" if line.reached is not False else "short of its goal"
    numbers = (line.value, line.unit, line.reference, line.ratio, line.floor, line.goal)
    return (line.measure, *map(_cell, numbers), verdict if line.ok is False else short or verdict)


def _cell(value: float | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
